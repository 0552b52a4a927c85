#!/usr/bin/env bash
# Builds the wheel, installs it into a fresh environment, and tests it there: the examples, the tables, the errors, the stubs, and `comity mcp`
# asked by a real client. Needs Python 3.10 or newer, the Rust toolchain and the network of the package index.
#
#     python/test.sh [FOLDER_FOR_THE_WHEEL [FOLDER_FOR_THE_ENVIRONMENT]]
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wheels=${1:-$work/wheels}
fresh=${2:-$work/fresh}
target=${CARGO_TARGET_DIR:-$PWD/../target}

python3 -m venv "$work/build"
"$work/build/bin/pip" install --quiet 'maturin>=1.9.4,<2'
# With the root's target folder: what both depend on is built once.
"$work/build/bin/maturin" build --release --locked --target-dir "$target" --out "$wheels" --quiet

python3 -m venv "$fresh"
python=$(realpath -s "$fresh/bin/python")
"$python" -m pip install --quiet "$wheels"/comity-*.whl pytest polars pandas pyarrow mypy mcp
cp -r tests "$work/tests"
# Away from the sources, so that what is tested is what was installed. The data folder is looked for beside the checkout.
export COMITY_DATA=${COMITY_DATA:-$PWD/../../shared/data}
(cd "$work" && "$python" -m pytest tests && "$python" -m mypy.stubtest --concise comity._native comity._table comity.errors comity.record)
"$python" ../interfaces/assistant.py "$(dirname "$python")/comity"
