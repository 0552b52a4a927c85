#!/usr/bin/env bash
# Processor time of a clean build in the release profile and in cargo's own (`stock`), and their ratio.
# Takes some forty minutes on two cores; each build has a target folder of its own, removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo fetch --quiet

seconds() {
  CARGO_TARGET_DIR="$work/$1" python3 - "$@" <<'PY'
import resource, subprocess, sys
subprocess.run(["cargo", "build", "--quiet", "--profile", sys.argv[1]], check=True)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{usage.ru_utime + usage.ru_stime:.0f}")
PY
}
ours=$(seconds release)
echo "release: $ours s of processor time"
stock=$(seconds stock)
echo "stock:   $stock s of processor time"
python3 -c "print(f'ratio:   {$ours / $stock:.2f}')"
