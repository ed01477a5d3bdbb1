"""QRS detection by other programs, on the same signals and with the same matcher as examples/accuracy.rs.

    cargo run --release -p ecg-signal --example accuracy -- stress=/tmp/noisy
    python libs/ecg-signal/reference/peers.py ../shared/data/ecg /tmp/noisy

Needs wfdb, neurokit2 and biosppy. First leads alone, as none of them takes two.
"""

import pathlib
import sys
import time
import warnings

import numpy as np
import scipy.io

warnings.filterwarnings("ignore")
import neurokit2  # noqa: E402
import wfdb  # noqa: E402
import wfdb.processing  # noqa: E402
from biosppy.signals import ecg as biosppy_ecg  # noqa: E402

BEATS = set("NLRaVFJASEj/Qenfr?B")


def neurokit(x, fs, method):
    clean = neurokit2.ecg_clean(x, sampling_rate=fs, method=method)
    return neurokit2.ecg_peaks(clean, sampling_rate=fs, method=method)[1]["ECG_R_Peaks"]


def biosppy(x, fs):
    peaks, = biosppy_ecg.hamilton_segmenter(biosppy_filter(x, fs), sampling_rate=fs)
    return biosppy_ecg.correct_rpeaks(x, peaks, sampling_rate=fs, tol=0.05)[0]


def biosppy_filter(x, fs):
    """As biosppy.signals.ecg.ecg prepares its signal."""
    from biosppy.signals import tools
    order = int(1.5 * fs)
    order += order % 2 == 0
    return tools.filter_signal(signal=x, ftype="FIR", band="bandpass", order=order, frequency=[0.67, 45],
                               sampling_rate=fs)[0]


PEERS = {
    "wfdb gqrs": lambda x, fs: wfdb.processing.gqrs_detect(sig=x / 1000, fs=fs, adc_gain=200, adc_zero=0),
    "wfdb XQRS": lambda x, fs: wfdb.processing.xqrs_detect(x / 1000, fs, verbose=False),
    "NeuroKit2": lambda x, fs: neurokit(x, fs, "neurokit"),
    "NeuroKit2 Pan-Tompkins": lambda x, fs: neurokit(x, fs, "pantompkins1985"),
    "BioSPPy": biosppy,
}


def compare(reference, found, window):
    """As in examples/support/detection.rs."""
    tp = fn = fp = i = j = 0
    while i < len(reference) and j < len(found):
        d = abs(reference[i] - found[j])
        if d <= window:
            if j + 1 < len(found) and abs(reference[i] - found[j + 1]) < d:
                fp, j = fp + 1, j + 1
                continue
            if i + 1 < len(reference) and abs(reference[i + 1] - found[j]) < d:
                fn, i = fn + 1, i + 1
                continue
            tp, i, j = tp + 1, i + 1, j + 1
        elif reference[i] < found[j]:
            fn, i = fn + 1, i + 1
        else:
            fp, j = fp + 1, j + 1
    return np.array([tp, fn + len(reference) - i, fp + len(found) - j])


def detect(name, x, fs):
    try:
        return np.sort(np.asarray(PEERS[name](np.asarray(x, float), fs), dtype=int))
    except Exception as error:  # a peer that fails finds nothing
        print("  ", name, "failed:", error, file=sys.stderr)
        return np.array([], int)


def say(what, name, counts, seconds):
    tp, fn, fp = counts
    print(f"| {what} | {name} | {100 * tp / max(1, tp + fn):.2f} | {100 * tp / max(1, tp + fp):.2f} | {fn} | {fp} |"
          f" {seconds:.1f} s |", flush=True)


def reference(root, record):
    marks = wfdb.rdann(str(root / "mitdb" / record), "atr")
    flutter, start = [], None
    for at, symbol in zip(marks.sample, marks.symbol):
        if symbol == "[":
            start = at
        elif symbol == "]":
            flutter.append((start, at))
    outside = lambda s: not any(a <= s <= b for a, b in flutter)
    return [s for s, y in zip(marks.sample, marks.symbol) if y in BEATS and outside(s)], outside


def strips(root):
    for name in PEERS:
        total, start = np.zeros(3, int), time.process_time()
        for path in sorted((root / "cpsc2019/data").iterdir()):
            load = lambda p: next(v for k, v in scipy.io.loadmat(p).items() if k[0] != "_").ravel()
            x = load(path).astype(float) * 1000
            r = [s for s in load(root / "cpsc2019/ref" / path.name.replace("data_", "R_")) if 250 <= s <= 4750]
            total += compare(r, [s for s in detect(name, x, 500) if 250 <= s <= 4750], 37)
        say("CPSC2019", name, total, time.process_time() - start)


def clean(root):
    for name in PEERS:
        total, start = np.zeros(3, int), time.process_time()
        for path in sorted((root / "mitdb").glob("*.hea")):
            r, outside = reference(root, path.stem)
            signals = wfdb.rdrecord(str(path.with_suffix(""))).p_signal
            x = signals[:, 1 if path.stem == "114" else 0] * 1000
            total += compare(r, [s for s in detect(name, x, 360) if outside(s)], 54)
        say("MIT-BIH, 24 records", name, total, time.process_time() - start)


def noise(root, folder):
    for path in sorted(folder.glob("*_6.f32")) + sorted(folder.glob("*_0.f32")):
        record, kind, snr = path.stem.split("_")
        late = [s for s in reference(root, record)[0] if s >= 108000]
        for name in PEERS:
            start = time.process_time()
            found = [s for s in detect(name, np.fromfile(path, "<f4"), 360) if s >= 108000]
            say(f"{record} {kind} {snr} dB", name, compare(late, found, 54), time.process_time() - start)


def main():
    root = pathlib.Path(sys.argv[1])
    strips(root)
    if len(sys.argv) > 2:
        noise(root, pathlib.Path(sys.argv[2]))
    clean(root)


main()
