#!/usr/bin/env python3
"""Writes the compact files that are made from published lists, out of answers of `comity query … --format csv` over a record that holds them.

    comity query --record REC "select treaty_id, treaty, ccode, status, signed, start, start_year, \\"end\\", end_year, left_by
        from treaty_participation where ccode is not null" --format csv | python3 compact.py participation > ../treaties/participation.csv
    comity query --record REC "select ccode, year, sum(personnel) as personnel from peacekeeping
        where ccode is not null group by ccode, year" --format csv | python3 compact.py personnel > ../peacekeeping/personnel.csv
    comity query --record REC "select ccode, year, gdp_growth from economy
        where gdp_growth is not null" --format csv | python3 compact.py growth > ../economy/growth.csv
    comity query --record REC --source trade_agreements=wto-rta "select agreement_id, name, kind, ccode, start, start_year, \"end\", end_year
        from trade_agreements where ccode is not null" --format csv | python3 compact.py agreements > ../agreements/agreements.csv

REC holds un-treaties (lists of 14 March 2015 and 3 February 2026), un-peacekeeping (yearly means), wdi and wto-rta (export of February 2026). Needs nothing but Python.
"""
import csv
import sys
from collections import defaultdict

NEWEST = "2026-02-03"
OLDER = "2015-03-14"
# Treaties that were open to all states, by chapter and number of the United Nations Treaty Collection. Those of chapters IV and XXVI are in both
# lists, the others in that of 2015 alone.
TREATIES = """IV-2 IV-3 IV-4 IV-5 IV-8 IV-8-b IV-9 IV-9-b IV-11 IV-11-b IV-11-c IV-12 IV-13 IV-15 IV-15-a IV-16
XXVI-1 XXVI-2 XXVI-2-a XXVI-2-b XXVI-2-d XXVI-3 XXVI-4 XXVI-5 XXVI-6 XXVI-8
III-3 III-6 IV-1 V-2 V-5 VI-19 IX-4 XVIII-5 XVIII-7 XVIII-9 XVIII-10 XVIII-11 XVIII-12 XVIII-12-a XVIII-14 XVIII-15 XXI-6 XXII-1 XXIII-1
XXVII-2 XXVII-2-a XXVII-3 XXVII-7 XXVII-8 XXVII-10 XXVII-15""".split()
# Who left, with the day on which it took effect (depositary notifications of the Secretary-General). The lists no longer name them, or do not say.
LEFT = {
    ("IV-5", 51): "1998-01-23",
    ("IV-5", 52): "2000-06-27",
    ("IV-5", 370): "2023-02-08",
    ("XXVI-4", 365): "2023-11-03",
    ("XXVI-5", 366): "2025-12-27",
    ("XXVI-5", 367): "2025-12-27",
    ("XXVI-5", 368): "2025-12-27",
    ("XXVI-5", 375): "2026-01-10",
    ("XXVI-6", 368): "2025-03-06",
}
# Who is a signatory again since it left.
AGAIN = {("XXVI-4", 365): "2023-11-03"}


def days(start, end):
    return f"{start}..{end}" if end else start


def participation(rows):
    parties, signatories, titles = defaultdict(dict), defaultdict(dict), {}
    rows = [row for row in rows if row["treaty_id"] in TREATIES]
    # A spell as a signatory that ends the day before the same state is bound is written with the party.
    before = {(r["treaty_id"], r["ccode"], r["start"]) for r in rows if r["status"] == "signatory" and r["start"] and r["end"]}
    folded = set()
    for row in sorted(rows, key=lambda r: r["status"]):
        treaty, code = row["treaty_id"], int(row["ccode"])
        titles[treaty] = row["treaty"]
        start = row["start"] or row["start_year"] or "?"
        # A list's own day is no end.
        end = row["end"] or (row["end_year"] if row["end_year"] not in ("", OLDER[:4]) else "")
        signing = (treaty, row["ccode"], row["signed"] if row["status"] == "party" else row["start"])
        if row["status"] == "party":
            end = LEFT.get((treaty, code), end)
            signed = f"/{row['signed']}" if row["start"] and signing in before else ""
            if signed:
                folded.add(signing)
            parties[treaty].setdefault(code, []).append(f"{code}{signed}={days(start, end)}")
        elif signing not in folded and (treaty, code) not in AGAIN:
            signatories[treaty].setdefault(code, []).append(f"{code}={days(start, end)}")
    for (treaty, code), day in AGAIN.items():
        signatories[treaty][code] = [f"{code}={day}"]
    sys.stdout.write("""\
# Who is a party to treaties that were open to all states, and who signed and is not bound: public facts from the status lists of the United Nations
# Treaty Collection (treaties.un.org), read on 14 March 2015 and 3 February 2026, with the withdrawals that the lists no longer show. Made by
# make/compact.py; how a line is read stands in src/starter/participation.rs. Participants that are no states of the system stand on no row.
treaty_id,treaty,listed,parties,signatories,source_row
""")
    out = csv.writer(sys.stdout, lineterminator="\n")
    for treaty in TREATIES:
        cell = lambda by_state: " ".join(item for code in sorted(by_state) for item in by_state[code])
        listed = OLDER if not treaty.startswith(("IV-", "XXVI-")) or treaty == "IV-1" else NEWEST
        source = f"UN Treaty Collection {treaty}, status of {listed}"
        out.writerow([treaty, titles[treaty], listed, cell(parties[treaty]), cell(signatories[treaty]), source])


