"""Random children with the scores that the WHO rules give them, by a second program over the official tables.

    python3 reference_who.py DATA OUT.csv [SEED]         DATA holds who-anthro/ and who-anthroplus/; writes 30,000 children
    tianmu growth z OUT.csv > SCORED.csv
    python3 reference_who.py compare DATA SCORED.csv     counts scores and flags and prints what differs

Ages at the edges of the tables, whole and broken days, unknown ages and positions, oedema, lengths to three decimals.
"""

import csv
import math
import random
import sys
from pathlib import Path

INDEX = ["weight_for_age", "length_for_age", "weight_for_length", "bmi_for_age", "head_for_age"]
PLAUSIBLE = {"weight_for_age": (-6, 5), "length_for_age": (-6, 6)}
EDGES = [0, 0.4, 0.5, 1, 90, 91, 273, 274, 729, 730, 730.5, 731, 732, 1825, 1826, 1826.2, 1826.25, 1827, 1856, 1857]


def read(path, key, scale=1):
    with path.open() as file:
        rows = [{k.strip(): v for k, v in row.items() if k} for row in csv.DictReader(file, delimiter="\t")]
    return {(r["sex"], round(float(r[key]) * scale)): tuple(float(r[n]) for n in "lms") for r in rows}


class Tables:
    def __init__(self, data):
        a, p = data / "who-anthro/growthstandards", data / "who-anthroplus/growthstandards"
        self.daily = {i: read(a / f"{f}anthro.txt", "age") for i, f in zip(INDEX, ("wei", "len", "", "bmi", "hc")) if f}
        self.monthly = {i: read(p / f"{f}who2007.txt", "age") for i, f in zip(INDEX, ("wfa", "hfa", "", "bfa")) if f}
        self.length, self.height = read(a / "wflanthro.txt", "length", 10), read(a / "wfhanthro.txt", "height", 10)


def z(y, lms, restricted):
    power, median, spread = lms
    score = ((y / median) ** power - 1) / (power * spread) if power else math.log(y / median) / spread
    if not restricted or abs(score) <= 3:
        return score
    at = lambda k: median * (1 + power * spread * k) ** (1 / power) if power else median * math.exp(spread * k)
    if score > 3:
        return 3 + (y - at(3)) / (at(3) - at(2))
    return -3 + (y - at(-3)) / (at(-2) - at(-3))


def between(table, sex, key):
    low = math.floor(key + 1e-9)
    part = key - low if key - low > 1e-6 else 0
    a, b = table.get((sex, low)), table.get((sex, low + (part > 0)))
    return a and b and tuple(x + part * (y - x) for x, y in zip(a, b))


def expected(tables, row):
    number = lambda name: float(row[name]) if row[name] else None
    sex, age, position = {"m": "1", "f": "2"}[row["sex"]], number("age_days"), row["position"]
    length, head = number("length_cm"), number("head_cm")
    weight = None if row["oedema"] == "y" else number("weight_kg")
    young = row["reference"] == "who2006"
    day = None if age is None else math.floor(age + 0.5)
    months = None if age is None else age / 30.4375
    if young and months is not None and months >= 60 or not young and (months is None or not 60 <= months < 229):
        return {}
    if length is not None and age is not None:
        if position == "standing" and day < 731 and months >= 9:
            length += 0.7
        if position == "lying" and day >= 731:
            length -= 0.7
    bmi = weight / (length / 100) ** 2 if weight is not None and length is not None else None
    out = {}
    for index, y in zip(INDEX, (weight, length, None, bmi, head)):
        tables_of = tables.daily if young else tables.monthly
        if y is None or age is None or index not in tables_of or index == "weight_for_age" and not young and months >= 121:
            continue
        lms = tables_of[index].get((sex, day)) if young else between(tables_of[index], sex, months)
        out[index] = z(y, lms, index in ("weight_for_age", "bmi_for_age"))
    if young and weight is not None and length is not None:
        lying = day < 731 if day is not None else position == "lying" if position else length < 87
        lms = between(tables.length if lying else tables.height, sex, length * 10)
        if lms:
            out["weight_for_length"] = z(weight, lms, True)
    return out


def write(out, seed):
    random.seed(seed)
    with open(out, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("sex age_days weight_kg length_cm position head_cm oedema reference".split())
        for _ in range(30_000):
            old = random.random() < 0.3
            age = random.choice(EDGES) if random.random() < 0.1 else random.uniform(1820, 7100) if old else random.randint(0, 1830)
            age = round(age) if random.random() < 0.5 else age
            usual = 100 + (age - 1826) / 60 if old else 50 + age / 1826 * 60
            length = max(20, round(random.gauss(usual, 14 if old else 9), random.choice([0, 1, 2, 3])))
            weight = max(0.5, round(random.gauss(16, 3) * (length / 100) ** 2, random.choice([1, 2, 3])))
            some = lambda value, share: value if random.random() < share else ""
            writer.writerow([
                random.choice("mf"), some(age, 0.97), some(weight, 0.95), some(length, 0.95),
                random.choice(["lying", "standing", ""]), some(round(random.gauss(35 + age / 1826 * 14, 3), 1), 0.9),
                random.choice("nnnnnnnnny"), "who2007" if old else "who2006",
            ])


def compare(data, scored):
    tables, total, different = Tables(data), 0, 0
    with open(scored, newline="") as file:
        for row in csv.DictReader(file):
            scores = expected(tables, row)
            for index in INDEX:
                total += 1
                wanted, got = scores.get(index), row["z_" + index]
                same = (got == "") if wanted is None else got != "" and abs(float(got) - wanted) <= 0.00501
                if same and wanted is not None:
                    low, high = PLAUSIBLE.get(index, (-5, 5))
                    same = (f"{index}_implausible" in row["flags"].split(";")) == (not low <= round(wanted, 2) <= high)
                if not same:
                    different += 1
                    print(row, index, wanted)
    print(total, "cells,", different, "different")


if sys.argv[1] == "compare":
    compare(Path(sys.argv[2]), sys.argv[3])
else:
    write(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
