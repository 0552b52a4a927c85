#!/usr/bin/env python3
"""Writes memberships/agencies.csv: full members of worldwide organisations, by the lists of the depositaries of their founding treaties.

    comity query --record REC "select treaty_id, ccode, in_force, start, start_year, end_year from treaty_participation
        where status = 'party' and ccode is not null" --format csv | python3 agencies.py > ../memberships/agencies.csv

REC holds un-treaties (lists of 14 March 2015 and 3 February 2026) and wipo-treaties (3 February 2026). Needs nothing but Python.

* A state is a member from the day on which it was bound, and not before the founding treaty was in force. The Law of the Sea convention binds on
  the thirtieth day after the deposit (art. 308), the Rome Statute on the first of the month after the sixtieth (art. 126).
* A state that was bound before it was a state of the system has the year of its entry alone.
* Who left is in LEFT with its day. States that ended are on no list: `except` in sources.toml names them.
"""
import csv
import sys
from datetime import date, timedelta

UN = "UN Treaty Collection {}, status of 2015-03-14"
WIPO = "WIPO Lex, contracting parties of the {}, 2026-02-03"
# Abbreviation of the field's data on organisations, name, source, day on which the founding treaty entered into force.
BODIES = {
    "IX-1": ("WHO", "World Health Organization", UN.format("IX-1"), "1948-04-07"),
    "XII-1": ("IMO", "International Maritime Organization", UN.format("XII-1"), "1958-03-17"),
    "X-8": ("IFAD", "International Fund for Agricultural Development", UN.format("X-8"), "1977-11-30"),
    "X-9": ("UNIDO", "United Nations Industrial Development Organization", UN.format("X-9"), "1985-06-21"),
    "XXI-6": ("ISA", "International Seabed Authority", UN.format("XXI-6"), "1994-11-16"),
    "XVIII-10": ("ICC", "International Criminal Court", UN.format("XVIII-10"), "2002-07-01"),
    "WIPO-1": ("WIPO", "World Intellectual Property Organization", WIPO.format("WIPO Convention"), "1970-04-26"),
    "WIPO-15": ("IUPLAW", "Berne Union", WIPO.format("Berne Convention"), "1887-12-05"),
}
# Withdrawals, with the day on which they took effect (depositary notifications), and the seat of China (WHA25.1).
LEFT = {
    ("UNIDO", 2): "1996-12-31",
    ("UNIDO", 20): "1993-12-31",
    ("UNIDO", 200): "2012-12-31",
    ("UNIDO", 220): "2014-12-31",
    ("UNIDO", 235): "2014-12-31",
    ("UNIDO", 920): "2013-12-31",
    ("IFAD", 900): "2007-07-31",
}
# The acceptance of 1946 and that of 1950 were those of 713 and 817.
SINCE = {("WHO", 710): "1972-05-10", ("WHO", 816): "1976-07-02"}
MORE = [("WHO", 713, "1948-04-07", "1972-05-09"), ("IMO", 713, "1958", "1972")]
# States of which the lists do not say whether and when they were members.
UNKNOWN = {265, 315, 345, 678, 680, 817}


def bound(body, day):
    """The day on which an act takes effect."""
    day = date.fromisoformat(day)
    if body == "ISA":
        day += timedelta(30)
    if body == "ICC":
        day += timedelta(60)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day.isoformat()


def spell(body, founded, row):
    act = row["in_force"] or (row["start"] and bound(body, row["start"]))
    start = act if row["start"] or act and act[:4] >= row["start_year"] else row["start_year"]
    start = max(start, founded) if len(start) > 4 else start if start > founded[:4] else founded
    code = int(row["ccode"])
    return code, SINCE.get((body, code), start), LEFT.get((body, code), row["end_year"])


def main():
    rows = [row for row in csv.DictReader(sys.stdin) if row["treaty_id"] in BODIES]
    sys.stdout.write("""\
# Full members of worldwide organisations by the lists of the depositaries of their founding treaties: public facts from the United Nations Treaty Collection
# (treaties.un.org, status of 14 March 2015: an end in 2015 is that of what is known) and WIPO Lex (wipo.int, 3 February 2026). Made by make/agencies.py,
# which has the withdrawals with their days. The seat of China in the World Health Organization was that of 713 until the resolution WHA25.1 of 10 May 1972.
organization,ccode,kind,name,start,end,source_row
""")
    out = csv.writer(sys.stdout, lineterminator="\n")
    for treaty, (body, name, source, founded) in BODIES.items():
        spells = [spell(body, founded, row) for row in rows if row["treaty_id"] == treaty]
        spells += [(code, start, end) for of, code, start, end in MORE if of == body]
        spells = sorted(s for s in spells if s[0] not in UNKNOWN and (not s[2] or s[2][:4] >= s[1][:4]))
        first = (body, "full", name, source)
        for code, start, end in spells:
            organization, kind, title, listed = first
            out.writerow([organization, code, kind, title, start, end, listed])
            first = ("~",) * 4


main()
