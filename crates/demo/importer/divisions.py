"""Writes definitions/codes/divisions-320481.csv from the published lists of town and village codes.

usage: divisions.py TOWNS_CSV VILLAGES_CSV > definitions/codes/divisions-320481.csv

TOWNS_CSV     code,name,...             12 towns and subdistricts and 2 prison units, 9-digit codes
VILLAGES_CSV  code,name,streetCode,...  244 villages and communities, 12-digit codes

The suffix of a committee is taken off the name of the place that it governs: 泓口村村委会 and 清安村委会 are villages, 前棠居委会 is a
community. `kind` says what the place is: subdistrict, town, special_area, village, community.
"""

import csv
import sys

HEADER = """\
# source: National Bureau of Statistics, statistical division codes (统计用区划代码), by way of Administrative-divisions-of-China (towns) and china-division 2.7.0 (villages)
# edition: 2023
# in force: 2023-12-31
code,name,kind,parent
"""


def town_kind(name):
    if name.endswith("街道"):
        return "subdistrict"
    return "town" if name.endswith("镇") else "special_area"


def village(name):
    for suffix, end, kind in [("村村委会", "村", "village"), ("村委会", "村", "village"), ("社区居委会", "社区", "community"),
                              ("居委会", "社区", "community")]:
        if name.endswith(suffix):
            return name[: -len(suffix)] + end, kind
    return name, "special_area"


def main():
    towns_file, villages_file = sys.argv[1:3]
    with open(towns_file, encoding="utf-8") as f:
        towns = [(row["code"], row["name"], town_kind(row["name"]), "320481") for row in csv.DictReader(f)]
    with open(villages_file, encoding="utf-8") as f:
        villages = [(row["code"], *village(row["name"]), row["streetCode"]) for row in csv.DictReader(f)]
    known = {code for code, *_ in towns}
    assert all(parent in known for *_, parent in villages), "a village lies in no town"
    codes = [row[0] for row in towns + villages]
    assert len(set(codes)) == len(codes), "a code occurs twice"
    sys.stdout.write(HEADER)
    for row in sorted(towns) + sorted(villages):
        print(",".join(row))


if __name__ == "__main__":
    main()
