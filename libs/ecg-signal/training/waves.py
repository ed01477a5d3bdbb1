"""Trains the networks that find the limits of waves (src/refine.rs, src/network.rs) on the given records of LUDB.

    cargo run --release -p ecg-signal --example waves-features > features.bin
    python3 libs/ecg-signal/training/waves.py features.bin --cv
    python3 libs/ecg-signal/training/waves.py features.bin libs/ecg-signal/src/waves.net

Needs numpy, jax and optax (0.10.2 and 0.2.8 made the committed weights). With --cv nothing is written: five parts by
records, each judged by networks that saw none of its records. One thread, some minutes for each part.
"""

import os
import sys

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
import jax
import jax.numpy as jnp
import numpy as np
import optax

LIMITS = ["P onset", "P end", "QRS onset", "QRS end", "T onset", "T end"]
STEPS, STEP_MS = 288, 4.0
WIDTHS = (8, 12, 16)
SEEDS = (1, 2)
EPOCHS = 20
BATCH = 64
# As in src/refine.rs.
LEAD_IN_MS, NEIGHBOUR_MS = 431.0, 60.0
NEAR_DRAFT = jnp.array([15.0, 15.0, 12.0, 12.0, 35.0, 35.0])
PLACES = jnp.arange(STEPS // 2) * 2.0
# Annotators scatter: the mark is a bell of this width (steps), and an error counts by its square up to this size (ms).
BELL = jnp.array([4.0, 3.0, 2.0, 2.5, 6.0, 4.0])
SQUARE_MS = jnp.array([60.0, 60.0, 40.0, 40.0, 80.0, 80.0])


def squash(v, unit):
    v = v / unit
    return 0.3 * v / np.sqrt(1 + np.abs(v))


def slope(level):
    return np.gradient(level, axis=-1)


class Rows:
    def __init__(self, path):
        r = np.fromfile(path, "<f4").reshape(-1, 19 + 2 * STEPS)
        self.record, self.lead, self.at = (r[:, k].astype(int) for k in range(3))
        usable, self.has_p, self.cycle_ms = r[:, 3] > 0, r[:, 4] > 0, r[:, 5:7]
        self.draft, self.mark = r[:, 7:13], r[:, 13:19]
        single, median = r[:, 19 : 19 + STEPS], r[:, 19 + STEPS :]
        own = [squash(single, 0.03), squash(median, 0.03), squash(slope(single), 0.006), squash(slope(median), 0.006)]
        self.own = np.stack(own, 2).astype(np.float32)
        # Leads of a beat; what all usable ones do together, the lead alone, and the lead with two others.
        beat = np.unique(self.record * 10**6 + self.at, return_inverse=True)[1]
        table = np.full((beat.max() + 1, 12), -1)
        table[beat, self.lead] = np.arange(len(r))
        chance = np.random.RandomState(5)
        pairs = np.stack([chance.choice(11, 2, replace=False) for _ in range(201 * 12)]).reshape(201, 12, 2)
        self.common = np.zeros((3, len(r), STEPS, 4), np.float32)
        for b in range(len(table)):
            rows = table[b][table[b] >= 0]
            squares = np.stack([single[rows], median[rows], slope(single[rows]), slope(median[rows])], 2) ** 2
            good = usable[rows] if usable[rows].any() else np.ones(len(rows), bool)
            self.common[0, rows] = np.sqrt(squares[good].mean(0))
            self.common[1, rows] = np.sqrt(squares)
            for k, row in enumerate(rows):
                others = (k + 1 + pairs[self.record[row], self.lead[row]]) % len(rows)
                self.common[2, row] = np.sqrt((squares[k] + squares[others].sum(0)) / 3)
        for k, unit in enumerate((0.03, 0.03, 0.003, 0.003)):
            self.common[..., k] = squash(self.common[..., k], unit)
        at_ms = np.arange(STEPS) * STEP_MS - LEAD_IN_MS
        before, after = self.cycle_ms[:, :1], self.cycle_ms[:, 1:]
        self.inside = ((at_ms > NEIGHBOUR_MS - before) & (at_ms < after - NEIGHBOUR_MS)).astype(np.float32)
        self.context = np.log(np.maximum(self.cycle_ms, 1) / 800).clip(-1.2, 1.2).astype(np.float32)
        learned = np.isfinite(self.mark) & np.isfinite(self.draft) & (self.mark >= 0) & (self.mark < STEPS)
        learned[:, :2] &= self.has_p[:, None]
        # A draft this far off means another wave.
        near = np.abs(self.mark - self.draft) * STEP_MS <= 150
        near[:, 4] = np.abs(self.mark[:, 4] - self.draft[:, 4]) * STEP_MS <= 250
        self.learned = (learned & near).astype(np.float32)
        self.draft, self.mark = np.nan_to_num(self.draft, nan=-1000.0), np.nan_to_num(self.mark, nan=-1.0)

    def input(self, i, own, common):
        inside = self.inside[i][:, :, None]
        return np.concatenate([own * inside, common * inside, inside], 2)

    def plain(self, i):
        return self.input(i, self.own[i], self.common[0, i])

    def varied(self, i, r):
        """The other way up, other leads missing, noise, shifted against the beat, drafts a little wrong."""
        n = len(i)
        common = self.common[r.choice(3, n, p=[0.7, 0.15, 0.15]), i]
        own = self.own[i] * r.choice([-1, 1], n)[:, None, None].astype(np.float32)
        x = np.concatenate([own, common], 2)
        x += 0.03 * r.randn(n, 1, 8).astype(np.float32) + 0.02 * r.randn(*x.shape).astype(np.float32)
        x = self.input(i, x[:, :, :4], x[:, :, 4:])
        by = r.randint(-8, 9, n)[:, None]
        x = np.take_along_axis(x, np.clip(np.arange(STEPS) - by, 0, STEPS - 1)[:, :, None], 1)
        return x, self.mark[i] + by, (self.draft[i] + by + 2 * r.randn(n, 6)).astype(np.float32)


def layers(seed):
    r = np.random.RandomState(seed)
    a, b, c = WIDTHS
    shapes = [(7, 9, a), (5, a, b), (5, b, c), (5, c + 2, c), (5, c, c), (3, c + b, b), (3, b + a, a), (5, a, 6)]
    return [[jnp.array(r.randn(t * i, o) * np.sqrt(2 / (t * i)), jnp.float32), jnp.zeros(o)] for t, i, o in shapes]


def convolve(x, layer, taps, stride=1, spacing=1):
    margin, n = taps // 2 * spacing, x.shape[1]
    x = jnp.pad(x, ((0, 0), (margin, margin), (0, 0)))
    seen = [x[:, k * spacing : k * spacing + n : stride] for k in range(taps)]
    return jnp.concatenate(seen, 2) @ layer[0] + layer[1]


def scores(p, x, context):
    relu, twice = jax.nn.relu, lambda v: jnp.repeat(v, 2, 1)
    fine = relu(convolve(x, p[0], 7, 2))
    middle = relu(convolve(fine, p[1], 5, 2))
    coarse = relu(convolve(middle, p[2], 5, 2))
    told = jnp.broadcast_to(context[:, None], (*coarse.shape[:2], 2))
    coarse = relu(convolve(jnp.concatenate([coarse, told], 2), p[3], 5))
    coarse = coarse + relu(convolve(coarse, p[4], 5, 1, 3))
    up = relu(convolve(jnp.concatenate([twice(coarse), middle], 2), p[5], 3))
    up = relu(convolve(jnp.concatenate([twice(up), fine], 2), p[6], 3))
    return convolve(up, p[7], 5)


def weights(p, x, context, draft):
    """Log weights of places."""
    far = (PLACES[None, :, None] - draft[:, None]) / NEAR_DRAFT
    return jax.nn.log_softmax(scores(p, x, context) - 0.5 * far**2 * (draft[:, None] > -500), 1)


def limits(p, x, context, draft):
    return (jnp.exp(weights(p, x, context, draft)) * PLACES[None, :, None]).sum(1)


def loss(p, x, context, mark, draft, counts):
    log = weights(p, x, context, draft)
    bell = jnp.exp(-0.5 * ((PLACES[None, :, None] - mark[:, None]) / BELL) ** 2)
    bell /= bell.sum(1, keepdims=True) + 1e-9
    off = jnp.abs((jnp.exp(log) * PLACES[None, :, None]).sum(1) - mark) * STEP_MS
    square = jnp.where(off < SQUARE_MS, 0.5 * off**2, SQUARE_MS * off - 0.5 * SQUARE_MS**2) / 1600
    return (((-bell * log).sum(1) + square) * counts).sum() / counts.sum()


def train(rows, chosen, seed):
    r, p = np.random.RandomState(seed), layers(seed)
    batches = len(chosen) // BATCH
    rate = optax.warmup_cosine_decay_schedule(0.0, 3e-3, 100, EPOCHS * batches)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=1e-3))
    state = optimizer.init(p)
    # Each record weighs the same, however many beats it has.
    weight = 1 / np.maximum(np.bincount(rows.record[chosen], minlength=rows.record.max() + 1), 1)[rows.record]
    counts = (rows.learned * (weight / weight[chosen].mean())[:, None]).astype(np.float32)

    @jax.jit
    def step(p, state, *batch):
        gradient = jax.grad(loss)(p, *batch)
        update, state = optimizer.update(gradient, state, p)
        return optax.apply_updates(p, update), state

    for _ in range(EPOCHS):
        order = r.permutation(chosen)
        for k in range(batches):
            i = order[k * BATCH : (k + 1) * BATCH]
            x, mark, draft = rows.varied(i, r)
            p, state = step(p, state, x, rows.context[i], mark, draft, counts[i])
    return p


