"""Histories with the verdicts that the transcribed tables of the national schedules give them, by a second program.

It reads `cn_nip_2021.csv` and `cn_nip_2026.csv` and shares nothing with the rule packs. Two sets of histories: each dose of
both tables a day before its age, on it, and inside and at its interval (births on the last of months and on 29 February);
and random histories of eight vaccines with varicella vaccine and immunoglobulin between them.

    python3 reference_schedule.py FOLDER_OF_TABLES OUT.ndjson [SEED]        writes histories, verdicts in `expected`
    tianmu immunize OUT.ndjson > ANSWERS.ndjson
    python3 reference_schedule.py compare OUT.ndjson ANSWERS.ndjson        counts doses and prints those that differ

Left out: DTaP before 2025 under the edition of 2026 (judged by the rule of its day), and polio by IPV alone.
"""

import csv
import datetime as dt
import json
import random
import sys
from pathlib import Path

LIVE = {"BCG", "MMR", "JE-L", "HepA-L", "VarV"}
WAIT_AFTER_IMMUNOGLOBULIN = {"MMR": "3m", "JE-L": "3m", "HepA-L": "3m"}
# From this age the vaccine is not given.
GIVEN_BEFORE = {"BCG": "4y", "DTaP": "7y", "MPSV-A": "24m"}
GROUP = {"IPV": "Polio", "bOPV": "Polio", "DT": "DTaP"}
LATER = "extraneous"


def add(day, period):
    """A month without such a day ends on the first of the next: a minimum is never a day early."""
    years, rest = period.split("y") if "y" in period else ("0", period)
    months = rest[:-1] if rest.endswith("m") else "0"
    count = day.month - 1 + int(years) * 12 + int(months)
    year, month = day.year + count // 12, count % 12 + 1
    try:
        moved = dt.date(year, month, day.day)
    except ValueError:
        moved = dt.date(year + (month == 12), month % 12 + 1, 1)
    return moved + dt.timedelta(int(rest[:-1]) if rest.endswith("d") else 0)


def tables(folder):
    out = {}
    for edition in ("2021", "2026"):
        with (folder / f"cn_nip_{edition}.csv").open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                # "7-10d": the least is 7.
                interval = row["min_interval_from_prev"].replace("-10d", "d")
                group = GROUP.get(row["abbr"], row["abbr"])
                out.setdefault((edition, group), []).append((row["abbr"], row["min_age"], interval))
    return out


def verdicts(doses, birth, history):
    state, out = {}, []
    order = sorted(range(len(history)), key=lambda i: (history[i][0], i))
    given = [history[i] for i in order]
    for day, vaccine in given:
        group = GROUP.get(vaccine, vaccine)
        if group not in doses:
            out.append("not_evaluated")
            continue
        own = state.setdefault(group, {"done": 0, "previous": None, "counted": None})
        if own["counted"] == day:
            out.append(LATER)
            continue
        number, verdict = own["done"], "valid"
        limit = GIVEN_BEFORE.get(vaccine)
        if number >= len(doses[group]) or limit and day >= add(birth, limit):
            verdict = LATER
        else:
            _, age, interval = doses[group][number]
            near_live = vaccine in LIVE and any(v in LIVE and d < day < d + dt.timedelta(28) for d, v in given)
            wait = WAIT_AFTER_IMMUNOGLOBULIN.get(vaccine)
            near_globulin = wait and any(v == "IG" and d <= day < add(d, wait) for d, v in given)
            early = interval and own["previous"] and day < add(own["previous"], interval)
            if day < add(birth, age) or early or near_live or near_globulin:
                verdict = "not_valid"
        if verdict == "valid":
            own["done"], own["counted"] = number + 1, day
        own["previous"] = day
        out.append(verdict)
    answer = [""] * len(history)
    for place, verdict in zip(order, out):
        answer[place] = verdict
    return answer


def at_the_edges(all_tables):
    births = {"2021": ["2021-03-15", "2021-08-31", "2020-02-29"], "2026": ["2026-07-01", "2025-08-31", "2028-02-29"]}
    for (edition, group), rows in all_tables.items():
        if group == "MPSV-AC":
            rows = all_tables[edition, "MPSV-A"] + rows
        for birth in map(dt.date.fromisoformat, births[edition]):
            history, previous = [], None
            for vaccine, age, interval in rows:
                from_age = add(birth, age)
                day = max([from_age] + ([add(previous, interval or "1d")] if previous else []))
                for tried in {from_age - dt.timedelta(1), day - dt.timedelta(1), day}:
                    if tried >= birth and (previous is None or tried > previous):
                        yield edition, birth, [*history, (tried, vaccine)]
                if previous and interval:
                    moved = max(previous, from_age - dt.timedelta(5))
                    limit = GIVEN_BEFORE.get(history[-1][1])
                    if limit and moved >= add(birth, limit):
                        moved = previous
                    until = max(add(moved, interval), from_age)
                    for tried in (until - dt.timedelta(1), until):
                        if tried > moved:
                            yield edition, birth, [*history[:-1], (moved, history[-1][1]), (tried, vaccine)]
                history.append((day, vaccine))
                previous = day


def by_chance(all_tables, count):
    groups = ["HepB", "BCG", "Polio", "DTaP", "MMR", "JE-L", "HepA-L"]
    for _ in range(count):
        birth = dt.date(2025, 1, 1) + dt.timedelta(random.randrange(700))
        history = []
        for _ in range(random.randrange(1, 9)):
            group = random.choice([*groups, "VarV", "IG"])
            rows = all_tables.get(("2026", group), [("", "12m", "")])
            vaccine = random.choice(["IPV", "bOPV"]) if group == "Polio" else group
            near = add(birth, random.choice(rows)[1]) + dt.timedelta(random.choice([-1, 0, 0, 1, 5, 27, 28, 29]))
            day = near if random.random() < 0.5 else birth + dt.timedelta(random.randrange(2600))
            history.append((max(day, birth), vaccine))
        vaccines = [v for _, v in history]
        if "IPV" not in vaccines or "bOPV" in vaccines:
            yield "2026", birth, history


def write(folder, out, seed):
    random.seed(seed)
    all_tables = tables(folder)
    with open(out, "w", encoding="utf-8") as file:
        for edition, birth, history in [*at_the_edges(all_tables), *by_chance(all_tables, 6000)]:
            doses = {group: rows for (of, group), rows in all_tables.items() if of == edition}
            line = {
                "schedule": edition, "sex": "f", "birth": str(birth), "as_of": str(max(d for d, _ in history)), "conditions": [],
                "history": [{"date": str(d), "vaccine": v} for d, v in history],
                "expected": verdicts(doses, birth, history),
            }
            file.write(json.dumps(line) + "\n")


def compare(asked, answered):
    total = different = 0
    with open(asked, encoding="utf-8") as questions, open(answered, encoding="utf-8") as answers:
        for question, answer in zip(questions, answers):
            question, answer = json.loads(question), json.loads(answer)
            for dose in answer["doses"]:
                expected = question["expected"][dose["index"]]
                total += 1
                # Too old for the product is not valid here and extraneous there; neither counts.
                if {dose["status"], expected} not in ({expected}, {"not_valid", LATER}):
                    different += 1
                    print(question["schedule"], question["birth"], question["history"], dose["date"], dose["status"], expected)
    print(total, "doses,", different, "different")


if sys.argv[1] == "compare":
    compare(sys.argv[2], sys.argv[3])
else:
    write(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
