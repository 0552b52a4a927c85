#!/usr/bin/env bash
# Walks every view in headless Chromium: on the record inside the program, and on RECORD where that is named.
# Usage: run.sh PROGRAM [RECORD]. What it needs is installed where it is not there: chromium and node (Debian), playwright-core and axe-core (npm).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
record=${2:-}

need() { command -v "$1" >/dev/null 2>&1; }
if ! need chromium || ! need npm; then
  if ! (need apt-get && apt-get update -qq && apt-get install -y -qq chromium nodejs npm >/dev/null); then
    echo "SKIPPED: the walk of all pages needs chromium and npm, and they cannot be installed here" >&2
    exit 0
  fi
fi
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
cp -r "$here"/. "$work/test"
if ! (cd "$work/test" && npm install --no-audit --no-fund --silent); then
  echo "SKIPPED: the walk of all pages needs playwright-core and axe-core, and npm cannot install them here" >&2
  exit 0
fi

walk() { # NAME FOLDER
  local log="$work/$1.log"
  env -u COMITY_RECORD -u COMITY_CACHE HOME="$work/home" XDG_DATA_HOME="$work/home" \
    "$program" serve --port 0 ${2:+--record "$2"} >"$log" 2>&1 &
  server=$!
  for _ in $(seq 100); do grep -q http "$log" && break; sleep 0.1; done
  local base
  base=$(grep -o 'http://[^ ]*' "$log" | head -1)
  [ -n "$base" ] || { cat "$log" >&2; exit 1; }
  (cd "$work/test" && node walk.mjs "${base%/}" "$1" "$(command -v chromium)")
  kill -INT "$server"
  wait "$server" || { echo "the server did not end cleanly" >&2; exit 1; }
  server=
}
walk starter ""
[ -z "$record" ] || walk full "$record"
