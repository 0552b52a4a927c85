#!/usr/bin/env bash
# Times whole commands, from process start to last line: minimum, median and maximum of N runs, with peak memory.
#
#   bench/commands.sh [PROGRAM] [RUNS]      PROGRAM is target/release/comity unless named, RUNS is 5
#
# The record of published datasets is made from ../shared/data; where that is not there, only the starter is timed.
set -euo pipefail
cd "$(dirname "$0")/.."
# Every run answers its queries.
export COMITY_CACHE=off
program=$(realpath "${1:-target/release/comity}")
runs=${2:-5}
data=../shared/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$program" "$runs" "$data" "$work" <<'PY'
import os, resource, shutil, statistics, subprocess, sys, time

program, runs, data, work = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
folders = "cow-states cow-mid atop cow-alliances cow-nmc ucdp cow-territorial-change icow cow-war".split()
record = os.path.join(work, "record")


def once(arguments):
    start = time.perf_counter()
    pid = os.posix_spawn(program, [program, *arguments], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                                       (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(arguments)}: exit {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def timed(title, arguments, before=lambda: None):
    walls, cpus, peaks = [], [], []
    for _ in range(runs):
        before()
        wall, cpu, peak = once(arguments)
        walls.append(wall), cpus.append(cpu), peaks.append(peak)
    print(f"{title:<44} {min(walls):6.3f} {statistics.median(walls):6.3f} {max(walls):6.3f} s wall   "
          f"{statistics.median(cpus):6.3f} s processor   {max(peaks):5.0f} MB")


print(f"{program}, {runs} runs: minimum, median, maximum")
timed("audit CHN, starter", ["audit", "CHN"])
timed("audit --all --format json, starter", ["audit", "--all", "--format", "json"])
if os.path.isdir(data):
    paths = [os.path.join(data, f) for f in folders]
    timed("record add, nine folders, empty record", ["record", "add", *paths, "--record", record],
          lambda: shutil.rmtree(record, ignore_errors=True))
    everything = os.path.join(work, "everything")
    timed("record add, every folder, empty record", ["record", "add", data, "--record", everything],
          lambda: shutil.rmtree(everything, ignore_errors=True))
    size = sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(everything) for f in files)
    print(f"{'that record on disk':<44} {size / 1e6:6.1f} MB")
    timed("audit CHN, record of everything", ["audit", "CHN", "--record", everything])
    timed("audit CHN, full record", ["audit", "CHN", "--record", record])
    timed("audit --all --format json, full record", ["audit", "--all", "--format", "json", "--record", record])
else:
    print("skipped: ../shared/data is not here")
PY
