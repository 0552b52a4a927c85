#!/usr/bin/env bash
# Memory and time of an audit over a record without events and with ten million invented ones (or as many as are named).
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-10000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --release
cargo run --quiet --release -p comity --example invented_events -- "$work/few" 1
cargo run --quiet --release -p comity --example invented_events -- "$work/many" "$rows"
bin=${CARGO_TARGET_DIR:-target}/release/comity
for record in few many few many; do
  python3 - "$bin" "$work/$record" "$record" <<'PY'
import os, resource, subprocess, sys, time
start = time.monotonic()
child = subprocess.Popen([sys.argv[1], "audit", "CHN", "--record", sys.argv[2], "--format", "json"], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
assert status == 0, status
print(f"{sys.argv[3]:5} {time.monotonic() - start:5.2f} s  {usage.ru_maxrss / 1024:6.0f} MB")
PY
done
