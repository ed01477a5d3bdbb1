"""Random records with the groups that the reference's own expressions give them.

The tables of OpenDRG hold each condition as the expression of the reference program. This script evaluates those
expressions as they stand, in the reference's order, over random records: an answer to compare with that shares nothing
with the translation made by examples/drg-import.rs.

    python3 reference_interpreter.py FOLDER_OF_TABLES PLAN COUNT OUT.csv      adds the column `reference`
    tianmu drg group OUT.csv --plan PLAN                                      adds the column `drg`

The reference gives the ADRG where a plan does not divide it (AH1_1 and AH1_2 are two ways into AH1).
"""

import csv
import json
import random
import sys
from pathlib import Path
from types import SimpleNamespace

ORDER = "APYZMNBCDEFGHIJKLOQRSTUVWX"


class Reference:
    def __init__(self, folder, plan):
        self.rules = json.loads((folder / plan / "rules.json").read_text())
        self.table = {name: self.read(folder / plan / f"{name}.csv") for name in ("MCC", "CC", "CCE", "SS_VALID", "DRG")}
        self.base = {
            "SS_VALID": self.table["SS_VALID"],
            "intersect": lambda a, b: any(x in b for x in a),
            "has_mcc": self.counts("MCC"),
            "has_cc": self.counts("CC"),
        }
        self.mdc = {m["mdc"]: m for m in self.rules["mdc"]}
        self.adrg = {a["adrg"]: a for a in self.rules["adrg"]}
        self.drg = {d["drg"]: compile(d["condition"], d["drg"], "eval") for d in self.rules["drg"]}
        for node in [*self.mdc.values(), *self.adrg.values()]:
            node["code"] = compile(node["condition"], "condition", "eval")
            node["sets"] = {name: set(codes) for name, codes in node["lists"].items()}

    @staticmethod
    def read(path):
        with path.open(encoding="utf-8-sig") as file:
            return {row["code"]: row.get("value", row.get("name")) for row in csv.DictReader(file)}

    def counts(self, name):
        def counted(main, others):
            excluded = self.table["CCE"].get(main)
            found = (self.table[name].get(x) for x in others)
            return any(table and not (excluded and table == excluded) for table in found)

        return counted

    def divide(self, rule, record):
        adrg = self.adrg[rule]
        names = {"adrg_zd": (), "adrg_ss": (), "adrg_ss1": (), **self.base, **adrg["sets"], "record": record}
        if "ss_matched" in adrg["condition"]:
            codes, labels = adrg["lists"]["adrg_ss"], adrg["lists"]["adrg_ss1"]
            names["ss_matched"] = [labels[codes.index(x)] for x in record.ssList if x in codes]
        if not eval(adrg["code"], names):
            return ""
        for drg in adrg["drg_order"]:
            if eval(self.drg[drg], {**self.base, "record": record}):
                return drg
        return rule

    def enters(self, letter, mdc, record):
        if not eval(mdc["code"], {"mdc_zd": (), **self.base, **mdc["sets"], "record": record}):
            return False
        if letter != "Z":
            return True
        sites, site = {}, ""
        for code in mdc["lists"]["mdc_zd"]:
            if code.endswith("创伤"):
                site = code
            else:
                sites[code] = site
        return len({sites[x] for x in record.zdList if x in sites}) >= 2

    def group(self, record):
        valid = record.ssList and record.ssList[0] in self.table["SS_VALID"]
        for letter in ORDER:
            mdc = self.mdc["MDC" + letter]
            if not self.enters(letter, mdc, record):
                continue
            ambiguous = valid and letter + "QY" in self.table["DRG"]
            for rule in mdc["adrg_order"]:
                if ambiguous and rule[1] >= "R":
                    return letter + "QY"
                found = self.divide(rule, record)
                if found:
                    return found if len(found) == 4 else found[:3]
            if ambiguous:
                return letter + "QY"
        return "0000"


def records(reference, folder, count):
    """Main diagnoses and procedures of the same ADRG more often than by chance; ages, weights and stays at the edges."""
    known = Reference.read(folder / "icd" / "ZD_INFO.csv")
    operations = Reference.read(folder / "icd" / "SS_INFO.csv")
    every = list(known)
    pick = random.choice

    def lists(nodes, name, of):
        return [[c for c in node["lists"].get(name, []) if c in of] for node in nodes]

    adrgs = reference.rules["adrg"]
    diagnoses, first, second = (lists(adrgs, n, o) for n, o in (("adrg_zd", known), ("adrg_ss", operations), ("adrg_ss1", operations)))
    trauma, newborn = (lists([reference.mdc[m]], "mdc_zd", known)[0] for m in ("MDCZ", "MDCP"))
    major, minor = ([c for c in reference.table[t] if c in known] for t in ("MCC", "CC"))
    valid = [c for c in reference.table["SS_VALID"] if c in operations]
    for index in range(count):
        k, mode = random.randrange(len(adrgs)), random.random()
        dx = [pick(diagnoses[k]) if diagnoses[k] and mode < 0.7 else pick(every)]
        if mode > 0.9:
            dx = [pick(newborn)] if mode > 0.96 else [pick(trauma), pick(trauma)]
        dx += [pick(pick([major, minor, every, every, newborn])) for _ in range(pick([0, 0, 1, 2, 3]))]
        px = []
        if random.random() < 0.65:
            j = k if first[k] and random.random() < 0.6 else random.randrange(len(adrgs))
            px += [pick(first[j])] if first[j] else []
            px += [pick(second[j])] if second[j] and random.random() < 0.7 else []
            px += [pick(valid)] if random.random() < 0.3 else []
            if random.random() < 0.2:
                random.shuffle(px)
        age = 0 if mode > 0.96 else pick([0, 0, 3, 16, 17, 18, 40, 70, 88])
        yield SimpleNamespace(
            index=index, gender=pick([1, 2]), age=age,
            ageDay=pick([0, 1, 28, 29, 200]) if age == 0 else age * 365 + random.randrange(365),
            weight=pick([0, 900, 1499, 1500, 1999, 2000, 2499, 2500, 3300]),
            inHospitalTime=pick([1, 3, 4, 5, 7, 8, 30, 31, 60, 61]), leavingType=pick("12345"), zdList=dx, ssList=px,
        )


def main():
    folder, plan, count, out = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    random.seed(7)
    reference = Reference(folder, plan)
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("index gender age age_day weight_g los leaving_type dx px reference".split())
        for r in records(reference, folder, count):
            writer.writerow([r.index, r.gender, r.age, r.ageDay, r.weight, r.inHospitalTime, r.leavingType,
                             "|".join(r.zdList), "|".join(r.ssList), reference.group(r)])


main()
