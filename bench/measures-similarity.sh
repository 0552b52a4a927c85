#!/usr/bin/env bash
# Times the similarity of foreign policy of all pairs of states beside numpy, in one run: medians, ratios, and cost against size.
#
#   bench/measures-similarity.sh [RUNS] [PYTHON]      RUNS is 5; PYTHON needs numpy and is python3 unless named
#
# Both measure the same invented portfolios (a linear congruential generator, one commitment in eight) and must give the same sum of S, kappa
# and pi. numpy counts categories by products of matrices, one year at a time, on as many threads as its linear algebra has; the memory is the
# peak of each process. 195 states over 55 years are a million pairs, somewhat more than the pairs of states of 1816 to 2018.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
python=${2:-python3}
cargo build --quiet --release -p comity-measures --example similarity
target=${CARGO_TARGET_DIR:-target}

"$python" - "$target/release/examples/similarity" "$runs" <<'PY'
import os, resource, statistics, subprocess, sys, time

program, runs = sys.argv[1], int(sys.argv[2])
NUMPY = '''
import sys, time
import numpy as np
states, years = int(sys.argv[1]), int(sys.argv[2])
def draws(many):
    last, out = 1, np.empty(many, np.uint8)
    for at in range(many):
        last = (last * 1664525 + 1013904223) & 0xffffffff
        draw = last >> 24
        out[at] = 0 if draw < 224 else draw % 3 + 1
    return out
cells = draws(states * states * years).reshape(years, states, states)
start = time.perf_counter()
total, pairs = 0.0, 0
distance = np.abs(np.arange(4)[:, None] - np.arange(4)[None, :]).astype(float)
upper = np.triu_indices(states, 1)
for year in cells:
    one = (year[:, :, None] == np.arange(4)).astype(float)
    flat = one.transpose(0, 2, 1)                       # state, category, item
    margin = flat.sum(2)
    counts = np.tensordot(flat, flat, axes=([2], [2]))  # state, category, state, category
    apart = np.einsum("iajb,ab->ij", counts, distance)
    each = np.einsum("ia,jb,ab->ij", margin, margin, distance) / states
    pooled = (margin[:, None, :] + margin[None, :, :]) / 2
    both = np.einsum("ija,ijb,ab->ij", pooled, pooled, distance) / states
    with np.errstate(all="ignore"):
        s = 1 - 2 * apart / (3 * states)
        kappa, pi = 1 - apart / each, 1 - apart / both
    total += sum(np.nan_to_num(m[upper]).sum() for m in (s, kappa, pi))
    pairs += len(upper[0])
print(f"{time.perf_counter() - start:.4f} {pairs} {total:.6f}")
'''


def once(command):
    before = time.perf_counter()
    pid = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = pid.stdout.read()
    _, status, usage = os.wait4(pid.pid, 0)
    if status:
        sys.exit(f"{command[0]}: status {status}")
    seconds, pairs, total = out.split()
    return float(seconds), int(pairs), float(total), usage.ru_maxrss / 1024


print(f"medians of {runs} runs in turns; seconds without the making of the portfolios\n")
print(f"{'states':>6} {'years':>6} {'pairs':>9} {'comity':>9} {'numpy':>9} {'ratio':>7} {'MB':>7} {'MB numpy':>9} {'ns a pair':>10}")
for states, years in [(20, 55), (62, 55), (195, 55), (195, 10), (195, 1)]:
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(once([program, str(states), str(years)]))
        theirs.append(once([sys.executable, "-c", NUMPY, str(states), str(years)]))
    assert abs(ours[0][2] - theirs[0][2]) < 1e-3, (ours[0], theirs[0])
    a, b = (statistics.median(r[0] for r in of) for of in (ours, theirs))
    print(f"{states:6} {years:6} {ours[0][1]:9} {a:9.4f} {b:9.4f} {b / a:7.1f} "
          f"{max(r[3] for r in ours):7.0f} {max(r[3] for r in theirs):9.0f} {a / ours[0][1] * 1e9:10.0f}")
PY
