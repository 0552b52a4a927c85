#!/usr/bin/env bash
# The Homebrew formula of a release, from its template and its checksums.
# Usage: formula.sh VERSION OWNER/REPOSITORY SHA256SUMS > comity.rb
set -euo pipefail
template=$(dirname "$0")/comity.rb.in
version=$1 repository=$2 sums=$3
text=$(<"$template")
for target in aarch64-apple-darwin x86_64-apple-darwin aarch64-unknown-linux-gnu x86_64-unknown-linux-gnu; do
  sum=$(sed -nE "s|^([0-9a-f]{64})  (\./)?comity-$version-$target\.tar\.gz\$|\1|p" "$sums")
  [ -n "$sum" ] || { echo "$sums has no comity-$version-$target.tar.gz" >&2; exit 1; }
  text=${text//@SHA256:$target@/$sum}
done
text=${text//@VERSION@/$version}
printf '%s\n' "${text//@REPOSITORY@/$repository}"
