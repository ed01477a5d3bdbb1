"""Trains the refinement of wave limits (src/refine.rs) on the given records of LUDB.

    cargo run --release -p ecg-signal --example waves-features > features.csv
    python3 libs/ecg-signal/training/waves.py features.csv libs/ecg-signal/src/waves.trees

Needs numpy and scikit-learn (1.9.1 made the committed weights). What is printed as judgement is cross-validation by
records: no record is judged by a model that has seen it. The number of trees and their size were chosen the same way (--choose).
"""

import sys

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import GroupKFold

LIMITS = ["POn", "POff", "QrsOn", "QrsOff", "TOff"]
SETTINGS = dict(loss="huber", alpha=0.95, n_estimators=60, max_depth=4, learning_rate=0.1, subsample=0.5, min_samples_leaf=200, random_state=7)


def model(**changes):
    return GradientBoostingRegressor(**{**SETTINGS, **changes})


def balanced(records):
    """Each record weighs the same, however many beats it has."""
    names, counts = np.unique(records, return_counts=True)
    weight = dict(zip(names, 1.0 / counts))
    w = np.array([weight[r] for r in records])
    return w / w.mean()


def spread(error):
    return f"{error.mean():6.1f} ± {error.std():5.1f}"


def cross_validated(x, y, g, **changes):
    """Errors of five models, each on the fifth of the records that it has not seen."""
    error = np.zeros_like(y)
    for train, test in GroupKFold(5).split(x, y, g):
        m = model(**changes).fit(x[train], y[train], balanced(g[train]))
        error[test] = np.clip(m.predict(x[test]), -40, 40) - y[test]
    return error


def of(rows, limit):
    own = [r for r in rows if r[1] == limit]
    return np.array([r[3:] for r in own], float), np.array([r[2] for r in own], float), np.array([r[0] for r in own])


def choose(rows):
    for limit in LIMITS:
        x, y, g = of(rows, limit)
        for n, depth, leaf in ((40, 3, 200), (80, 3, 200), (60, 4, 40), (60, 4, 200), (120, 4, 200), (60, 5, 100)):
            error = cross_validated(x, y, g, n_estimators=n, max_depth=depth, min_samples_leaf=leaf)
            print(limit, n, depth, leaf, spread(error))


def tree(t, scale):
    """One tree in one line, its values scaled; leaves as a value, splits as feature, threshold and children."""
    nodes = []
    for i in range(t.node_count):
        if t.children_left[i] < 0:
            nodes.append(f"{t.value[i][0][0] * scale:.3f}")
        else:
            nodes.append(f"{t.feature[i]} {t.threshold[i]:.4f} {t.children_left[i]} {t.children_right[i]}")
    return ";".join(nodes)


def main():
    rows = [line.strip().split(",") for line in open(sys.argv[1])]
    if "--choose" in sys.argv:
        return choose(rows)
    out = ["# Limits of waves, trained on the given records of LUDB by training/waves.py; see docs/accuracy.md."]
    for limit in LIMITS:
        x, y, g = of(rows, limit)
        print(f"{limit:7} before {spread(-y)}   after, records unseen {spread(cross_validated(x, y, g))}")
        m = model().fit(x, y, balanced(g))
        first = float(np.asarray(m.init_.predict(x[:1])).ravel()[0])
        out.append(f"limit {limit} {len(m.estimators_) + 1}")
        out.append(f"{first:.3f}")
        out.extend(tree(e[0].tree_, m.learning_rate) for e in m.estimators_)
    open(sys.argv[2], "w").write("\n".join(out) + "\n")


main()
