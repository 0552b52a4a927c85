#!/usr/bin/env bash
# An archive with the program and what belongs to it: FOLDER/comity-VERSION-TARGET.tar.gz (.zip for Windows), and its checksum beside it.
# Usage: archive.sh PROGRAM TARGET FOLDER [RUNS]. RUNS is a program of the same version that runs here, where PROGRAM does not.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1") target=$2 runs=$(realpath "${4:-$1}")
mkdir -p "$3"
folder=$(realpath "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$("$runs" --version | cut -d' ' -f2)
name=comity-$version-$target
"$here/contents.sh" "$runs" "$work/$name"
cp "$program" "$work/$name/"
# The same contents make the same bytes: no times and owners of this machine.
time=$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)
find "$work" -exec touch --no-dereference --date="@$time" {} + 2>/dev/null || true
case $target in
  *windows*)
    archive=$name.zip
    if command -v 7z >/dev/null 2>&1; then (cd "$work" && 7z a -bd -tzip "$folder/$archive" "$name" >/dev/null)
    else (cd "$work" && zip -qrX "$folder/$archive" "$name"); fi
    ;;
  *-apple-*)
    archive=$name.tar.gz
    tar -C "$work" -czf "$folder/$archive" "$name"
    ;;
  *)
    archive=$name.tar.gz
    tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$time" -cf - "$name" | gzip -n >"$folder/$archive"
    ;;
esac
if command -v sha256sum >/dev/null 2>&1; then sum=sha256sum; else sum="shasum -a 256"; fi
(cd "$folder" && $sum "$archive" >"$archive.sha256")
echo "$folder/$archive"
