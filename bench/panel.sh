#!/usr/bin/env bash
# The frame of ../shared/peers (directed dyad-years to 2025 with nine groups of covariates, 56 columns): ours, Polars and DuckDB in turns.
#
#   bench/panel.sh [RUNS] [PROFILE]
#
# Whole processes from start to end with peak memory: the frame in memory, and written to Parquet. The record is made from ../shared/data;
# where that is not there, it says so. Needs Python; Polars and DuckDB are installed into a virtual environment in a temporary folder.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-5} profile=${2:-release}
shared=$here/../shared
if [ ! -d "$shared/data" ] || [ ! -d "$shared/peers" ]; then
    echo "skipped: ../shared/data and ../shared/peers are not here"
    exit 0
fi
folder=${PANEL_BENCH:-$(mktemp -d)}
mkdir -p "$folder"
[ -n "${PANEL_BENCH:-}" ] || trap 'rm -rf "$folder"' EXIT
cargo build --quiet --manifest-path "$here/Cargo.toml" --workspace --bin comity --example frame_in_memory --profile "$profile"
target=${CARGO_TARGET_DIR:-$here/target}/$profile
if [ ! -x "$folder/venv/bin/python" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet polars duckdb
fi
rm -rf "$folder/record"
(cd "$shared/data" && "$target/comity" record add cow-states cow-mid cow-igo peacesciencer --record "$folder/record" >/dev/null)
"$folder/venv/bin/python" "$here/bench/panel.py" "$target" "$shared/peers" "$folder" "$runs"
