#!/usr/bin/env bash
# Opens every page of the site from its folder in headless Chromium, on a screen and on a phone, light and dark, and searches.
# Usage: browser.sh SITE [FOLDER for pictures]. What it needs is installed where it is not there: chromium and node (Debian), playwright-core and
# axe-core (npm).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
site=$(realpath "$1")
pictures=${2:-}
[ -z "$pictures" ] || { mkdir -p "$pictures"; pictures=$(realpath "$pictures"); }

need() { command -v "$1" >/dev/null 2>&1; }
if ! need chromium || ! need npm; then
  if ! (need apt-get && apt-get update -qq && apt-get install -y -qq chromium nodejs npm >/dev/null); then
    echo "SKIPPED: the walk of the site needs chromium and npm, and they cannot be installed here" >&2
    exit 0
  fi
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/browser.mjs" "$here/../../crates/comity-serve/tests/browser/package.json" "$work"
if ! (cd "$work" && npm install --no-audit --no-fund --silent); then
  echo "SKIPPED: the walk of the site needs playwright-core and axe-core, and npm cannot install them here" >&2
  exit 0
fi
cd "$work" && node browser.mjs "$site" "$(command -v chromium)" "$pictures"
