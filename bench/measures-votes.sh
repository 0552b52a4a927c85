#!/usr/bin/env bash
# Times agreement and ideal points from the votes of sessions 1 to 70: seconds, and for agreement the ratio to numpy in the same call.
#
#   bench/measures-votes.sh [ITERATIONS] [THREADS]      ITERATIONS of the sampler, two chains of half as many each; none unless named
#
# PYTHON is a Python with numpy and rdata (python3 unless named), EXAMPLE the example un_votes, if it is built already. Reads ../shared/data/unga-votes and ../shared/data/unga-idealpoints.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
example=${EXAMPLE:-}
if [ -z "$example" ]; then
  cargo build --quiet --release -p comity-measures --example un_votes
  example=${CARGO_TARGET_DIR:-target}/release/examples/un_votes
fi

"${PYTHON:-python3}" - ../shared/data/unga-votes/UNVotesPublished.RData "$work/votes.csv" <<'PY'
import sys, time, warnings
import numpy as np, rdata

warnings.filterwarnings("ignore")
table = rdata.read_rda(sys.argv[1])["x"]
columns = [table[name].to_numpy(dtype=np.int64) for name in ("rcid", "session", "ccode", "vote")]
np.savetxt(sys.argv[2], np.column_stack(columns), fmt="%d", delimiter=",", header="rcid,session,ccode,vote", comments="")


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
with open(sys.argv[2] + ".numpy", "w") as file:
    file.write(f"{min(times):.3f}")
print(f"numpy: agreement of {pairs} pairs\t{min(times):.3f} s")
PY

"$example" "$work/votes.csv" ../shared/data/unga-idealpoints/Matches.csv ${1:+"$1"} ${2:+"$2"} | tee "$work/ours"
awk -F'\t' -v numpy="$(cat "$work/votes.csv.numpy")" '/^agreement/ { printf "numpy / agreement\t%.1f\n", numpy / ($2 + 0) }' "$work/ours"
