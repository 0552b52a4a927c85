"""Runs the frame of the peers in turns and prints medians and ratios; called by panel.sh."""
import os, statistics, subprocess, sys, time

target, peers, folder, runs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
python = os.path.join(folder, "venv/bin/python")
record = os.path.join(folder, "record")
groups = "pledges,disputes:cow,contiguity,distance:capital,majors,nmc,igos,rivalries,peace-years"
panel = [f"{target}/comity", "panel", "dyad-years", "--directed", "--extend-to", "2025", "--with", groups, "--record", record]
# What `panel` runs in each: a title, a family, and the command.
commands = {
    ("memory", "comity"): [f"{target}/examples/frame_in_memory", record],
    ("memory", "polars"): [python, f"{peers}/panel_polars.py"],
    ("memory", "duckdb"): [python, f"{peers}/panel_duckdb.py", "unordered"],
    ("parquet", "comity"): [*panel, "-o", f"{folder}/ours.parquet"],
    ("parquet", "polars"): [python, f"{peers}/panel_polars.py", f"{folder}/polars.parquet"],
    ("parquet", "duckdb"): [python, f"{peers}/panel_duckdb.py", "ordered", f"{folder}/duckdb.parquet"],
}


def once(command):
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                                        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


taken = {key: [] for key in commands}
for _ in range(runs):
    for key, command in commands.items():
        taken[key].append(once(command))
print(f"2,252,760 x 56, {runs} runs in turns: median wall of the process, peak memory")
for where in ("memory", "parquet"):
    ours = statistics.median(t for t, _ in taken[where, "comity"])
    our_peak = max(m for _, m in taken[where, "comity"])
    for who in ("comity", "polars", "duckdb"):
        wall = statistics.median(t for t, _ in taken[where, who])
        peak = max(m for _, m in taken[where, who])
        size = {"comity": "ours"}.get(who, who) + ".parquet"
        file = os.path.join(folder, size)
        on_disk = f"  {os.path.getsize(file) / 1e6:5.1f} MB file" if where == "parquet" else ""
        ratio = "" if who == "comity" else f"  ours: {ours / wall:.3f} of its time, {our_peak / peak:.3f} of its memory"
        print(f"{where:<8} {who:<7} {wall:6.3f} s  {peak:5.0f} MB{on_disk}{ratio}")
subprocess.run([f"{target}/examples/frame_in_memory", record, "again"], check=True)
# The cost grows with the rows: years of the same frame.
for years in ("1990-2014", "1940-2014", "1816-2014"):
    times, rows = [], ""
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run([*panel, "--years", years, "-o", f"{folder}/part.parquet"], check=True, capture_output=True, text=True)
        times.append(time.perf_counter() - start)
        rows = done.stderr.split(" ", 1)[0]
    print(f"{years}: {rows} rows in {statistics.median(times):.3f} s to Parquet")
months = [f"{target}/comity", "panel", "dyad-months", "--directed", "--with", "majors,contiguity", "--record", record, "-o", f"{folder}/months.parquet"]
wall, peak = once(months)
print(f"directed dyad-months of two centuries: {wall:.1f} s, {peak:.0f} MB peak, {os.path.getsize(f'{folder}/months.parquet') / 1e6:.0f} MB file")
