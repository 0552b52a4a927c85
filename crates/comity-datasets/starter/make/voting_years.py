#!/usr/bin/env python3
"""Computes assembly/voting_years.csv from the General Assembly votes (CC0 1.0).

    python3 voting_years.py PATH/TO/unga-votes > ../assembly/voting_years.csv

The folder holds UNVotesPublished.RData (sessions 1-70, every state and roll call, with absences) and the tidy un_votes,
un_roll_calls and un_roll_call_issues (sessions 1-74, votes cast only). Needs pandas and pyreadr.

* A year is the calendar year of the vote. Days of the month before about 1990 are unreliable in the source; years and months are not.
* Roll calls: all that un_roll_calls lists. Votes: the .RData where it has the roll call, else un_votes.
* While a member: a vote cast, or an absence (code 8) after the month of admission and within the spells of memberships/un.csv; in the
  roll calls that only un_votes has (1997 and later), those spells alone. 678 after May 1990 is 679.
* The majority: the most common of yes, abstain and no among all votes cast; a vote for an option tied for most common is with it.
* Developing members: all but Europe, Northern America, Australia, New Zealand and Japan, which is how the United Nations'
  population division draws the line. Their majority is found the same way, on roll calls with the issue `ec`.
* Rows are for states of the international system in that year (Byelorussia and Ukraine voted before 1991 and were not) and for 713,
  which held China's seat until October 1971.
"""
import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
import pyreadr

HERE = Path(__file__).resolve().parent
VOTES = {"yes": 1, "abstain": 2, "no": 3}
# Cyprus, Armenia, Georgia and Azerbaijan lie in Western Asia; 200-395 is otherwise Europe.
IN_ASIA = {352, 371, 372, 373}
DEVELOPED = {2, 20, 740, 900, 920}
LAST_YEAR = 2019


def developing(ccode):
    europe = 200 <= ccode <= 395 and ccode not in IN_ASIA
    return not europe and ccode not in DEVELOPED


def rows_of(path):
    with open(path, encoding="utf-8") as f:
        yield from csv.DictReader(line for line in f if not line.startswith("#"))


def membership_spells():
    """Per ccode, the (first, last) months of membership in the United Nations."""
    spells = defaultdict(list)
    for row in rows_of(HERE.parent / "memberships" / "un.csv"):
        first = row["start"] if len(row["start"]) > 4 else row["start"] + "-10"
        spells[int(row["ccode"])].append((first[:7], (row["end"] or "9999-12")[:7]))
    return spells


def is_member(spells, ccode, date):
    return any(first <= date[:7] <= last for first, last in spells.get(ccode, ()))


def read(folder):
    full = next(iter(pyreadr.read_r(str(folder / "UNVotesPublished.RData")).values()))
    tidy = next(iter(pyreadr.read_r(str(folder / "un_votes.rda")).values()))
    calls = next(iter(pyreadr.read_r(str(folder / "un_roll_calls.rda")).values()))
    issues = next(iter(pyreadr.read_r(str(folder / "un_roll_call_issues.rda")).values()))
    for table in (full, tidy, calls, issues):
        table["rcid"] = table["rcid"].astype(int)
    return full, tidy, calls, issues


def codes_of_names(full, tidy):
    """The ccode of each of the tidy names, by the votes that both files hold."""
    cast = full[full.vote.isin([1, 2, 3])]
    known = set(cast.rcid)
    by_code, by_name = defaultdict(dict), defaultdict(dict)
    for rcid, ccode, vote in zip(cast.rcid, cast.ccode, cast.vote):
        by_code[ccode][rcid] = vote
    for rcid, name, vote in zip(tidy.rcid, tidy.country, tidy.vote):
        if rcid in known:
            by_name[str(name)][rcid] = VOTES[str(vote)]
    names = {}
    for name, votes in by_name.items():
        best = max(by_code, key=lambda c: sum(by_code[c].get(r) == v for r, v in votes.items()))
        same = sum(by_code[best].get(r) == v for r, v in votes.items())
        if same < 0.95 * len(votes):
            sys.stderr.write(f"{name}: {same} of {len(votes)} votes are those of {best}\n")
        names[name] = best
    return names


def most_common(votes):
    count = Counter(votes)
    top = max(count.values(), default=0)
    return {vote for vote, n in count.items() if n == top}


def main(folder):
    full, tidy, calls, issues = read(folder)
    date = {r: str(d)[:10] for r, d in zip(calls.rcid, calls.date)}
    economic = set(issues.rcid[issues.short_name == "ec"])
    spells = membership_spells()

    member, cast = defaultdict(set), defaultdict(dict)
    dropped = Counter()
    for rcid, ccode, vote in zip(full.rcid, full.ccode, full.vote):
        if vote == 9:
            continue
        if ccode == 678 and date[rcid] > "1990-05":
            ccode = 679
        arriving = any(date[rcid][:7] == first for first, _ in spells.get(ccode, ()))
        if vote == 8 and (arriving or not is_member(spells, ccode, date[rcid])):
            dropped[ccode, date[rcid][:4], vote] += 1
            continue
        member[rcid].add(ccode)
        if vote in (1, 2, 3):
            cast[rcid][ccode] = vote
    in_full = set(full.rcid)
    names = codes_of_names(full, tidy)
    for rcid, name, vote in zip(tidy.rcid, tidy.country, tidy.vote):
        if rcid not in in_full:
            cast[rcid][names[str(name)]] = VOTES[str(vote)]
    for rcid in set(date) - in_full:
        member[rcid] = {c for c in spells if is_member(spells, c, date[rcid])}
        for c in set(cast[rcid]) - member[rcid]:
            dropped[c, date[rcid][:4], cast[rcid].pop(c)] += 1
    for key, n in sorted(dropped.items()):
        sys.stderr.write(f"left out, not yet or no more a member: ccode={key[0]} year={key[1]} vote={key[2]}: {n}\n")

    figures = defaultdict(lambda: [0, 0, 0, 0, 0])
    for rcid in sorted(date):
        year = int(date[rcid][:4])
        if year > LAST_YEAR:
            continue
        world = most_common(cast[rcid].values())
        south = most_common(v for c, v in cast[rcid].items() if developing(c))
        for ccode in member[rcid]:
            f = figures[ccode, year]
            vote = cast[rcid].get(ccode)
            f[0] += 1
            if vote:
                f[1] += 1
                f[2] += vote in world
                if rcid in economic:
                    f[3] += 1
                    f[4] += vote in south

    system = defaultdict(list)
    for row in rows_of(HERE.parent / "system" / "states.csv"):
        system[int(row["ccode"])].append((int(row["start"][:4]), int((row["end"] or "9999")[:4])))
    out = csv.writer(sys.stdout, lineterminator="\n")
    sys.stdout.write("# Computed by make/voting_years.py from the General Assembly votes; see there for every definition.\n")
    out.writerow("ccode year roll_calls present with_majority economic with_developing source_row".split())
    source = "doi:10.7910/DVN/LEJUQZ"
    for (ccode, year), f in sorted(figures.items()):
        if ccode == 713 or any(a <= year <= b for a, b in system[ccode]):
            out.writerow([ccode, year, *f, source])
            source = "~"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
