"""The timing behind bench/python.sh: PROGRAM RECORD RUNS."""

import statistics
import subprocess
import sys
import time

program, record, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
GROUPS = "pledges,disputes:cow,contiguity,distance:capital,majors,nmc,igos,rivalries,peace-years".split(",")


def median(times):
    return f"{statistics.median(times):.3f} s (of {len(times)}: {min(times):.3f} to {max(times):.3f})"


def imports(code):
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - began)
    return times


bare, ours = imports("pass"), imports("import comity")
print(f"interpreter alone   {median(bare)}")
print(f"with import comity  {median(ours)}; the import {statistics.median(ours) - statistics.median(bare):.3f} s")

import comity
import polars

rec = comity.Record(record)


def call(narrow):
    began = time.perf_counter()
    table = rec.panel("dyad-years", GROUPS, directed=True, extend_to=2025, narrow=narrow)
    frame = polars.DataFrame(table)
    took = time.perf_counter() - began
    for name, kind in table.types.items():
        if kind.startswith(("Int", "UInt", "Float")):
            lie = [chunk.to_arrow().buffers()[1].address for chunk in frame[name].get_chunks()]
            assert lie == [address for address, _ in table._rows.addresses(name)], f"{name} was copied"
    return took, frame.height


rust = {"narrow": [], "wide": []}
python = {"narrow": [], "wide": []}
# The first calls read the record's files.
call(True)
for _ in range(runs):
    for line in subprocess.run([program, record, "2"], capture_output=True, text=True, check=True).stdout.splitlines()[2:]:
        kind, seconds, rows = line.split()
        rust[kind].append(float(seconds))
    for kind in python:
        took, height = call(kind == "narrow")
        assert height == int(rows)
        python[kind].append(took)
for kind in python:
    ratio = statistics.median(python[kind]) / statistics.median(rust[kind])
    print(f"{kind:6} types, {rows} rows: Rust {median(rust[kind])}, Python to Polars {median(python[kind])}, ratio {ratio:.2f}")
print("no number was copied")
