#!/usr/bin/env bash
# Events: lines to daily counts by pair beside DuckDB over the same file, in turns; then a store that is filled, takes a file of fifteen
# minutes in, and gives its counts.
#
#   bench/event-store.sh [RUNS] [LINES] [STORED] [PROFILE]
#
# Invented lines of the width of GDELT 2.0: LINES (10 million) in one file, STORED (10 million) in the store. Two threads each. Needs Python;
# DuckDB is installed into a virtual environment, unless EVENT_PYTHON names a Python that has it. The folder (EVENT_BENCH) is kept if it is named.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-5} lines=${2:-10000000} stored=${3:-10000000} profile=${4:-release}
folder=${EVENT_BENCH:-$(mktemp -d)}
mkdir -p "$folder"
[ -n "${EVENT_BENCH:-}" ] || trap 'rm -rf "$folder"' EXIT
cargo build --quiet --manifest-path "$here/Cargo.toml" -p comity-events --examples --profile "$profile"
target=${CARGO_TARGET_DIR:-$here/target}
python=${EVENT_PYTHON:-$folder/venv/bin/python}
if [ ! -x "$python" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet duckdb
fi
"$python" "$here/bench/event-store.py" "$folder" "$target/$profile/examples" "$runs" "$lines" "$stored"
