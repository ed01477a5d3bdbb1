//! Passwords: rules, and Argon2id.

use crate::model::field_error;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Error, FieldError, Result};
use platform::Random;

/// Shortest password. GB/T 22239-2019 8.1.4.1 demands complexity and regular change without figures; 10 characters of
/// three kinds is the county's written rule.
const SHORTEST: usize = 10;
/// Longest password: Argon2 has no need of more, and an unbounded one is a way to burn our time.
const LONGEST: usize = 128;

/// The beginnings of passwords that guessers try first.
const COMMON: [&str; 8] =
    ["password", "p@ssw0rd", "12345678", "qwertyui", "admin123", "liyang12", "abcd1234", "1qaz2wsx"];

/// Why a password is too weak; empty when it will do.
pub fn weaknesses(password: &str, login_name: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut weak = |code: &str, detail: &str| errors.push(field_error("new_password", code, detail));
    let length = password.chars().count();
    if length < SHORTEST {
        weak("too_short", "at least 10 characters");
    }
    if length > LONGEST {
        weak("too_long", "at most 128 characters");
    }
    let kinds = [
        password.chars().any(|c| c.is_ascii_lowercase()),
        password.chars().any(|c| c.is_ascii_uppercase()),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    if kinds.iter().filter(|k| **k).count() < 3 {
        weak("too_simple", "use three of: lower case, upper case, digits, other characters");
    }
    let lower = password.to_lowercase();
    if login_name.chars().count() >= 3 && lower.contains(&login_name.to_lowercase()) {
        weak("contains_login_name", "must not contain the login name");
    }
    if COMMON.iter().any(|c| lower.starts_with(c)) {
        weak("too_common", "begins like the passwords that are guessed first");
    }
    errors
}

fn argon2() -> Result<Argon2<'static>> {
    // OWASP Password Storage Cheat Sheet 2024: Argon2id with 19 MiB, 2 passes, 1 lane.
    let params = Params::new(19 * 1024, 2, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes off the async threads: it takes tens of milliseconds by design.
pub async fn hash(random: &Random, password: &str) -> Result<String> {
    let salt = SaltString::encode_b64(&random.bytes::<16>()).map_err(Error::internal)?;
    let password = password.to_owned();
    let work = move || {
        argon2()?.hash_password(password.as_bytes(), &salt).map(|h| h.to_string()).map_err(Error::internal)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// True when `password` has this hash. An unreadable hash matches nothing.
pub async fn matches(password: &str, hash: &str) -> Result<bool> {
    let (password, hash) = (password.to_owned(), hash.to_owned());
    let work = move || {
        let Ok(parsed) = PasswordHash::new(&hash) else { return Ok(false) };
        Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok())
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// A password that a person can type once: groups of letters and digits without look-alikes.
pub fn generate(random: &Random) -> String {
    let groups: [&[u8]; 3] = [b"abcdefghjkmnpqrstuvwxyz", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"23456789"];
    let mut password = String::new();
    for i in 0..12 {
        if i > 0 && i % 4 == 0 {
            password.push('-');
        }
        let group = groups.get(i % 3).copied().unwrap_or(b"a");
        let bound = u32::try_from(group.len()).unwrap_or(1);
        let index = usize::try_from(random.below(bound)).unwrap_or(0);
        password.push(char::from(group.get(index).copied().unwrap_or(b'a')));
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_told_why() {
        let codes = |p: &str| weaknesses(p, "zhangwei").into_iter().map(|e| e.code).collect::<Vec<_>>();
        assert_eq!(codes("short1A"), ["too_short"]);
        assert_eq!(codes("alllowercase"), ["too_simple"]);
        assert_eq!(codes("ZhangWei2026!"), ["contains_login_name"]);
        assert_eq!(codes("Password2026!"), ["too_common"]);
        assert!(codes("Tianmu-2026-lake").is_empty());
        assert!(weaknesses(&generate(&Random::from_seed(1)), "x").is_empty());
    }
}
