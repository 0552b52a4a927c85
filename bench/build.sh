#!/usr/bin/env bash
# Processor time of a clean build in the release profile beside another one, and their ratio; the size of the program; and the time of a
# build after one line of a command changed.
#
#   bench/build.sh [COMMIT]
#
# The other one is the release build of COMMIT; without it, ours in cargo's own release profile (`stock`). Takes some forty minutes on two
# cores; each build has a target folder of its own, removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'git worktree remove --force "$work/other" 2>/dev/null || true; rm -rf "$work"' EXIT
cargo fetch --quiet

# Seconds of processor time of a build: of which folder, in which profile, into which target folder.
seconds() {
  CARGO_TARGET_DIR="$work/$3" python3 - "$@" <<'PY'
import resource, subprocess, sys
subprocess.run(["cargo", "build", "--quiet", "--profile", sys.argv[2]], check=True, cwd=sys.argv[1])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{usage.ru_utime + usage.ru_stime:.0f}")
PY
}
ours=$(seconds . release ours)
echo "release: $ours s of processor time, $(stat -c %s "$work/ours/release/comity" | numfmt --to=si)B"
start=$(date +%s.%N)
touch crates/comity-cli/src/commands/states.rs
seconds . release ours >/dev/null
echo "after a change of one command: $(python3 -c "import time; print(f'{time.time() - $start:.1f}')") s"
if [ $# -gt 0 ]; then
  git worktree add --quiet --detach "$work/other" "$1"
  other=$(seconds "$work/other" release theirs)
  echo "$1: $other s of processor time, $(stat -c %s "$work/theirs/release/comity" | numfmt --to=si)B"
else
  other=$(seconds . stock theirs)
  echo "stock:   $other s of processor time"
fi
python3 -c "print(f'ratio:   {$ours / $other:.2f}')"
