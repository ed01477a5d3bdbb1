#!/usr/bin/env python3
"""Turns the official layouts of growth references into the compact tables under definitions/growth/.

    tables.py ANTHRO_DIR ANTHROPLUS_DIR WST423_CSV OUTPUT_DIR

ANTHRO_DIR      WHO 2006 expanded tables: {wei,len,bmi,hc,ac,ss,ts}anthro.txt (sex, age in days, l, m, s) and
                {wfl,wfh}anthro.txt (sex, length or height in cm, l, m, s), white-space separated
ANTHROPLUS_DIR  WHO 2007 tables: {hfa,wfa,bfa}who2007.txt (sex, age in months, l, m, s)
WST423_CSV      WS/T 423-2022 appendix B: sex,measure,by,key,sd3neg..sd3

Format of an .lms file: `# key: value` comments; then for each sex a line `[male] first=F step=S count=N` with
F and S in the unit of the key, and three lists `l`, `m`, `s`: the first number as an integer in units of
10^-4 (l, m) or 10^-5 (s), each next one as the difference to the one before, 100 on a line.
Format of an .sd file: `[male weight_for_age months]`, then `key: -3SD -2SD ... +3SD` with one decimal as printed.
The importer refuses gaps, decimals beyond the scale, and rows that do not rise.
"""
import csv
import pathlib
import sys
from decimal import Decimal

SCALE = {"l": 10_000, "m": 10_000, "s": 100_000}
SEX = {"1": "male", "2": "female", "boy": "male", "girl": "female"}


def whole(text: str, scale: int) -> int:
    value = Decimal(text) * scale
    if value != value.to_integral_value():
        sys.exit(f"{text} has more decimals than the scale holds")
    return int(value)


def lms(source: pathlib.Path, target: pathlib.Path, header: dict[str, str]) -> None:
    rows: dict[str, list[tuple[Decimal, dict[str, int]]]] = {}
    lines = [line.split() for line in source.read_text().splitlines() if line.strip()]
    for line in lines[1:]:
        key = Decimal(line[1])
        rows.setdefault(SEX[line[0]], []).append((key, {n: whole(t, SCALE[n]) for n, t in zip("lms", line[2:5])}))
    out = [f"# {name}: {value}" for name, value in header.items()]
    for sex, table in rows.items():
        keys = [key for key, _ in table]
        step = keys[1] - keys[0]
        if any(b - a != step for a, b in zip(keys, keys[1:])):
            sys.exit(f"{source}: the keys of {sex} are not evenly spaced")
        out.append(f"[{sex}] first={keys[0].normalize():f} step={step.normalize():f} count={len(keys)}")
        for name in "lms":
            values = [row[name] for _, row in table]
            deltas = [values[0]] + [b - a for a, b in zip(values, values[1:])]
            out.append(name)
            out.extend(" ".join(map(str, deltas[i : i + 100])) for i in range(0, len(deltas), 100))
    target.write_text("\n".join(out) + "\n")


def wst423(source: pathlib.Path, target: pathlib.Path) -> None:
    names = {"weight": "weight", "stature": "length", "bmi": "bmi", "head": "head"}
    units = {"age": "months", "length": "cm", "height": "cm"}
    tables: dict[str, list[str]] = {}
    last: dict[str, Decimal] = {}
    with source.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            name = f"[{SEX[row['sex']]} {names[row['measure']]}_for_{row['by']} {units[row['by']]}]"
            values = [row[c] for c in ("sd3neg", "sd2neg", "sd1neg", "sd0", "sd1", "sd2", "sd3")]
            numbers = [Decimal(v) for v in values]
            if any(b <= a for a, b in zip(numbers, numbers[1:])) or Decimal(row["key"]) <= last.get(name, Decimal(-1)):
                sys.exit(f"{name} {row['key']}: does not rise")
            last[name] = Decimal(row["key"])
            tables.setdefault(name, []).append(f"{row['key']}: {' '.join(values)}")
    out = [
        "# source: WS/T 423-2022 7岁以下儿童生长标准, appendix B, all twelve SD tables",
        "# edition: WS/T 423-2022, published 2022-09-19",
        "# in_force: 2023-03-01",
    ]
    for name, lines in tables.items():
        out += [name, *lines]
    target.write_text("\n".join(out) + "\n")


def main() -> None:
    anthro, plus, wst, out = map(pathlib.Path, sys.argv[1:5])
    who2006 = {
        "wei": ("weight-for-age", "kg", "days"),
        "len": ("length-for-age", "cm", "days; length before day 731, height from then on"),
        "bmi": ("bmi-for-age", "kg/m2", "days; by length before day 731, by height from then on"),
        "hc": ("head-for-age", "cm", "days"),
        "ac": ("arm-for-age", "cm", "days"),
        "ss": ("subscapular-for-age", "mm", "days"),
        "ts": ("triceps-for-age", "mm", "days"),
        "wfl": ("weight-for-length", "kg", "cm of length"),
        "wfh": ("weight-for-height", "kg", "cm of height"),
    }
    for stem, (name, unit, key) in who2006.items():
        lms(anthro / f"{stem}anthro.txt", out / f"who2006-{name}.lms", {
            "source": "WHO Child Growth Standards 2006/2007, expanded tables", "edition": "WHO 2006",
            "in_force": "2006-04-27", "unit": unit, "key": key})
    for stem, name, unit in (("hfa", "height-for-age", "cm"), ("wfa", "weight-for-age", "kg"), ("bfa", "bmi-for-age", "kg/m2")):
        lms(plus / f"{stem}who2007.txt", out / f"who2007-{name}.lms", {
            "source": "WHO Growth reference 5-19 years, 2007", "edition": "WHO 2007",
            "in_force": "2007-09-01", "unit": unit, "key": "months"})
    wst423(wst, out / "wst423-2022.sd")


main()