def by_state(rows, column, years, digits):
    values = defaultdict(dict)
    for row in rows:
        if int(row["year"]) in years and row[column]:
            text = f"{float(row[column]):.{digits}f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            values[int(row["ccode"])][int(row["year"])] = "0" if text == "-0" else text
    return values


def series(values):
    """`1961: 1.5 2 . 3`: values from a first year on, a dot where there is none."""
    first, last = min(values), max(values)
    return f"{first}: " + " ".join(values.get(year, ".") for year in range(first, last + 1))


def personnel(rows):
    values = by_state(rows, "personnel", USABLE, 1)
    sys.stdout.write("""\
# Uniformed personnel in the peace operations of the United Nations by contributor, all missions together: public facts from the monthly reports of the
# Department of Peace Operations (psdata.un.org, DPO-UCHISTORICAL), as yearly means that others made of them. In 2013-2016 one month is missing
# and counted as nothing: the figures of these years are a twelfth too low for every contributor. 2011, 2012 and 2017 lack more and are left out.
# Made by make/compact.py. Who is on no line, or has no figure in a year, sent nobody.
ccode,values,source_row
""")
    out = csv.writer(sys.stdout, lineterminator="\n")
    for code in sorted(values):
        kept = {year: value for year, value in values[code].items() if float(value) > 0}
        if kept:
            out.writerow([code, series(kept), "psdata.un.org DPO-UCHISTORICAL, yearly mean"])


USABLE = {2013, 2014, 2015, 2016, 2018, 2019, 2020}


def growth(rows):
    values = by_state(rows, "gdp_growth", range(1961, 2025), 2)
    sys.stdout.write("""\
# Growth of real output, percent a year: World Bank, World Development Indicators, NY.GDP.MKTP.KD.ZG, snapshot of 1 July 2026 (CC BY 4.0).
# Made by make/compact.py: rounded to a hundredth of a percent, for states of the system.
ccode,values,source_row
""")
    out = csv.writer(sys.stdout, lineterminator="\n")
    for code in sorted(values):
        out.writerow([code, series(values[code]), "World Bank NY.GDP.MKTP.KD.ZG"])


def agreements(rows):
    members, heads = defaultdict(list), {}
    for row in rows:
        if row["start_year"]:
            heads[row["agreement_id"]] = (row["name"], row["kind"])
            end = row["end"] or row["end_year"]
            members[row["agreement_id"]].append((int(row["ccode"]), days(row["start"] or row["start_year"], end)))
    sys.stdout.write("""\
# Trade agreements notified to the World Trade Organization, with the states that signed them and the days from which and to which they are in force: public
# facts from its database of regional trade agreements (rtais.wto.org), export of February 2026, reuse with attribution. Made by make/compact.py.
# An agreement of the European Union stands on the lines of the states that were members when it was signed.
agreement_id,name,kind,members,source_row
""")
    out = csv.writer(sys.stdout, lineterminator="\n")
    for number in sorted(members, key=int):
        name, kind = heads[number]
        cell = " ".join(f"{code}={span}" for code, span in sorted(set(members[number])))
        out.writerow([number, " ".join(name.split()), kind, cell, f"WTO RTA-IS {number}"])


{"agreements": agreements, "participation": participation, "personnel": personnel, "growth": growth}[sys.argv[1]](csv.DictReader(sys.stdin))