def judge(rows, found, of):
    for k, name in enumerate(LIMITS):
        ok = of & (rows.learned[:, k] > 0)
        e = (found[ok, k] - rows.mark[ok, k]) * STEP_MS
        d = (rows.draft[ok, k] - rows.mark[ok, k]) * STEP_MS
        print(f"{name:9} {ok.sum():6} drafts {d.mean():6.1f} ± {d.std():5.2f}   found {e.mean():6.1f} ± {e.std():5.2f}", flush=True)


def cross_validated(rows, seeds):
    trained = np.where(rows.learned.any(1))[0]
    names = np.unique(rows.record)
    part = dict(zip(np.random.RandomState(3).permutation(names), np.arange(len(names)) % 5))
    part = np.array([part[r] for r in rows.record])
    found, seen = np.zeros((len(seeds), *rows.mark.shape)), np.zeros(len(part), bool)
    for k in range(5):
        for s, seed in enumerate(seeds):
            p = train(rows, trained[part[trained] != k], seed)
            for i in np.array_split(np.where(part == k)[0], 12):
                found[s, i] = limits(p, rows.plain(i), rows.context[i], rows.draft[i])
        seen |= part == k
        print(f"parts {k + 1}")
        judge(rows, found.mean(0), seen)
    for s, seed in enumerate(seeds):
        print("one network, seed", seed)
        judge(rows, found[s], seen)
    return found


def main():
    rows = Rows(sys.argv[1])
    if sys.argv[2] == "--cv":
        return cross_validated(rows, SEEDS)
    trained = np.where(rows.learned.any(1))[0]
    networks = [train(rows, trained, seed) for seed in SEEDS]
    with open(sys.argv[2], "wb") as f:
        for values in (np.asarray(v, "<f4") for p in networks for layer in p for v in layer):
            f.write(values.tobytes())


if __name__ == "__main__":
    main()
