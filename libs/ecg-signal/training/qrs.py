"""Trains the two judgements of QRS candidates of libs/ecg-signal.

    cargo run --release -p ecg-signal --example qrs_features -- ../shared/data/ecg /tmp/first.f32
    python libs/ecg-signal/training/qrs.py first /tmp/first.f32 /tmp/odds.f32 libs/ecg-signal/src/candidates.bin
    cargo run --release -p ecg-signal --example qrs_features -- ../shared/data/ecg /tmp/second.f32 /tmp/odds.f32
    python libs/ecg-signal/training/qrs.py second /tmp/second.f32 /tmp/odds.f32 libs/ecg-signal/src/sequence/weights.bin

Each step prints figures with persons left out, in four parts. The second judgement learns from odds that the first gives to persons
left out, so that it trusts them no more than it may.

Needs numpy and lightgbm 4. Reads MIT-BIH DS1 with 102 and 104, the CPSC2021, LUDB and CPSC2019 records given, each also with
noise made by program; no DS2, and none of the noise recordings of the stress test.
"""

import struct
import sys

import lightgbm
import numpy as np

HEAD = 6
FIRST = 42
SECOND = FIRST + 46
# Log-odds between which the second judgement replaces the first, as in src/candidates.rs.
DOUBT = (-3.5, 3.5)
# It learns from a few more.
LEARNT = (-4.5, 5.0)
PARTS = 4
ROUNDS = 100
PARAMS = dict(objective="binary", num_leaves=20, learning_rate=0.1, min_data_in_leaf=100, feature_fraction=0.5,
              bagging_fraction=0.6, bagging_freq=1, lambda_l2=10.0, max_bin=63, min_sum_hessian_in_leaf=3.0,
              verbose=-1, num_threads=1, deterministic=True, seed=1)
# What makes a beat never less likely (1) or more (-1).
MONOTONE = {0: 1, 1: 1, 4: 1, 13: 1, 14: 1, 16: 1, 17: 1, 18: 1, 28: -1, 30: -1, 31: -1, 35: 1, 36: 1, 37: 1}
# Of the second: its odds, how much better the best sequence is, likeness to the mean of the beats.
MONOTONE_SECOND = {k + FIRST: 1 for k in (0, 19, 25, 31, 35)}
MITDB = [(101, 203, 230, 108, 115, 215), (104, 201, 122, 106, 223, 112), (116, 207, 118, 109, 119, 220),
         (102, 205, 124, 114, 209, 208)]


def load(path, features):
    rows = np.memmap(path, "<f4").reshape(-1, HEAD + features)
    whole = [rows[:, k].astype(np.int32) for k in range(4)]
    return *whole, np.array(rows[:, 4]), np.array(rows[:, 5]), rows[:, HEAD:]


