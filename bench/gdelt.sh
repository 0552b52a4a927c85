#!/usr/bin/env bash
# Adding up a GDELT export by day and dyad: ours against DuckDB's CSV reader doing the same, in turns.
#
#   bench/gdelt.sh [RUNS] [LINES] [PROFILE]
#
# The real file of `../shared/data` is repeated to LINES lines (10 million) in a temporary folder. Needs Python; DuckDB is
# installed into a virtual environment in that folder. Two threads each.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-5} lines=${2:-10000000} profile=${3:-release}
data=${GDELT_EXPORT:-$here/../shared/data/events-gdelt/20180101000000.export.CSV}
if [ ! -f "$data" ]; then
    echo "skipped: $data is not here"
    exit 0
fi
folder=${GDELT_BENCH:-$(mktemp -d)}
mkdir -p "$folder"
[ -n "${GDELT_BENCH:-}" ] || trap 'rm -rf "$folder"' EXIT
cargo build --quiet --manifest-path "$here/Cargo.toml" -p comity-record --example gdelt_by_day --profile "$profile"
target=${CARGO_TARGET_DIR:-$here/target}
if [ ! -x "$folder/venv/bin/python" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet duckdb
fi
"$folder/venv/bin/python" "$here/bench/gdelt.py" "$data" "$folder" "$target/$profile/examples/gdelt_by_day" "$runs" "$lines"
