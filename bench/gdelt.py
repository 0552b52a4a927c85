"""Runs both programs in turns over the repeated export and prints the ratio of their times; see gdelt.sh."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb

THREADS = 2


def repeated(data: Path, folder: Path, lines: int) -> Path:
    """The export over and over, to so many lines."""
    big = folder / f"{lines}.export.CSV"
    if big.exists():
        return big
    block = data.read_bytes()
    if not block.endswith(b"\n"):
        block += b"\n"
    whole, rest = divmod(lines, block.count(b"\n"))
    with big.open("wb") as out:
        for _ in range(whole):
            out.write(block)
        out.write(b"".join(block.splitlines(keepends=True)[:rest]))
    return big


def ours(program: str, big: Path) -> tuple[float, str]:
    begun = time.perf_counter()
    done = subprocess.run([program, str(big), str(THREADS), "--check"], capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, done.stdout.strip()


NAMES = {1: ("day", "INTEGER"), 7: ("actor", "VARCHAR"), 17: ("target", "VARCHAR"), 29: ("quad", "TINYINT"), 30: ("goldstein", "DOUBLE")}


def duck(connection: duckdb.DuckDBPyConnection, big: Path) -> tuple[float, str]:
    # All that can help it is told: the types of the columns used, no sniffing, no quotes, no order to keep.
    kinds = dict(NAMES.get(n, (f"c{n}", "VARCHAR")) for n in range(61))
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    quads = ", ".join(f"count(*) filter (where quad = {n})" for n in (1, 2, 3, 4))
    sql = f"""
        select count(*)::bigint, sum(events)::bigint, sum(round(score * 10))
        from (select day, actor, target, count(*) events, sum(goldstein) score, count(goldstein) scored, {quads}
              from read_csv('{big}', delim = '\t', header = false, quote = '', escape = '', auto_detect = false,
                            columns = {{{columns}}}, null_padding = false)
              group by all)"""
    begun = time.perf_counter()
    rows, events, tenths = connection.execute(sql).fetchone()
    return time.perf_counter() - begun, f"{events} {rows} {tenths:g}" if abs(tenths) < 1e5 else f"{events} {rows} {tenths:.0f}"


def main() -> None:
    data, folder, program, runs, lines = sys.argv[1:]
    big = repeated(Path(data), Path(folder), int(lines))
    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}; set preserve_insertion_order = false")
    # Once each, so that the file is in memory for both.
    print("both say:", ours(program, big)[1], "|", duck(connection, big)[1])
    times: list[tuple[float, float]] = []
    for run in range(int(runs)):
        pair = (ours(program, big), duck(connection, big)) if run % 2 == 0 else (duck(connection, big), ours(program, big))[::-1]
        assert pair[0][1].split() == pair[1][1].split(), pair
        times.append((pair[0][0], pair[1][0]))
        print(f"run {run + 1}: ours {pair[0][0]:.2f} s, DuckDB {pair[1][0]:.2f} s")
    own, other = (statistics.median(t) for t in zip(*times))
    ratio = statistics.median(a / b for a, b in times)
    print(f"{big.stat().st_size / 1e9:.2f} GB, {lines} lines, DuckDB {duckdb.__version__}, {THREADS} threads")
    print(f"median: ours {own:.2f} s, DuckDB {other:.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
