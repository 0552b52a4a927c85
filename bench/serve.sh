#!/usr/bin/env bash
# The explorer under load: time to the first page, pages cold and warm, many requests at once, sizes, memory.
# Usage: bench/serve.sh PROGRAM [RECORD]; needs curl and wrk (Debian: wrk).
set -euo pipefail
program=$(realpath "$1")
record=${2:-}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.2f s\n", b - a }'; }
memory() { awk '/^VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$server/status"; }

begun=$(now)
"$program" serve --port 0 ${record:+--record "$record"} >"$work/log" 2>&1 &
server=$!
until base=$(grep -o 'http://[^ ]*' "$work/log"); do sleep 0.02; done
base=${base%/}
echo "listens after          $(since "$begun")"
page() { curl -s -o /dev/null -w '%{http_code}' "$base$1"; }
until [ "$(page /state/CHN)" = 200 ]; do sleep 0.1; done
echo "first page after       $(since "$begun")"
until [ "$(page '/commitments?policy=bandung-1955')" = 200 ]; do sleep 0.1; done
page /commitment/no-use-of-force >/dev/null
echo "all evaluated after    $(since "$begun"), memory $(memory)"

curl -s "$base/?format=json" >"$work/start.json"
grep -o '"address":"/state/[^"]*"' "$work/start.json" | cut -d'"' -f4 >"$work/states"
curl -s "$base/commitments?format=json" | grep -o '"id":"[^"]*"' | cut -d'"' -f4 | grep -v -e independent-peace -e bandung-1955 >"$work/commitments"
summary() { # NAME < seconds and bytes
  sort -n | awk -v name="$1" '{ t[NR] = $1; if ($2 > most) most = $2; sum += $1 }
    END { printf "%-22s %d pages: mean %.1f ms, median %.1f ms, most %.1f ms; largest page %.0f kB\n",
      name, NR, 1000 * sum / NR, 1000 * t[int((NR + 1) / 2)], 1000 * t[NR], most / 1000 }'
}
# A state that ended before the policy begins has no page under it: it is left out of what follows.
each() { while read -r address; do curl -s -o /dev/null -w '%{http_code} %{time_total} %{size_download}\n' "$base$address"; done | awk '$1 == 404 { next } $1 != 200 { print "an address gave " $1 > "/dev/stderr"; exit 1 } { print $2, $3 }'; }
for round in cold warm; do
  each <"$work/states" | summary "states, $round"
done
while read -r address; do [ "$(page "$address")" = 404 ] || echo "$address"; done <"$work/states" >"$work/there"
mv "$work/there" "$work/states"
sed 's|^|/commitment/|' "$work/commitments" | each | summary "commitments, cold"
sed 's|$|/no-use-of-force|' "$work/states" | each | summary "findings, cold"

cat >"$work/load.lua" <<'L'
local paths = {}
for line in io.lines(os.getenv("STATES")) do paths[#paths + 1] = line end
math.randomseed(1)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
L
for round in 1 2 3; do
  before=$(memory)
  STATES="$work/states" wrk -t 2 -c 16 -d 20s --latency -s "$work/load.lua" "$base" >"$work/wrk"
  awk -v round="$round" -v before="$before" -v after="$(memory)" '
    /Requests\/sec/ { rate = $2 } /99%/ { worst = $2 } /requests in/ { n = $1 } /Non-2xx/ { bad = $0 }
    END { printf "load, round %d          %d requests, %.0f a second, 99th percentile %s, memory %s before and %s after %s\n", round, n, rate, worst, before, after, bad }' "$work/wrk"
done
kill -INT "$server"
ended=$(now)
wait "$server" || echo "it did not end cleanly" >&2
echo "ended after            $(since "$ended")"
server=
