#!/bin/sh
# Runs targets under coverage guidance, one after the other, and says what came of each.
# Usage: ./run.sh SECONDS TARGET...      (none named: every target that is built)
set -eu
cd "$(dirname "$0")"
seconds=${1:?seconds for each target}
shift
built=${CARGO_TARGET_DIR:-target}/release
findings=${FINDINGS:-findings}
[ $# -gt 0 ] || set -- $(ls seeds)
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1
mkdir -p "$findings"
printf '%-12s %8s %11s %6s %8s %6s\n' target seconds executions edges crashes hangs
for target in "$@"; do
    [ -x "$built/$target" ] || { echo "$target is not built"; continue; }
    nice -n 19 cargo afl fuzz -V "$seconds" -m 1024 -t 5000 -G 65536 -i "seeds/$target" \
        -o "$findings/$target" "$built/$target" >"$findings/$target.log" 2>&1 || {
        echo "$target did not run: see $findings/$target.log"
        continue
    }
    of() { sed -n "s/^$1 *: //p" "$findings/$target/default/fuzzer_stats"; }
    printf '%-12s %8s %11s %6s %8s %6s\n' "$target" "$(of run_time)" "$(of execs_done)" \
        "$(of edges_found)" "$(of saved_crashes)" "$(of saved_hangs)"
done
