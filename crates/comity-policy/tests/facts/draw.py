"""Draws the cells that the facts of history are taken from: `python3 draw.py > draw.csv`. README.md says how a cell is filled.

The generator is SplitMix64 (Steele, Lea & Flood 2014), so that any language can repeat the draw.
"""

import csv
import sys
from pathlib import Path

SEED = 19540429  # the day of the agreement in which China and India first wrote down the five principles
HERE = Path(__file__).parent
STATES = HERE / "../../../comity-datasets/starter/system/states.csv"

DECADES = [(1946, 1955), (1956, 1965), (1966, 1975), (1976, 1985), (1986, 1995), (1996, 2005), (2006, 2014), (2015, 2024)]
REGIONS = {
    "Americas": (2, 199),
    "Europe": (200, 399),
    "Africa": (400, 599),
    "Middle East": (600, 699),
    "Asia": (700, 899),
    "Oceania": (900, 999),
}
SIZES = ["great", "middle", "small"]
# Permanent members of the Security Council, and Germany and Japan since 1991, which some lists add.
GREAT = {2: 1946, 200: 1946, 220: 1946, 365: 1946, 710: 1949, 255: 1991, 740: 1991}
# States that had ten million inhabitants or more in the middle of their years since 1946, and the larger states of Oceania. All others are small.
MIDDLE = {
    20, 70, 100, 101, 135, 140, 155, 160, 40,
    210, 211, 230, 235, 260, 265, 290, 310, 315, 316, 325, 345, 350, 360, 369, 380,
    437, 452, 475, 490, 500, 501, 510, 530, 540, 541, 560, 580,
    600, 615, 625, 630, 640, 645, 651, 652, 666, 670, 679,
    700, 704, 705, 713, 731, 732, 740, 750, 770, 771, 775, 780, 790, 800, 811, 816, 817, 820, 840, 850,
    900, 910, 920,
}
# Verdicts: nine facts each, four of them years in which the state did not do the thing. Values: four each.
VERDICTS = [
    "no-great-power-alliance", "no-military-bloc", "no-arms-race", "no-military-expansion", "no-foreign-bases",
    "no-use-of-force", "no-threat-of-force", "peaceful-settlement", "no-interference", "no-hegemony",
    "equality-of-states", "charter-and-norms", "respect-territory", "keep-nonaggression", "no-standing-rivalry",
    "no-economic-coercion", "show-up",
]
VALUES = ["not-dependent", "with-the-majority", "relations-with-all", "technological-cooperation", "science-and-culture", "carry-the-load"]


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & (2**64 - 1)
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & (2**64 - 1)
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def shuffled(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def states():
    """(ccode, first year, last year) of each spell."""
    with STATES.open() as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            yield int(row["ccode"]), int(row["start"][:4]), int((row["end"] or "9999")[:4])


def size(ccode, year):
    if ccode in GREAT and year >= GREAT[ccode]:
        return "great"
    return "middle" if ccode in MIDDLE or ccode in GREAT else "small"


def in_cell(region, wanted, year):
    low, high = REGIONS[region]
    return sorted({c for c, a, b in ALL if low <= c <= high and a < year <= b and size(c, year) == wanted})


ALL = list(states())


def main():
    rng = SplitMix64(SEED)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["n", "commitment", "kind", "region", "decade", "size", "year", "states"])
    n = 0
    for commitment in VERDICTS + VALUES:
        kinds = rng.shuffled(["event"] * 5 + ["non-event"] * 4) if commitment in VERDICTS else ["figure"] * 4
        for kind in kinds:
            while True:
                region, wanted = list(REGIONS)[rng.below(len(REGIONS))], SIZES[rng.below(len(SIZES))]
                first, last = DECADES[rng.below(len(DECADES))]
                year = first + rng.below(last - first + 1)
                # The veto is that of the permanent members.
                if commitment == "equality-of-states":
                    wanted = "great"
                found = in_cell(region, wanted, year)
                if found:
                    break
            if commitment == "equality-of-states":
                found = [c for c in found if c not in (255, 740)] + ([713] if region == "Asia" and year <= 1971 else [])
            n += 1
            order = rng.shuffled(found)[:6]
            out.writerow([n, commitment, kind, region, f"{first}-{last}", wanted, year, " ".join(map(str, order))])


main()
