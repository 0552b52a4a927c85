"""Runs both programs in turns over invented lines, then fills a store and measures it; see event-store.sh."""

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb

THREADS = 2
A_DAY = 200_000
A_QUARTER = A_DAY // 96


def run(*words: object) -> tuple[float, float, float, str]:
    """Seconds, seconds of processors, megabytes and output of a program."""
    begun = time.perf_counter()
    child = subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, (words, status)
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def invented(bin: Path, folder: Path, lines: int, first: int = 0) -> Path:
    file = folder / f"{lines}-{first}.export.CSV"
    if not file.exists():
        run(bin / "invented_gdelt", file, lines, A_DAY, first)
    return file


NAMES = {
    1: ("day", "INTEGER"), 5: ("a", "VARCHAR"), 7: ("actor", "VARCHAR"), 15: ("b", "VARCHAR"), 17: ("target", "VARCHAR"),
    26: ("code", "VARCHAR"), 28: ("root", "VARCHAR"), 29: ("quad", "TINYINT"), 30: ("goldstein", "DOUBLE"), 31: ("mentions", "INTEGER"),
    32: ("sources", "INTEGER"), 33: ("articles", "INTEGER"), 59: ("added", "BIGINT"), 60: ("url", "VARCHAR"),
}


def query(file: Path, whole: bool) -> str:
    """Counts by day and pair: events, quad classes and scores; or all that ours counts, with each story once."""
    kinds = dict(NAMES.get(n, (f"c{n}", "VARCHAR")) for n in range(61))
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    sums = [f"count(*) filter (where quad = {n})" for n in (1, 2, 3, 4)] + ["sum(goldstein)", "count(goldstein)"]
    stories, known = "0", ""
    if whole:
        stories = "count(distinct (a, b, code, url))"
        known = ", added // 1000000 as known"
        sums += [f"count(*) filter (where root = '{n:02}')" for n in range(1, 21)] + ["sum(mentions)", "sum(sources)", "sum(articles)"]
    # All that can help it is told: the types of the columns used, no sniffing, no quotes, no order to keep.
    return f"""
        select count(*)::bigint, sum(events)::bigint, sum(stories)::bigint
        from (select day, actor, target{known}, count(*) events, {stories} stories, {", ".join(sums)}
              from read_csv('{file}', delim = '\t', header = false, quote = '', escape = '', auto_detect = false,
                            columns = {{{columns}}}, null_padding = false)
              group by day, actor, target{", known" if whole else ""})"""


def duck(file: Path, whole: bool) -> tuple[float, str]:
    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}; set preserve_insertion_order = false")
    begun = time.perf_counter()
    rows, events, stories = connection.execute(query(file, whole)).fetchone()
    return time.perf_counter() - begun, f"{rows} {events} {stories}"


def beside(bin: Path, file: Path, runs: int) -> None:
    times: list[tuple[float, float, float]] = []
    peak = 0.0
    run(bin / "event_counts", file, THREADS)
    for _ in range(runs):
        own, _, memory, said = run(bin / "event_counts", file, THREADS)
        bare, _ = duck(file, False)
        whole, other = duck(file, True)
        found = re.search(r"sums (\d+ \d+ \d+)", said)
        assert found and found[1] == other, (said, other)
        peak = max(peak, memory)
        times.append((own, bare, whole))
        print(f"  ours {own:.2f} s, DuckDB {bare:.2f} s (events, quads, scores) and {whole:.2f} s (all that ours counts)")
    own, bare, whole = (statistics.median(t) for t in zip(*times))
    ratios = [statistics.median(t[0] / t[n] for t in times) for n in (1, 2)]
    print(f"{file.stat().st_size / 1e9:.2f} GB, DuckDB {duckdb.__version__}, {THREADS} threads; both count {other} rows, events and stories")
    print(f"median: ours {own:.2f} s, {peak:.0f} MB; DuckDB {bare:.2f} s (ratio {ratios[0]:.2f}) and {whole:.2f} s ({ratios[1]:.2f})")


def main() -> None:
    folder, bin, runs, lines, stored = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
    print("lines to daily counts by pair")
    size = 100_000
    while size < lines:
        seconds, busy, memory, _ = run(bin / "event_counts", invented(bin, folder, size), THREADS)
        print(f"  {size} lines: {seconds:.2f} s, {busy:.2f} s of processors, {memory:.0f} MB")
        size *= 10
    beside(bin, invented(bin, folder, lines), runs)
    store = folder / "store"
    print(f"a store of {stored} events")
    print("  " + run(bin / "event_store", store, "fill", stored)[3].strip().splitlines()[-1])
    quarters = [invented(bin, folder, A_QUARTER, stored + n * A_QUARTER) for n in range(9)]
    print(run(bin / "event_store", store, "add", *quarters)[3])
    for what in ("counts", "anew"):
        seconds, busy, memory, said = run(bin / "event_store", store, what)
        print(f"  {what}: {seconds:.2f} s, {busy:.2f} s of processors, {memory:.0f} MB; {said.splitlines()[0]}")


if __name__ == "__main__":
    main()
