#!/usr/bin/env bash
# The Python package beside the calls of the library that it makes: the import, and directed dyad-years to 2025 with nine groups of covariates
# (56 columns) to Polars, in the smallest types and in those of files; and whether the numbers that Polars holds lie where the library put them.
#
#   bench/python.sh [RUNS]
#
# The record is made from ../shared/data; where that is not there, it says so.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-5}
shared=$here/../shared/data
if [ ! -d "$shared" ]; then
    echo "skipped: ../shared/data is not here"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=${CARGO_TARGET_DIR:-$here/target}
cargo build --quiet --release --manifest-path "$here/Cargo.toml" --workspace --bin comity --example panel_call
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'maturin>=1.9.4,<2' polars pyarrow
"$work/venv/bin/maturin" build --release --locked --quiet --manifest-path "$here/python/Cargo.toml" --target-dir "$target" --out "$work"
"$work/venv/bin/pip" install --quiet "$work"/comity-*.whl
(cd "$shared" && "$target/release/comity" record add cow-states cow-mid cow-igo peacesciencer --record "$work/record" >/dev/null)
"$work/venv/bin/python" "$here/bench/python.py" "$target/release/examples/panel_call" "$work/record" "$runs"