def part(group):
    for k, records in enumerate(MITDB):
        if group in records:
            return k
    # CPSC2021 has three records of each person, numbered PERSON RECORD.
    return (group // 10 if group // 10000 == 1 else group) % PARTS


def weights(group, variant):
    """A person weighs by the square root of the candidates; what was changed by program less."""
    w = np.select([variant == 0, variant < 100, variant < 200, variant < 400, variant < 600], [1.0, 0.5, 0.25, 0.25, 0.0], 0.5)
    out = np.zeros(len(group))
    for g in np.unique(group):
        here = group == g
        out[here] = w[here] * min(1.0, 3000 / w[here].sum()) ** 0.5
    return out


def fit(data, use, second):
    """What was changed by program is thinned; what is left counts for the rest."""
    group, variant, _, kind, _, _, x = data
    changed = (variant >= 100) & (variant < 600)
    share = 0.6 if second else 0.25
    w = weights(group, variant) * np.where(changed, 1 / share, 1.0)
    use = use & (kind < 2) & (w > 0) & (~changed | (np.random.default_rng(1).random(len(kind)) < share))
    rows = np.flatnonzero(use)
    monotone = {**MONOTONE, **(MONOTONE_SECOND if second else {})}
    params = {**PARAMS, "monotone_constraints": [monotone.get(k, 0) for k in range(x.shape[1])]}
    return lightgbm.train(params, lightgbm.Dataset(x[rows], kind[rows], weight=w[rows]), ROUNDS)
def decode(at, z, refractory):
    out = []
    for a, v in zip(at, z):
        if out and a - out[-1][0] < refractory:
            if v > out[-1][1]:
                out[-1] = (a, v)
        else:
            out.append((a, v))
    return [a for a, _ in out]


def compare(reference, found, window):
    """As in examples/support/detection.rs."""
    tp = fn = fp = i = j = 0
    while i < len(reference) and j < len(found):
        d = abs(reference[i] - found[j])
        if d <= window:
            if j + 1 < len(found) and abs(reference[i] - found[j + 1]) < d:
                fp += 1
                j += 1
                continue
            if i + 1 < len(reference) and abs(reference[i + 1] - found[j]) < d:
                fn += 1
                i += 1
                continue
            tp += 1
            i += 1
            j += 1
        elif reference[i] < found[j]:
            fn += 1
            i += 1
        else:
            fp += 1
            j += 1
    return tp, fn + len(reference) - i, fp + len(found) - j


def sets(group, variant):
    one = np.where(group == 114, 2, 1)
    mit = group < 1000
    ds1 = mit & (group != 102) & (group != 104)
    noisy = (variant >= 100) & (variant < 200)
    ludb, strips = group // 10000 == 2, group // 10000 == 3
    return [("DS1 both leads", ds1 & (variant == 0)), ("DS1 and paced", mit & (variant == 0)), ("DS1 first", ds1 & (variant == one)),
            ("DS1 both, noise", ds1 & noisy & (variant % 10 == 0)), ("DS1 first, noise", ds1 & noisy & (variant % 10 == one)),
            ("DS1 both, motion 6 dB", ds1 & (variant == 400)), ("DS1 first, motion 6 dB", ds1 & (variant == 400 + one)),
            ("DS1 both, muscle 6 dB", ds1 & (variant == 500)), ("DS1 first, muscle 6 dB", ds1 & (variant == 500 + one)),
            ("DS1 250 Hz", ds1 & (variant == 200)), ("DS1 500 Hz", ds1 & (variant == 300)),
            ("DS1 strips", ds1 & (variant >= 600)),
            ("CPSC2021", (group // 10000 == 1) & (variant == 0)), ("LUDB twelve", ludb & (variant == 0)),
            ("LUDB single", ludb & (variant > 0) & (variant < 100)), ("LUDB single, noise", ludb & (variant > 100)),
            ("CPSC2019", strips & (variant == 0)), ("CPSC2019, noise", strips & noisy)]


def figures(data, z, thresholds, each=None):
    group, variant, at, kind, rate, window, x = data
    key = group.astype(np.int64) * 1000 + variant
    chosen = np.zeros(len(key), bool)
    named = sets(group, variant)
    for _, here in named:
        chosen |= here
    chosen &= (kind == 9) | (kind < 2) & (z > min(thresholds))
    rows = np.flatnonzero(chosen)
    # As judge in src/candidates.rs: nothing new within 0.4 s of an end outside the beats of the first pass.
    itself, edge = np.array(x[rows, 36]), np.array(x[rows, 37])
    order = np.argsort(key[rows], kind="stable")
    bounds = np.flatnonzero(np.diff(key[rows][order])) + 1
    counts = {}
    for local in np.split(order, bounds):
        here = rows[local]
        reference = np.sort(at[here[kind[here] == 9]])
        is_candidate = kind[here] != 9
        seen, own, near = here[is_candidate], itself[local][is_candidate], edge[local][is_candidate]
        taken = np.flatnonzero(own > 0.5)
        place = np.arange(len(seen))
        outside = (place < taken[0]) | (place > taken[-1]) if len(taken) else place >= 0
        seen = seen[~(outside & (near < 0.4))]
        for t in thresholds:
            take = seen[z[seen] > t]
            found = decode(at[take], z[take], round(0.2 * rate[here[0]]))
            counts[key[here[0]], t] = compare(reference, found, int(window[here[0]]))
    print("%-23s" % "", " | ".join("%-28.2f" % t for t in thresholds))
    for name, here in named:
        line = []
        for t in thresholds:
            tp, fn, fp = np.sum([counts[k, t] for k in np.unique(key[here]) if (k, t) in counts], axis=0)
            line.append("%7.3f %7.3f (%d %d)" % (100 * tp / (tp + fn), 100 * tp / (tp + fp), fn, fp))
        print("%-23s" % name, " | ".join("%-28s" % v for v in line), flush=True)
    if each is not None:
        for k in np.unique(key[(group < 1000) & (variant == 0)]):
            print(k // 1000, *(counts[k, t][1:] for t in thresholds))


def left_out(data, use, second):
    """Odds of every candidate by trees that saw none of its person's."""
    group, kind, x = data[0], data[3], data[6]
    parts = np.array([part(g) for g in range(group.max() + 1)])[group]
    z = np.full(len(group), -99.0, np.float32)
    for k in range(PARTS):
        model = fit(data, (parts != k) & use, second)
        held = np.flatnonzero((parts == k) & use & (kind != 9))
        for some in np.array_split(held, 20):
            z[some] = model.predict(x[some], raw_score=True)
    return z


def pack(model, features, path):
    """The format that src/trees.rs reads."""
    for gain, k in sorted(zip(model.feature_importance("gain"), range(features)), reverse=True):
        print(k, round(gain), end="; ")
    trees = model.dump_model()["tree_info"]
    out = [b"TMBC", struct.pack("<BBH", features, 1, len(trees)), struct.pack("<f", 0.0)]
    for tree in trees:
        nodes = []

        def walk(node):
            at = len(nodes)
            nodes.append(None)
            if "leaf_value" in node:
                nodes[at] = struct.pack("<BBBf", 255, 0, 0, node["leaf_value"])
                return at
            left, right = walk(node["left_child"]), walk(node["right_child"])
            nodes[at] = struct.pack("<BBBf", node["split_feature"], left, right, node["threshold"])
            return at

        walk(tree["tree_structure"])
        out += [struct.pack("<B", len(nodes)), *nodes]
    with open(path, "wb") as f:
        f.write(b"".join(out))


def main():
    step, rows, odds, out = sys.argv[1:]
    if step == "first":
        data = load(rows, FIRST)
        use = np.ones(len(data[0]), bool)
        z = left_out(data, use, False)
        z[data[3] != 9].tofile(odds)
        figures(data, np.where(data[6][:, 36] > 0.5, data[6][:, 0], -9), (0.0,))
        figures(data, z, (-1.5, -1.0, -0.75, -0.5, 0.0), each=True)
        pack(fit(data, use, False), FIRST, out)
    else:
        data = load(rows, SECOND)
        # The first odds, after those that need no judge.
        first = np.array(data[6][:, FIRST])
        use = (first > LEARNT[0]) & (first < LEARNT[1])
        doubtful = (first > DOUBT[0]) & (first < DOUBT[1])
        z = np.where(doubtful, left_out(data, use, True), first)
        z[data[3] != 9].tofile(odds + ".second")
        figures(data, z, (-1.5, -1.0, -0.75, -0.5, 0.0), each=True)
        pack(fit(data, use, True), SECOND, out)


main()
