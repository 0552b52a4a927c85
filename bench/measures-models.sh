#!/usr/bin/env bash
# Models beside statsmodels and pyfixest, in turns on the same generated rows: seconds (the shortest of three), and ratios.
#
#   bench/measures-models.sh [PYTHON]
#
# A logit of 800,000 rows and 12 terms, and PPML with exporter-year and importer-year effects on 1.3 million flows with errors by pair; then
# ours alone over two decades of size. PYTHON has numpy, pandas, statsmodels and pyfixest; without it they are installed into a virtual
# environment in a temporary folder. The coefficients of both programs are compared to eight digits.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${1:-}
if [ -z "$python" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet statsmodels pyfixest
    python=$folder/venv/bin/python
fi
if [ -z "${MODELS:-}" ]; then
    cargo build --quiet --manifest-path "$here/Cargo.toml" -p comity-measures --example models --release
    MODELS=${CARGO_TARGET_DIR:-$here/target}/release/examples/models
fi
beside() {
    "$MODELS" "$folder" "$@" >"$folder/ours"
    "$python" "$here/bench/measures-models.py" "$folder" "$1" >"$folder/theirs"
    "$python" - "$folder" "$*" <<'PY'
import json, sys
ours, theirs = (json.load(open(f"{sys.argv[1]}/{name}")) for name in ("ours", "theirs"))
apart = max(abs(a - b) for a, b in zip(ours["coefficients"], theirs["coefficients"]))
assert apart < 1e-8, f"coefficients differ by {apart}"
peer = "statsmodels" if sys.argv[2].startswith("logit") else "pyfixest"
print(f"{sys.argv[2]}: {ours['rows']:,} rows, ours {ours['seconds']:.3f} s, {peer} {theirs['seconds']:.3f} s: "
      f"{theirs['seconds'] / ours['seconds']:.1f} times; coefficients differ by {apart:.0e}")
PY
}
beside logit 800000
beside ppml 200 33
echo "ours by size:"
for size in "logit 8000" "logit 80000" "logit 800000" "ppml 20 33" "ppml 63 33" "ppml 200 33"; do
    # shellcheck disable=SC2086
    "$MODELS" "$folder" $size | sed "s/^/$size: /; s/, \"coefficients.*//; s/[{}\"]//g"
done
