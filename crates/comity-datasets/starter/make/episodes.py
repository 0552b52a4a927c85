#!/usr/bin/env python3
"""Writes conflicts/episodes.csv from the UCDP/PRIO Armed Conflict Dataset (CC BY 4.0).

    python3 episodes.py PATH/TO/UcdpPrioConflict_v25_1.csv > ../conflicts/episodes.csv

One line per conflict and type: the years in which it took 25 lives or more, with their intensity, and the states that took part, with their
years where these differ. Gleditsch-Ward numbers become those of the Correlates of War by date. Needs nothing but Python.
"""
import csv
import sys
from collections import defaultdict

HEAD = """\
# Armed conflicts of all types: between states (type 2), against a colony or territory abroad (type 1), inside a state (type 3) and inside a
# state with foreign troops (type 4): the years in which they took 25 lives or more, and the states that took part: a and b the primary sides, a2
# and b2 those that sent troops to them. Inside a state, a is its government.
# Computed by make/episodes.py from the UCDP/PRIO Armed Conflict Dataset 25.1 (CC BY 4.0; Davies, Pettersson, Sollenberg and Oberg 2025; Gleditsch et al.
# 2002), for these facts only; numbers of states follow the Correlates of War by date (255 for Germany and 679 for Yemen since 1990, 345 for Serbia).
# Written as runs of years, see src/starter/episodes.rs. Hyderabad 1948 is no state of the system and stands on no row.
conflict_id,conflict_type,location,parties,years,source_row
"""
ROLES = [("a", "gwno_a"), ("b", "gwno_b"), ("a2", "gwno_a_2nd"), ("b2", "gwno_b_2nd")]
SAME = {340: 345, 972: 955, 973: 947, 970: 946, 971: 970}


def ccode(gw, year):
    if gw == 678 and year >= 1990:
        return 679
    if gw == 260 and year >= 1991:
        return 255
    return None if gw == 751 else SAME.get(gw, gw)


def runs(years):
    out = []
    for year in sorted(years):
        if out and out[-1][1] + 1 == year:
            out[-1][1] = year
        else:
            out.append([year, year])
    return [str(a) if a == b else f"{a}-{b}" for a, b in out]


def place(row):
    territory = row["territory_name"].strip()
    return f"{row['location']} ({territory})" if territory else row["location"]


def rows_of(path):
    """The rows. The file breaks one in two (conflict 11349, an internal one of China, in 2008): it is put together here."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        lines = file.read().replace("\r", "").splitlines()
    broken = [n for n, line in enumerate(lines) if line.startswith(";")]
    for n in reversed(broken):
        before = lines[n - 1].rstrip(";")
        year, level, _, kind = lines[n].split(";")[1:5]
        assert before.startswith("11349;China;") and (year, kind) == ("2008", "3"), before
        cells = before.split(";") + [year, level, "0", kind]
        cells += [""] * (21 - len(cells)) + ["710"]
        lines[n - 1 : n + 1] = [";".join(cells)]
    return csv.DictReader(lines, delimiter=";", restval="")


def main(path):
    years = defaultdict(dict)
    parties = defaultdict(lambda: defaultdict(set))
    names = {}
    for row in rows_of(path):
        key, year = (int(row["conflict_id"]), int(row["type_of_conflict"])), int(row["year"])
        years[key][year] = int(row["intensity_level"])
        names.setdefault(key, place(row))
        for role, column in ROLES:
            for gw in filter(None, (cell.strip() for cell in row[column].split(","))):
                code = ccode(int(gw), year)
                if code is not None:
                    parties[key][role, code].add(year)
    sys.stdout.write(HEAD)
    out = csv.writer(sys.stdout, lineterminator="\n")
    for key in sorted(years):
        whole = set(years[key])
        cells = []
        for (role, code), own in sorted(parties[key].items(), key=lambda p: ([r for r, _ in ROLES].index(p[0][0]), p[0][1])):
            cells.append(f"{role}={code}" if own == whole else f"{role}={code}@{'+'.join(runs(own))}")
        by_level = []
        for year in sorted(whole):
            level = years[key][year]
            if by_level and by_level[-1][2] == level and by_level[-1][1] + 1 == year:
                by_level[-1][1] = year
            else:
                by_level.append([year, year, level])
        spans = [f"{a if a == b else f'{a}-{b}'}:{level}" for a, b, level in by_level]
        out.writerow([key[0], key[1], names[key], " ".join(cells), " ".join(spans), f"UCDP conflict {key[0]}"])


main(sys.argv[1])
