#!/usr/bin/env bash
# Advice on acts over a record: one act, first and again, and a package of a thousand; then acts taken out of the record and put back.
#
#   bench/advise.sh RECORD [ACTS OF A KIND]
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
record=${1:?a record} most=${2:-10}
cargo build --quiet --release --manifest-path "$here/Cargo.toml" -p comity-advice --examples
target=${CARGO_TARGET_DIR:-$here/target}
"$target/release/examples/advise" "$record"
"$target/release/examples/round_trip" "$record" "$most"
