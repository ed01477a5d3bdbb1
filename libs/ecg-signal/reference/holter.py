"""Computes a Holter summary by itself from the beats of an annotation file and compares it with that of the program.

    python libs/ecg-signal/reference/holter.py join ../shared/data/ecg/mitdb DAY      # the records given, twice: 24.07 h
    tianmu ecg detect DAY --out FOLDER
    tianmu ecg holter DAY --json > FOLDER/day.json
    python libs/ecg-signal/reference/holter.py compare DAY FOLDER/day.json FOLDER/DAY qrs
    tianmu ecg holter RECORD --ann atr --json > record.json                           # beats of others
    python libs/ecg-signal/reference/holter.py compare RECORD record.json RECORD atr

Needs numpy, scipy and wfdb. Shares nothing with the library but the definitions in its documentation.
"""

import glob
import itertools
import json
import os
import sys

import numpy as np
import wfdb
from scipy.signal import welch


def join(folder, day):
    names = sorted(os.path.basename(p)[:-4] for p in glob.glob(os.path.join(folder, "*.hea")))
    parts = [wfdb.rdrecord(os.path.join(folder, n), physical=False).d_signal for n in names]
    where, name = os.path.split(day)
    wfdb.wrsamp(name, fs=360, units=["mV"] * 2, sig_name=["MLII", "V1"], d_signal=np.concatenate(parts * 2).astype("int64"),
                fmt=["212"] * 2, adc_gain=[200] * 2, baseline=[1024] * 2, write_dir=where or ".")


def groups(flags):
    """Lengths and starts of the runs of true."""
    out, start = [], 0
    for value, run in itertools.groupby(flags):
        n = len(list(run))
        if value:
            out.append((start, n))
        start += n
    return out


def ectopy(kind, at, c, fs):
    runs = groups(kind == c)
    long = [(s, n) for s, n in runs if n > 2]
    return {"beats": int((kind == c).sum()), "single": sum(n == 1 for _, n in runs), "couplets": sum(n == 2 for _, n in runs),
            "runs": len(long), "longest_run_beats": max((n for _, n in long), default=0),
            "fastest_run_bpm": max((60 * (n - 1) * fs / (at[s + n - 1] - at[s]) for s, n in long), default=None)}


def rates(at, fs):
    spans = (at[8:] - at[:-8]) / fs
    return {"min_bpm": 480 / spans.max() if len(spans) else None, "max_bpm": 480 / spans.min() if len(spans) else None,
            "mean_bpm": 60 * (len(at) - 1) * fs / (at[-1] - at[0])}


def sample_entropy(x):
    r, n = 0.2 * x.std(ddof=1), len(x) - 2
    count = []
    for m in (2, 3):
        e = np.array([x[k:k + m] for k in range(n)])
        count.append(((np.abs(e[:, None] - e[None]).max(2) <= r).sum() - n) / 2)
    return -np.log(count[1] / count[0]) if count[0] and count[1] else None


def spectrum(t, x):
    """Welch over the stretches without a gap of more than 5 s, every segment counting alike."""
    total, n = 0, 0
    for part in np.split(np.arange(len(t)), np.flatnonzero(np.diff(t) > 5) + 1):
        if len(part) < 2:
            continue
        grid = t[part[0]] + np.arange(int((t[part[-1]] - t[part[0]]) * 4) + 1) / 4
        if len(grid) < 1200:
            continue
        f, p = welch(np.interp(grid, t[part], x[part]), 4, "hann", 1200, 600, detrend="constant")
        k = (len(grid) - 1200) // 600 + 1
        total, n = total + k * p, n + k
    return {name: (total / n)[(f >= lo) & (f < hi)].sum() * f[1]
            for name, lo, hi in (("vlf_ms2", 0.0033, 0.04), ("lf_ms2", 0.04, 0.15), ("hf_ms2", 0.15, 0.4))}


