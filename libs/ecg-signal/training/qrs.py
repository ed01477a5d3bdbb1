"""Trains the judge of QRS candidates of libs/ecg-signal.

    cargo run --release -p ecg-signal --example qrs_features -- ../shared/data/ecg /tmp/qrs.f32
    python libs/ecg-signal/training/qrs.py /tmp/qrs.f32 --cv          # figures, persons left out
    python libs/ecg-signal/training/qrs.py /tmp/qrs.f32 libs/ecg-signal/src/candidates.bin

Needs numpy and lightgbm 4. Reads MIT-BIH DS1 with 102 and 104, the CPSC2021, LUDB and CPSC2019 records given, each also with
noise made by program; no DS2, and none of the noise recordings of the stress test. Persons are left out in four parts.
"""

import struct
import sys

import lightgbm
import numpy as np

HEAD = 6
FEATURES = 42
ROUNDS = 100
# Log-odds that a beat must reach: where Se and +P of both leads are alike, persons left out.
THRESHOLD = -1.25
PARTS = 4
PARAMS = dict(objective="binary", num_leaves=20, learning_rate=0.1, min_data_in_leaf=100, feature_fraction=0.5,
              bagging_fraction=0.6, bagging_freq=1, lambda_l2=10.0, max_bin=63, min_sum_hessian_in_leaf=3.0,
              verbose=-1, num_threads=2, deterministic=True, seed=1)
# What makes a beat never less likely (1) or more (-1).
MONOTONE = {0: 1, 1: 1, 4: 1, 13: 1, 14: 1, 16: 1, 17: 1, 18: 1, 28: -1, 30: -1, 31: -1, 35: 1, 36: 1, 37: 1}
MITDB = [(101, 203, 230, 108, 115, 215), (104, 201, 122, 106, 223, 112), (116, 207, 118, 109, 119, 220),
         (102, 205, 124, 114, 209, 208)]


def load(path):
    rows = np.fromfile(path, "<f4").reshape(-1, HEAD + FEATURES)
    return rows[:, 0].astype(int), rows[:, 1].astype(int), rows[:, 2].astype(int), rows[:, 3].astype(int), \
        rows[:, 4], rows[:, 5], rows[:, HEAD:]


def part(group):
    for k, records in enumerate(MITDB):
        if group in records:
            return k
    # CPSC2021 has three records of each person, numbered PERSON RECORD.
    return (group // 10 if group // 10000 == 1 else group) % PARTS


def weights(group, variant):
    """A person weighs by the square root of the candidates; what was changed by program less."""
    w = np.where(variant == 0, 1.0, np.where(variant < 100, 0.5, np.where(variant < 200, 0.35, 0.25)))
    out = np.zeros(len(group))
    for g in np.unique(group):
        here = group == g
        out[here] = w[here] * min(1.0, 2000 / w[here].sum()) ** 0.5
    return out


def fit(x, y, w, variant):
    """What was changed by program is thinned; what weighed a third then counts for itself."""
    keep = (variant < 100) | (np.random.default_rng(1).random(len(y)) < 0.3)
    x, y, w = x[keep], y[keep], np.where(variant[keep] < 100, 1.0, 1 / 0.3) * w[keep]
    return lightgbm.train({**PARAMS, "monotone_constraints": [MONOTONE.get(k, 0) for k in range(FEATURES)]}, lightgbm.Dataset(x, y, weight=w), ROUNDS)


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
    first = (variant == 1) & (group != 114) | (variant == 2) & (group == 114)
    mit = group < 1000
    ds1 = mit & (group != 102) & (group != 104)
    return [("DS1 both leads", ds1 & (variant == 0)), ("DS1 and paced", mit & (variant == 0)), ("DS1 first", ds1 & first),
            ("DS1 both, noise", ds1 & (variant == 100)), ("DS1 first, noise", ds1 & (variant == 101)),
            ("DS1 250 Hz", ds1 & (variant == 200)), ("DS1 500 Hz", ds1 & (variant == 300)),
            ("CPSC2021", (group // 10000 == 1) & (variant == 0)), ("LUDB twelve", (group // 10000 == 2) & (variant == 0)),
            ("LUDB single", (group // 10000 == 2) & (variant > 0) & (variant < 100)),
            ("LUDB single, noise", (group // 10000 == 2) & (variant > 100)),
            ("CPSC2019", (group // 10000 == 3) & (variant == 0)), ("CPSC2019, noise", (group // 10000 == 3) & (variant == 100))]


def figures(group, variant, at, kind, rate, window, x, z, thresholds, each=None):
    key = group * 1000 + variant
    order = np.argsort(key, kind="stable")
    bounds = np.flatnonzero(np.diff(key[order])) + 1
    counts = {}
    for rows in np.split(order, bounds):
        reference = np.sort(at[rows[kind[rows] == 9]])
        seen = rows[kind[rows] != 9]
        # As judge in src/candidates.rs: nothing new within 0.4 s of an end outside the beats of the first pass.
        taken = np.flatnonzero(x[seen, 36] > 0.5)
        place = np.arange(len(seen))
        outside = (place < taken[0]) | (place > taken[-1]) if len(taken) else place >= 0
        seen = seen[~(outside & (x[seen, 37] < 0.4))]
        for t in thresholds:
            take = seen[z[seen] > t]
            found = decode(at[take], z[take], round(0.2 * rate[rows[0]]))
            counts[key[rows[0]], t] = compare(reference, found, int(window[rows[0]]))
    for name, chosen in sets(group, variant):
        keys = np.unique(key[chosen])
        line = []
        for t in thresholds:
            tp, fn, fp = np.sum([counts[k, t] for k in keys], axis=0)
            line.append("%6.2f: %.3f %.3f (%d %d)" % (t, 100 * tp / (tp + fn), 100 * tp / (tp + fp), fn, fp))
        print("%-20s" % name, " | ".join(line))
    if each is not None:
        for k in np.unique(key[(group < 1000) & (variant == 0)]):
            print(k // 1000, *(counts[k, t][1:] for t in thresholds))


def cross_validate(data):
    group, variant, at, kind, rate, window, x = data
    real = kind != 9
    w = weights(group, variant) * real
    parts = np.array([part(g) for g in range(group.max() + 1)])[group]
    z = np.full(len(group), -99.0)
    for k in range(PARTS):
        held = (parts == k) & real
        train = (parts != k) & real
        print("part", k, train.sum(), flush=True)
        z[held] = fit(x[train], kind[train], w[train], variant[train]).predict(x[held], raw_score=True)
    np.save(sys.argv[1] + ".z", z)
    figures(group, variant, at, kind, rate, window, x, np.where(x[:, 36] > 0.5, x[:, 0], -9), (0.0,))
    figures(group, variant, at, kind, rate, window, x, z, (-2.5, -2.0, -1.5, -1.25, -1.0, -0.5), each=True)


def pack(model):
    """The format that src/trees.rs reads."""
    trees = model.dump_model()["tree_info"]
    out = [b"TMBC", struct.pack("<BBH", FEATURES, 1, len(trees)), struct.pack("<f", -THRESHOLD)]
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
    return b"".join(out)


def main():
    data = load(sys.argv[1])
    if sys.argv[2] == "--cv":
        return cross_validate(data)
    group, variant, at, kind, rate, window, x = data
    real = kind != 9
    model = fit(x[real], kind[real], weights(group, variant)[real], variant[real])
    for gain, k in sorted(zip(model.feature_importance("gain"), range(FEATURES)), reverse=True):
        print(k, round(gain))
    with open(sys.argv[2], "wb") as f:
        f.write(pack(model))


main()
