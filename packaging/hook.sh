#!/usr/bin/env bash
# What the pre-commit hooks run: `comity policy check` or `comity policy test` on each file, all of them, whatever the first says.
# Usage: hook.sh check|test FILE…
set -uo pipefail
what=$1
shift
if ! command -v comity >/dev/null 2>&1; then
  echo "the program \`comity\` is not on the path: docs/install.md says how to get it" >&2
  exit 2
fi
code=0
for file in "$@"; do
  comity policy "$what" "$file" || code=1
done
exit "$code"
