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

HEAD = 4
FEATURES = 64
SEEDS = (1, 2)
ROUNDS = {"S": 100, "V": 100}
# Log-odds that a beat must reach.
THRESHOLD = {"S": -0.5, "V": 0.1}
# Restlessness and P likeness of the rhythm between which no beat is supraventricular: fibrillation. As RESTLESS and
# P_OF_RHYTHM in src/beats/mod.rs.
FIBRILLATION = ((60, 0.09), (15, 0.45))
PARAMS = dict(objective="binary", num_leaves=10, learning_rate=0.06, min_data_in_leaf=60, feature_fraction=0.4,
              bagging_fraction=0.6, bagging_freq=1, lambda_l2=20.0, max_bin=63, min_sum_hessian_in_leaf=3.0,
              verbose=-1, num_threads=1, deterministic=True)
# Numbers that tell one person from another rather than one class from another.
PERSONAL = (0, 1, 14, 36, 43, 48, 49, 54)
# An earlier beat is never less supraventricular, nor a restless rhythm (fibrillation) more.
MONOTONE = {"S": {2: -1, 8: -1, 9: -1, 50: -1, 55: -1, 58: -1, 61: -1, 60: -1, 33: 0},
            "V": {16: -1, 18: -1, 23: 1, 41: 0}}
GROUPS = [(207,), (209,), (201,), (223, 101), (118, 114), (220, 112), (208, 122), (203, 115), (119, 230),
          (108, 106), (116, 205), (109, 215, 124)]


def load(path):
    rows = np.fromfile(path, "<f4").reshape(-1, HEAD + FEATURES)
    return rows[:, 0].astype(int), rows[:, 2].astype(int), rows[:, 3].astype(int), rows[:, HEAD:]


def weights(record, target, variant):
    """Both sides weigh alike but for a factor; within a side no record speaks for more than its part."""
    w = np.zeros(len(target))
    for side, share in ((0, 1.0), (1, 1.0)):
        for r in np.unique(record[target == side]):
            here = (target == side) & (record == r)
            w[here] = share * min(1.0, 300 / here.sum()) ** 0.5
    return w * np.where(variant == 0, 1.0, 0.35)


def fit(name, record, label, variant, x, seed):
    """S is told from N alone, V from N and S; fusion and unclassifiable beats teach nothing."""
    c = {"S": 1, "V": 2}[name]
    use = label <= c
    target = (label[use] == c).astype(int)
    x = x[use].copy()
    x[:, PERSONAL] = 0
    data = lightgbm.Dataset(x, target, weight=weights(record[use], target, variant[use]))
    monotone = [MONOTONE[name].get(k, 0) for k in range(FEATURES)]
    params = {**PARAMS, "seed": seed, "monotone_constraints": monotone}
    return lightgbm.train(params, data, ROUNDS[name])


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


def cross_validate(record, label, variant, x):
    z = np.zeros((len(label), 2))
    for group in GROUPS:
        out = np.isin(record, group)
        held = x[out].copy()
        held[:, PERSONAL] = 0
        for k, name in enumerate("SV"):
            for seed in SEEDS:
                model = fit(name, record[~out], label[~out], variant[~out], x[~out], seed)
                z[out, k] += model.predict(held, raw_score=True) / len(SEEDS)
    (restless, above), (p_like, below) = FIBRILLATION
    z[(x[:, restless] > above) & (x[:, p_like] < below), 0] = -9
    for v in (0, 1, 2):
        m = variant == v
        print("leads", ("both", "first", "second")[v])
        for s in (-0.5, 0, 0.5, 1, 1.5, 2):
            f = figures(label[m], decide(z[m], s, s))
            print("  threshold %.1f" % s, {k: "Se %.1f +P %.1f" % f[k][:2] for k in f})
    for r in np.unique(record):
        m = (record == r) & (variant == 0)
        f = figures(label[m], decide(z[m], THRESHOLD["S"], THRESHOLD["V"]))
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
    record, label, variant, x = load(sys.argv[1])
    if sys.argv[2] == "--cv":
        return cross_validate(record, label, variant, x)
    models = [[fit(name, record, label, variant, x, seed) for name in "SV"] for seed in SEEDS]
    with open(sys.argv[2], "wb") as f:
        f.write(pack(models))


main()
