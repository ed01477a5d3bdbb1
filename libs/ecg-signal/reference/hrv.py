"""Prints the expected figures of tests/it/hrv.rs with NumPy and scipy: python libs/ecg-signal/reference/hrv.py"""

import numpy as np
from scipy.signal import welch

i = np.arange(2000)
x = 800 + 60 * np.sin(0.31 * i) + 25 * np.sin(1.9 * i) + 40 * np.sin(0.021 * i) + 12 * np.sin(7.7 * i * i)
t = np.cumsum(x) / 1000
d = np.diff(x)
print("sdnn", x.std(ddof=1), "rmssd", np.sqrt(np.mean(d**2)), "pnn50", 100 * np.mean(np.abs(d) > 50))
win = ((t - t[0]) // 300).astype(int)
parts = [x[win == k] for k in np.unique(win) if np.sum(win == k) >= 30]
print("sdann", np.std([p.mean() for p in parts], ddof=1), "sdnni", np.mean([p.std(ddof=1) for p in parts]))
print("tri", len(x) / np.bincount((x / 7.8125).astype(int)).max())
sd1 = d.std(ddof=1) / np.sqrt(2)
print("sd1", sd1, "sd2", np.sqrt(2 * x.var(ddof=1) - sd1**2))


def sampen(x):
    r = 0.2 * x.std(ddof=1)
    n = len(x) - 2
    emb = lambda m: np.array([x[k:k + m] for k in range(n)])
    count = lambda e: (np.sum(np.abs(e[:, None] - e[None]).max(2) <= r) - n) / 2
    return -np.log(count(emb(3)) / count(emb(2)))


print("sampen", np.mean([sampen(p) for p in parts]))
y = np.cumsum(x - x.mean())
f = []
for n in range(4, 17):
    w = y[:len(y) // n * n].reshape(-1, n)
    k = np.arange(n)
    res = [c - np.polyval(np.polyfit(k, c, 1), k) for c in w]
    f.append(np.sqrt(np.mean(np.square(res))))
print("alpha1", np.polyfit(np.log(np.arange(4, 17)), np.log(f), 1)[0])
grid = t[0] + np.arange(int((t[-1] - t[0]) * 4) + 1) / 4
freq, power = welch(np.interp(grid, t, x), 4, "hann", 1200, 600, detrend="constant")
for name, lo, hi in (("vlf", 0.0033, 0.04), ("lf", 0.04, 0.15), ("hf", 0.15, 0.4)):
    m = (freq >= lo) & (freq < hi)
    print(name, power[m].sum() * freq[1])
