# What ./run and ./test share: finding the tools they need, and installing what is missing.
# Sourced, never executed. Every function either succeeds or ends the program with the exact thing to install.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
RUST_MIN=1.95
NODE_MIN=20.19
CACHE="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tianmu"

if [ "${CI:-}" = true ] && [ -z "${CARGO_TARGET_DIR:-}" ]; then
  # Repeated runs on one machine reuse what they compiled.
  export CARGO_TARGET_DIR="$CACHE/target"
fi
TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"
case "$TARGET" in /*) ;; *) TARGET="$ROOT/$TARGET" ;; esac

say() { printf '%s\n' "$*" >&2; }
die() { printf "%s\n" "$@" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# at_least HAVE WANT: true when version HAVE is WANT or newer.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Runs a command as root, or fails without asking for a password.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo && sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 1
  fi
}

may_install() {
  have apt-get && { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }
}

# apt_install PACKAGE...: installs, or says what to install and stops.
apt_install() {
  if ! may_install; then
    say "missing: $*"
    say "install it and start again:"
    die "    sudo apt-get update && sudo apt-get install --yes --no-install-recommends $*"
  fi
  say "installing: $*"
  if [ -z "${APT_UPDATED:-}" ]; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || say "apt-get update failed; trying with the lists that are there"
    APT_UPDATED=1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq --no-install-recommends "$@" >&2 ||
    die "apt-get could not install: $*" "install it by hand and start again"
}

font_missing() {
  local folder
  for folder in ${TIANMU_FONT_DIR:+"$TIANMU_FONT_DIR"} /usr/share/fonts /usr/local/share/fonts; do
    [ -d "$folder" ] && [ -n "$(find -L "$folder" -name "$1" -print -quit 2>/dev/null)" ] && return 1
  done
  return 0
}

# System packages that building needs.
ensure_system() {
  local missing=()
  have cc || missing+=(gcc libc6-dev)
  have pkg-config || missing+=(pkg-config)
  have curl || missing+=(curl)
  [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] || missing+=(ca-certificates)
  font_missing NotoSansCJK-Regular.ttc && missing+=(fonts-noto-cjk)
  font_missing DejaVuSans.ttf && missing+=(fonts-dejavu-core)
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

rust_version() { cargo --version 2>/dev/null | awk '{print $2}'; }

ensure_rust() {
  if ! have cargo && [ -e "${HOME:-/root}/.cargo/env" ]; then . "${HOME:-/root}/.cargo/env"; fi
  local found; found=$(rust_version || true)
  if [ -n "$found" ] && at_least "$found" "$RUST_MIN"; then return; fi
  if ! have rustup && may_install && apt-cache show rustup >/dev/null 2>&1; then
    apt_install rustup
  fi
  if have rustup; then
    say "installing the Rust toolchain (found: ${found:-none}, needed: $RUST_MIN)"
    rustup toolchain install stable --profile minimal --component clippy --component rustfmt >&2 && rustup default stable >&2 || true
  elif have curl; then
    say "installing rustup and the Rust toolchain into ${CARGO_HOME:-${HOME:-/root}/.cargo}"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs -o "${TMPDIR:-/tmp}/rustup-init.$$" &&
      sh "${TMPDIR:-/tmp}/rustup-init.$$" -y --profile minimal --component clippy --component rustfmt >&2 || true
    rm -f "${TMPDIR:-/tmp}/rustup-init.$$"
  fi
  [ -e "${CARGO_HOME:-${HOME:-/root}/.cargo}/env" ] && . "${CARGO_HOME:-${HOME:-/root}/.cargo}/env"
  hash -r
  found=$(rust_version || true)
  if [ -z "$found" ] || ! at_least "$found" "$RUST_MIN"; then
    die "Rust $RUST_MIN or newer is needed (found: ${found:-none}) and could not be installed here." \
      "Install it from https://rustup.rs and start again:" \
      "    rustup toolchain install stable --component clippy --component rustfmt && rustup default stable"
  fi
}

node_version() { node --version 2>/dev/null | tr -d v; }
node_serves() { local v; v=$(node_version || true); [ -n "$v" ] && at_least "$v" "$NODE_MIN" && have npm; }

ensure_node() {
  node_serves && return
  if [ -d "$CACHE/node/bin" ]; then PATH="$CACHE/node/bin:$PATH"; hash -r; node_serves && return; fi
  if may_install; then
    local candidate
    candidate=$(apt-cache policy nodejs 2>/dev/null | awk '/Candidate:/{print $2}' | sed 's/^[0-9]*://')
    if [ -n "$candidate" ] && [ "$candidate" != "(none)" ] && at_least "$candidate" "$NODE_MIN"; then
      apt_install nodejs npm
      hash -r; node_serves && return
    fi
  fi
  fetch_node && { PATH="$CACHE/node/bin:$PATH"; hash -r; node_serves && return; }
  die "Node.js $NODE_MIN or newer with npm is needed (found: $(node_version || echo none)) and could not be installed here." \
    "Install it from https://nodejs.org/en/download and start again."
}

# The official build, checked against its published hashes, into the cache folder.
fetch_node() {
  have curl && have tar && have sha256sum || return 1
  local machine base="https://nodejs.org/dist/latest-v22.x" sums line name
  case "$(uname -m)" in x86_64) machine=x64 ;; aarch64) machine=arm64 ;; *) return 1 ;; esac
  sums=$(curl -fsSL "$base/SHASUMS256.txt") || return 1
  line=$(printf '%s\n' "$sums" | grep "linux-$machine.tar.gz\$") || return 1
  name=${line##* }
  say "installing ${name%.tar.gz} into $CACHE/node"
  mkdir -p "$CACHE" && curl -fsSL "$base/$name" -o "$CACHE/$name" || return 1
  (cd "$CACHE" && printf '%s\n' "$line" | sha256sum --check --quiet -) || return 1
  rm -rf "$CACHE/node" && mkdir -p "$CACHE/node" &&
    tar -xzf "$CACHE/$name" -C "$CACHE/node" --strip-components=1 && rm -f "$CACHE/$name"
}

# hash_of PATH...: one hash over the names and contents of all source files below the paths.
hash_of() {
  (cd "$ROOT" && find "$@" \( -name node_modules -o -name dist -o -name target -o -name results -o -name __pycache__ \) -prune \
    -o -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d ' ' -f 1)
}

# is_stamped FILE HASH / stamp FILE HASH: whether a result was made from sources of this hash.
is_stamped() { [ -e "$1" ] && [ "$(cat "$1")" = "$2" ]; }
stamp() { mkdir -p "$(dirname "$1")" && printf '%s\n' "$2" > "$1"; }

STAMPS="$ROOT/web/node_modules/.tianmu"

# Packages of the web workspace as the lock file says.
web_install() {
  local wanted; wanted=$(hash_of web/package-lock.json)
  if [ -d "$ROOT/web/node_modules" ] && is_stamped "$STAMPS/install" "$wanted"; then return; fi
  (cd "$ROOT/web" && npm ci --no-audit --no-fund --loglevel=error) >&2 && stamp "$STAMPS/install" "$wanted"
}

# The applications, skipped when nothing they are made from has changed.
web_build() {
  local wanted; wanted=$(hash_of web)
  if is_stamped "$STAMPS/build" "$wanted" && [ -d "$ROOT/web/apps/staff/dist" ]; then return; fi
  (cd "$ROOT/web" && npm run --silent build) >&2 && stamp "$STAMPS/build" "$wanted"
}

# free_port: a TCP port on 127.0.0.1 that nobody listens on now.
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then printf '%s\n' "$port"; return; fi
  done
  die "no free port found"
}
