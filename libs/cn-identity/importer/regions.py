#!/usr/bin/env python3
"""Makes the compact region table from a county-code history.

Input (UTF-8 CSV, standard input), one row for each code and name:
    code,province,prefecture,county,level,state,from,to,successors
as kept by collections of the yearly tables of the Ministry of Civil Affairs (中华人民共和国县以上行政区划代码).
Output: comment lines with source and edition, then `code,prefecture,name,from,to`.

    regions.py 31 32 33 34 < history.csv > definitions/identity/regions-gbt2260-yangtze-delta.csv
"""
import csv
import sys


def main() -> None:
    prefixes = tuple(sys.argv[1:])
    print("# source: GB/T 2260, yearly tables of county codes since 1980, Ministry of Civil Affairs")
    print("# edition: 1980-2024")
    print("# in force: from, to = years; an empty `to` is in force")
    print("code,prefecture,name,from,to")
    rows = [row for row in csv.reader(sys.stdin) if row and row[0].startswith(prefixes) and not row[0].endswith("0000")]
    for row in sorted(rows, key=lambda r: (r[0], int(r[6]))):
        code, _, prefecture, county, _, _, start, end, *_ = row
        if len(code) != 6 or not code.isdigit():
            sys.exit(f"bad code in row {row}")
        print(",".join([code, prefecture, county, start, end]))


main()
