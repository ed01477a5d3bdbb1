"""Trains the beat classifier of libs/ecg-signal on MIT-BIH DS1.

    cargo run --release -p ecg-signal --example beat_features -- MITDB_DIR /tmp/ds1.f32
    python libs/ecg-signal/training/beats.py /tmp/ds1.f32 --cv                       # figures, records left out
    python libs/ecg-signal/training/beats.py /tmp/ds1.f32 libs/ecg-signal/src/beats/weights.bin

Needs numpy and lightgbm 4. Every choice was made by leaving out records of DS1 in turn; no other record is read.
"""

import struct
import sys

import lightgbm
import numpy as np

HEAD = 5
FEATURES = 54
SEEDS = (1, 2)
ROUNDS = 100
# Log-odds that a beat must reach.
THRESHOLD = {"S": -0.75, "V": 0.75}
# Log-odds of fibrillation, above which no beat is supraventricular.
FIBRILLATION = 51
# Of the normal beats, which are much alike, this part teaches, and weighs for all.
NORMAL = 0.34
# Weight of the variants: both leads, one lead, both leads with most normal beats between ectopic ones taken out, and one of them.
VARIANT = (1.0, 0.35, 0.35, 0.35, 0.35)
PARAMS = dict(objective="binary", num_leaves=10, learning_rate=0.06, min_data_in_leaf=60, feature_fraction=0.4,
              bagging_fraction=0.6, bagging_freq=1, lambda_l2=20.0, max_bin=63, min_sum_hessian_in_leaf=3.0,
              verbose=-1, num_threads=1, deterministic=True)
# An earlier beat is never less supraventricular, nor one in fibrillation more.
MONOTONE = {"S": {4: -1, 24: -1, 26: -1, 28: -1, 31: -1, 34: -1, 42: -1, 44: -1, 45: 1, 51: -1},
            "V": {8: -1, 9: -1, 12: 1}}
GROUPS = [(207,), (209,), (201,), (223, 101), (118, 114), (220, 112), (208, 122), (203, 115), (119, 230),
          (108, 106), (116, 205), (109, 215, 124)]


def load(path):
    rows = np.fromfile(path, "<f4").reshape(-1, HEAD + FEATURES)
    record, _, label, variant, family = rows[:, :HEAD].T.astype(int)
    return record, label, variant, family, rows[:, HEAD:]


def weights(record, target, variant):
    """Both sides weigh alike but for a factor; within a side no record speaks for more than its part."""
    w = np.zeros(len(target))
    for side in (0, 1):
        for r in np.unique(record[target == side]):
            here = (target == side) & (record == r)
            w[here] = min(1.0, 300 / here.sum()) ** 0.5
    return w * np.array(VARIANT)[variant]


def fit(name, record, label, variant, x, seed):
    """S is told from N alone, V from N and S; fusion and unclassifiable beats teach nothing."""
    c = {"S": 1, "V": 2}[name]
    use = label <= c
    record, label, variant, x = record[use], label[use], variant[use], x[use]
    target = (label == c).astype(int)
    w = weights(record, target, variant) * np.where(label == 0, 1 / NORMAL, 1.0)
    use = (label > 0) | (np.random.default_rng(seed).random(len(label)) < NORMAL)
    data = lightgbm.Dataset(x[use], target[use], weight=w[use])
    monotone = [MONOTONE[name].get(k, 0) for k in range(FEATURES)]
    return lightgbm.train({**PARAMS, "seed": seed, "monotone_constraints": monotone}, data, ROUNDS)


def settle(z, family):
    """As Engine::settle of src/beats/engine.rs, for one recording."""
    out, sums = z.copy(), {}
    for k, f in enumerate(family):
        odds, n = sums.get(f, (0.0, 0.0))
        odds, n = 0.99 * odds + np.clip(z[k], -4, 4), 0.99 * n + 1
        sums[f] = odds, n
        out[k] += 0.7 * n / (n + 2) * (odds / n - z[k])
    return out


def figures(truth, guess):
    out = {}
    for name, c in (("S", 1), ("V", 2)):
        tp = np.sum((truth == c) & (guess == c))
        # EC57: fusion and unclassifiable beats are no false positives for V; for S unclassifiable ones only.
        fp = np.sum((guess == c) & (truth != c) & (truth != 4) & ~((c == 2) & (truth == 3)))
        out[name] = (100 * tp / max(1, np.sum(truth == c)), 100 * tp / max(1, tp + fp), tp, fp)
    return out


def decide(z, s=0.0, v=0.0):
    return np.where(z[:, 1] > v, 2, np.where(z[:, 0] > s, 1, 0))


def cross_validate(record, label, variant, family, x):
    z = np.zeros((len(label), 2))
    for group in GROUPS:
        out = np.isin(record, group)
        for k, name in enumerate("SV"):
            for seed in SEEDS:
                model = fit(name, record[~out], label[~out], variant[~out], x[~out], seed)
                z[out, k] += model.predict(x[out], raw_score=True) / len(SEEDS) - THRESHOLD[name] / len(SEEDS)
    z[x[:, FIBRILLATION] > 0, 0] = -9
    for r in np.unique(record):
        for v in np.unique(variant):
            m = (record == r) & (variant == v)
            z[m, 1] = settle(z[m, 1], family[m])
    for v, text in enumerate(("both", "first", "second", "both, dense ectopy", "first, dense ectopy")):
        m = variant == v
        print("leads:", text)
        for s in (-0.75, -0.5, -0.25, 0, 0.25, 0.5):
            f = figures(label[m], decide(z[m], s, s))
            print("  from the threshold %+.2f" % s, {k: "Se %.1f +P %.1f" % f[k][:2] for k in f})
    for r in np.unique(record):
        m = (record == r) & (variant == 0)
        f = figures(label[m], decide(z[m]))
        n = np.bincount(label[m], minlength=5)
        print(r, n, *(f"{k}: TP {f[k][2]} FP {f[k][3]} Se {f[k][0]:.1f} +P {f[k][1]:.1f}" for k in f))


def pack(models):
    """The format that src/trees.rs reads; `models` are (S, V) of each seed, whose scores are averaged."""
    dumps = [[m.dump_model()["tree_info"] for m in pair] for pair in models]
    trees = [t for pair in dumps for both in zip(*pair) for t in both]
    out = [b"TMBC", struct.pack("<BBH", FEATURES, 2, len(trees)),
           struct.pack("<2f", -THRESHOLD["S"], -THRESHOLD["V"])]
    for tree in trees:
        nodes = []

        def walk(node):
            at = len(nodes)
            nodes.append(None)
            if "leaf_value" in node:
                nodes[at] = struct.pack("<BBBf", 255, 0, 0, node["leaf_value"] / len(models))
                return at
            left, right = walk(node["left_child"]), walk(node["right_child"])
            nodes[at] = struct.pack("<BBBf", node["split_feature"], left, right, node["threshold"])
            return at

        walk(tree["tree_structure"])
        out += [struct.pack("<B", len(nodes)), *nodes]
    return b"".join(out)


def main():
    record, label, variant, family, x = load(sys.argv[1])
    if sys.argv[2] == "--cv":
        return cross_validate(record, label, variant, family, x)
    models = [[fit(name, record, label, variant, x, seed) for name in "SV"] for seed in SEEDS]
    with open(sys.argv[2], "wb") as f:
        f.write(pack(models))


main()
