#!/usr/bin/env bash
# Times agreement and ideal points from the votes of sessions 1 to 70: seconds, and for agreement the ratio to numpy in the same call.
#
#   bench/measures-votes.sh [PROGRAM] [ITERATIONS] [THREADS]      ITERATIONS of the sampler, two chains of half as many each; none unless named
#
# PROGRAM (target/release/comity unless named) reads the votes of ../shared/data/unga-votes; the bridges are those of
# ../shared/data/unga-idealpoints. PYTHON is a Python with numpy (python3 unless named), EXAMPLE the example un_votes, if it is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/release/comity}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
example=${EXAMPLE:-}
if [ -z "$example" ]; then
  cargo build --quiet --release -p comity-measures --example un_votes
  example=${CARGO_TARGET_DIR:-target}/release/examples/un_votes
fi

"$program" record add --record "$work/record" ../shared/data/unga-votes/UNVotesPublished.RData >/dev/null
"$program" query --record "$work/record" --output "$work/votes.csv" \
  "select cast(r.rcid as int) as rcid, r.session, v.ccode, v.vote from votes v join roll_calls r on r.rcid = v.rcid where v.ccode is not null order by 1, 3" >/dev/null

"${PYTHON:-python3}" - "$work/votes.csv" <<'PY'
import sys, time
import numpy as np

columns = np.loadtxt(sys.argv[1], dtype=np.int64, delimiter=",", skiprows=1).T


def agreement(call, session, state, vote):
    """Agreement of all pairs of states, session by session, as products of matrices."""
    pairs = 0
    for number in np.unique(session):
        rows = session == number
        calls, at = np.unique(call[rows], return_inverse=True)
        states, who = np.unique(state[rows & (vote != 9)], return_inverse=True)
        cast = rows & (vote <= 3)
        column = np.searchsorted(calls, call[cast])
        row = np.searchsorted(states, state[cast])
        planes = np.zeros((3, len(states), len(calls)), dtype=np.float32)
        planes[vote[cast] - 1, row, column] = 1
        contested = (planes.any(axis=1).sum(axis=0) > 1).astype(np.float32)
        yes, abstain, no = planes * contested
        all_cast = yes + abstain + no
        joint = all_cast @ all_cast.T
        same = yes @ yes.T + abstain @ abstain.T + no @ no.T
        opposed = yes @ no.T + no @ yes.T
        with np.errstate(invalid="ignore", divide="ignore"):
            score = (same + 0.5 * (joint - same - opposed)) / joint
        pairs += len(states) * (len(states) - 1) // 2
    return pairs


times = []
for _ in range(3):
    start = time.perf_counter()
    pairs = agreement(*columns)
    times.append(time.perf_counter() - start)
with open(sys.argv[1] + ".numpy", "w") as file:
    file.write(f"{min(times):.3f}")
print(f"numpy: agreement of {pairs} pairs\t{min(times):.3f} s")
PY

"$example" "$work/votes.csv" ../shared/data/unga-idealpoints/Matches.csv ${2:+"$2"} ${3:+"$3"} | tee "$work/ours"
awk -F'\t' -v numpy="$(cat "$work/votes.csv.numpy")" '/^agreement/ { printf "numpy / agreement\t%.1f\n", numpy / ($2 + 0) }' "$work/ours"