def variability(at, kind, fs):
    ms = np.diff(at) * 1000 / fs
    good = (kind[1:] == "N") & (kind[:-1] == "N") & (ms >= 300) & (ms <= 2000)
    x, t, index = ms[good], at[1:][good] / fs, np.flatnonzero(good)
    follows = np.diff(index) == 1
    d = np.diff(x)[follows]
    window = ((t - t[0]) // 300).astype(int)
    parts = [x[window == k] for k in np.unique(window) if (window == k).sum() >= 30]
    y = np.cumsum(x - x.mean())
    f = []
    for n in range(4, 17):
        w, k = y[:len(y) // n * n].reshape(-1, n), np.arange(n)
        fit = np.polyfit(k, w.T, 1)
        f.append(np.sqrt(np.mean((w - fit[0][:, None] * k - fit[1][:, None]) ** 2)))
    runs = np.split(x, np.flatnonzero(~follows) + 1)
    anchors = [(r[k] + r[k + 1] - r[k - 1] - r[k - 2]) / 4 for r in runs for k in range(2, len(r) - 1)
               if r[k - 1] < r[k] <= 1.05 * r[k - 1]]
    entropies = [e for e in map(sample_entropy, parts) if e is not None]
    sd1 = d.std(ddof=1) / 2**0.5
    return {"intervals": len(x), "mean_ms": x.mean(), "sdnn_ms": x.std(ddof=1), "rmssd_ms": np.sqrt((d**2).mean()),
            "pnn50_percent": 100 * (np.abs(d) > 50).mean(), "sdann_ms": np.std([p.mean() for p in parts], ddof=1),
            "sdnn_index_ms": np.mean([p.std(ddof=1) for p in parts]),
            "triangular_index": len(x) / np.bincount((x / 7.8125).astype(int)).max(), "sd1_ms": sd1,
            "sd2_ms": np.sqrt(2 * x.var(ddof=1) - sd1**2), "sample_entropy": np.mean(entropies),
            "dfa_alpha1": np.polyfit(np.log(np.arange(4, 17)), np.log(f), 1)[0],
            "deceleration_capacity_ms": np.mean(anchors) if len(anchors) >= 100 else None, **spectrum(t, x)}


def turbulence(at, kind, fs):
    ms = np.diff(at) * 1000 / fs
    onset, tachograms = [], []
    for v in np.flatnonzero(kind == "V"):
        if v < 6 or v + 17 > len(kind) or set(kind[v - 6:v]) | set(kind[v + 1:v + 17]) != {"N"}:
            continue
        before, coupling, pause, after = ms[v - 6:v - 1], ms[v - 1], ms[v], ms[v + 1:v + 16]
        usual = before.mean()
        fine = all((x >= 300).all() and (x <= 2000).all() and (abs(x - usual) <= 0.2 * usual).all()
                   and (abs(np.diff(x)) <= 200).all() for x in (before, after))
        if fine and coupling <= 0.8 * usual and pause >= 1.2 * usual:
            onset.append(100 * (after[:2].sum() - before[-2:].sum()) / before[-2:].sum())
            tachograms.append(after)
    if len(onset) < 5:
        return {"beats": len(onset)}
    mean = np.mean(tachograms, axis=0)
    return {"beats": len(onset), "onset_percent": np.mean(onset),
            "slope_ms": max(np.polyfit(np.arange(5), mean[k:k + 5], 1)[0] for k in range(11))}


CLASSES = {**dict.fromkeys("NLRBjen/fQ?", "N"), **dict.fromkeys("aJAS", "S"), **dict.fromkeys("VErF", "V")}


def compare(record, document, annotations, annotator):
    ours = json.load(open(document))
    header, marks = wfdb.rdheader(record), wfdb.rdann(annotations, annotator)
    fs, length = header.fs, header.sig_len
    sample = np.array(marks.sample)
    beat = np.array([s in CLASSES for s in marks.symbol])
    at, kind = sample[beat], np.array([CLASSES.get(s, "") for s in marks.symbol])[beat]
    ms = np.diff(at) * 1000 / fs
    aux = [t.rstrip("\0") for t in marks.aux_note]
    change = [k for k, t in enumerate(aux) if t.startswith("(") and not t.startswith("(ST") and not beat[k]]
    # Ours stand one sample before the beat that begins the rhythm. A rhythm lasts until the next.
    starts, names = sample[change] + (annotator == "qrs"), [aux[k] for k in change]
    ends = np.append(starts[1:], length)
    total = {name: sum(e - s for s, e, n in zip(starts, ends, names) if n == name) / fs for name in set(names)}
    hours = []
    for h in range(int((length - 1) / fs / 3600) + 1):
        inside = (at / fs // 3600).astype(int) == h
        lo, hi = h * 3600 * fs, (h + 1) * 3600 * fs
        af = sum(max(0, min(e, hi) - max(s, lo)) for s, e, n in zip(starts, ends, names) if n == "(AFIB") / fs
        if not inside.any():
            hours.append({"beats": 0})
            continue
        hours.append({"beats": int(inside.sum()), "supraventricular": int((inside & (kind == "S")).sum()),
                      "ventricular": int((inside & (kind == "V")).sum()), "pauses": int((inside[:-1] & (ms >= 2000)).sum()),
                      "fibrillation_s": af, "heart_rate": rates(at[inside], fs)})
    theirs = {
        "duration_s": length / fs, "beats": len(at), "normal": int((kind == "N").sum()),
        "supraventricular": ectopy(kind, at, "S", fs), "ventricular": ectopy(kind, at, "V", fs), "heart_rate": rates(at, fs),
        "pauses": [{"from": int(a), "ms": m} for a, m in zip(at, ms) if m >= 2000], "longest_rr_ms": ms.max(),
        "bigeminy_episodes": names.count("(B"), "trigeminy_episodes": names.count("(T"),
        "fibrillation_episodes": names.count("(AFIB"), "fibrillation_percent": 100 * total.get("(AFIB", 0) * fs / length,
        "variability": variability(at, kind, fs), "turbulence": turbulence(at, kind, fs), "hours": hours}
    if not names:
        # Without marks of rhythm, bigeminy and trigeminy follow from the beats.
        del theirs["bigeminy_episodes"], theirs["trigeminy_episodes"]
    same, different = 0, 0

    def walk(path, a, b):
        nonlocal same, different
        if isinstance(b, dict):
            for k in b:
                walk(f"{path}.{k}", a[k], b[k])
        elif isinstance(b, list):
            if len(a) != len(b):
                print(path, "has", len(a), "entries, expected", len(b))
                different += 1
            for k, (x, y) in enumerate(zip(a, b)):
                walk(f"{path}[{k}]", x, y)
        elif a == b or (a is not None and b is not None and abs(a - b) <= 1e-6 * abs(b)):
            same += 1
        else:
            print(path, a, "expected", b)
            different += 1

    walk("", ours, theirs)
    print(f"{os.path.basename(record)} {annotator}: {len(at)} beats, {same} figures equal, {different} different")
    return different


if __name__ == "__main__":
    sys.exit(join(*sys.argv[2:]) if sys.argv[1] == "join" else compare(*sys.argv[2:]) > 0)
