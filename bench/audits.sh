#!/usr/bin/env bash
# Times audits beside those of another program, in turns: medians of wall time, processor time and peak memory, and their ratios.
#
#   bench/audits.sh [PROGRAM] [RUNS] [PEER]      PROGRAM is target/release/comity unless named, RUNS is 5; without a PEER there are no ratios
#
# Each program reads a record of its own, made from the folders of ../shared/data that it can read (those that it refuses are named), unless
# RECORD or PEER_RECORD name a record that is there. Where that data is not there, only the starter is timed. "no cache" answers every query,
# "again" reads the answers that an audit before kept in a cache folder of the program's own (a program without one answers them twice).
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/release/comity}")
runs=${2:-5}
peer=${3:+$(realpath "$3")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

RECORD=${RECORD:-} PEER_RECORD=${PEER_RECORD:-} python3 - "$program" "$runs" "$peer" "$work" ../shared/data <<'PY'
import os, statistics, subprocess, sys, time

program, runs, peer, work, data = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]


def once(arguments, cache):
    environment = {**os.environ, "COMITY_CACHE": cache}
    start = time.perf_counter()
    to_nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    pid = os.posix_spawn(arguments[0], arguments, environment, file_actions=to_nowhere)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(arguments)}: exit {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def record_of(name, which):
    if os.environ.get(which):
        return os.environ[which]
    if not os.path.isdir(data):
        return None
    folder = os.path.join(work, which)
    refused = []
    for one in sorted(os.listdir(data)):
        path = os.path.join(data, one)
        if os.path.isdir(path) and subprocess.run(
                [name, "record", "add", path, "--record", folder], capture_output=True).returncode != 0:
            refused.append(one)
    if refused:
        print(f"{name} refuses {', '.join(refused)}")
    return folder


programs = [(program, record_of(program, "RECORD"))]
if peer:
    programs.append((peer, record_of(peer, "PEER_RECORD")))
audits = [("audit CHN, starter", ["audit", "CHN"], False),
          ("audit --all --format json, starter", ["audit", "--all", "--format", "json"], False),
          ("audit CHN, record of everything", ["audit", "CHN"], True),
          ("audit --all --format json, record of everything", ["audit", "--all", "--format", "json"], True)]
print(f"{runs} runs in turns: medians")
for title, arguments, on_record in audits:
    if on_record and None in [record for _, record in programs]:
        print(f"{title}: skipped, ../shared/data is not here")
        continue
    for kept in [False, True]:
        taken = [[] for _ in programs]
        for run in range(runs + kept):
            for at, (name, record) in enumerate(programs):
                cache = os.path.join(work, f"cache{at}") if kept else "off"
                one = once([name, *arguments, *(["--record", record] if on_record else [])], cache)
                # The first run of an audit fills its cache.
                if run >= kept:
                    taken[at].append(one)
        medians = [[statistics.median(column) for column in zip(*all)] for all in taken]
        how = f"{title}, {'again' if kept else 'no cache'}"
        for (name, _), (wall, cpu, peak) in zip(programs, medians):
            print(f"{how:<60} {wall:7.3f} s wall {cpu:7.3f} s processor {peak:6.0f} MB  {name}")
        if peer:
            wall, cpu, peak = (ours / theirs for ours, theirs in zip(*medians))
            print(f"{'':<60} {wall:7.2f}        {cpu:7.2f}             {peak:6.2f}     of the other")
PY
