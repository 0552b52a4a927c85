#!/usr/bin/env bash
# Advice on acts over a record: whole commands by kind of act and what they add (medians, with peak memory), then of a record that is open
# and a policy that was evaluated once: one act by kind, a package of a thousand, a thousand one after the other, a search.
#
#   bench/advise.sh [PROGRAM] [RUNS]      PROGRAM is target/release/comity unless named, RUNS is 5
#
# The record is made from ../shared/data, unless RECORD names one that is there; without either only the starter is asked.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/release/comity}")
runs=${2:-5}
record=${RECORD:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$record" ] && [ -d ../shared/data ]; then
  record=$work/record
  for folder in ../shared/data/*; do
    "$program" record add "$folder" --record "$record" >/dev/null 2>&1 || echo "not added: $(basename "$folder")"
  done
fi

python3 - "$program" "$runs" "$record" "$work" <<'PY'
import os, statistics, subprocess, sys, time

program, runs, record, work = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
acts = ["defense pact with RUS from 2026", "use force against IND in 2026", "impose trade sanctions on IND in 2026",
        "annex territory of IND in 2026", "leave WTO in 2026", "veto a draft in 2026"]


def once(arguments, cache):
    environment = {**os.environ, "COMITY_CACHE": cache}
    start = time.perf_counter()
    to_nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    pid = os.posix_spawn(arguments[0], arguments, environment, file_actions=to_nowhere)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(arguments)}: exit {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


where = ["--record", record] if record else []
print(f"whole commands, medians of {runs} runs, over {'a record of published data' if record else 'the starter'}\n")
print("| command | answers kept off, s | MB | answers kept, s | MB |\n|---|---|---|---|---|")
for title, more in [(act, [act]) for act in acts] + [(f"{acts[2]} --find", [acts[2], "--find"])]:
    arguments = [program, "advise", "CHN", *more, *where]
    cells = []
    for cache in ["off", os.path.join(work, "cache")]:
        if cache != "off":
            once(arguments, cache)
        times, peaks = zip(*(once(arguments, cache) for _ in range(runs)))
        cells += [f"{statistics.median(times):.2f}", f"{max(peaks):.0f}"]
    print(f"| {title} | " + " | ".join(cells) + " |")
PY

[ -n "$record" ] || exit 0
cargo build --quiet --release --workspace --example advise
echo
"${CARGO_TARGET_DIR:-target}/release/examples/advise" "$record" "$runs"
