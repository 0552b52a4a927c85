#!/usr/bin/env bash
# Makes the documentation as a site in the folder SITE, which opens without a server, and checks it: links, nothing from the network, every page
# and the search in a browser. With PROGRAM, every command of the pages runs and the pages of reference are compared with the program.
# Usage: docs/build.sh SITE [PROGRAM [PYTHON]]; PYTHON is one with the package `comity`, whose examples run too.
# It needs Python 3.10 or newer. What it makes the site with is installed into an environment of its own (DOCS_ENVIRONMENT, or a new one).
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,5s/^# //p' docs/build.sh >&2; exit 2; }
mkdir -p "$1"
site=$(realpath "$1")
if [ -n "$(ls -A "$site")" ] && [ ! -f "$site/search.js" ]; then
  echo "$1 holds something else than the site: name a new folder" >&2
  exit 2
fi
program=${2:-}
python=${3:-}
[ -z "$program" ] || program=$(realpath "$program")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
environment=${DOCS_ENVIRONMENT:-$work/environment}
if [ ! -x "$environment/bin/zensical" ]; then
  python3 -m venv "$environment" 2>/dev/null ||
    { apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && python3 -m venv "$environment"; }
  "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement docs/requirements.txt
fi

log=$work/log
: >"$log"
failed=0
check() { "$@" | tee -a "$log" || failed=1; }

# It writes into the folder that the settings name, and stops at a dead link.
cp -r docs mkdocs.yml "$work"
"$environment/bin/zensical" build --clean --strict --config-file "$work/mkdocs.yml"
rm -rf "${site:?}"/*
cp -r "$work/site/." "$site"
check python3 docs/tools/site.py "$site"
check docs/tools/browser.sh "$site"
if [ -n "$program" ]; then
  check python3 docs/tools/reference.py "$program" --check
  check python3 docs/tools/commands.py "$program" ${python:+--python "$python"}
fi

awk '/^[0-9]+ passed, [0-9]+ failed/ { passed += $1; failed += $3; skipped += $5 }
     END { printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : "" }' "$log"
exit "$failed"
