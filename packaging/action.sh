#!/usr/bin/env bash
# What the GitHub Action (action.yml) runs. Its inputs come as variables: COMITY_POLICIES, COMITY_STATES, COMITY_AUDIT_POLICY, COMITY_FAIL_ON,
# COMITY_FROM, COMITY_TO, COMITY_REPORTS. Every policy is checked and tested, then the states are audited; at the end it fails if anything did.
# It writes comity.sarif and comity-audit.xml into the folder COMITY_REPORTS, and says by `sarif` and `junit` in GITHUB_OUTPUT which are there.
set -uo pipefail
output=${GITHUB_OUTPUT:-/dev/null} summary=${GITHUB_STEP_SUMMARY:-/dev/null}
for needed in comity jq; do
  if ! command -v "$needed" >/dev/null 2>&1; then
    echo "::error::the program \`$needed\` is not on the path: install it in a step before"
    exit 2
  fi
done
reports=${COMITY_REPORTS:-comity-reports}
mkdir -p "$reports"
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT
failed=0

# Inputs of an action are texts: words apart by spaces or lines.
words() { tr -s '[:space:]' '\n' <<<"$1" | sed '/^$/d'; }
mapfile -t policies < <(words "${COMITY_POLICIES:-}")
mapfile -t states < <(words "${COMITY_STATES:-}")
mapfile -t fail_on < <(words "${COMITY_FAIL_ON:-}")

for at in "${!policies[@]}"; do
  policy=${policies[$at]}
  echo "::group::$policy"
  # A name for each file: a code review keeps what it said of one apart from what it said of another.
  comity policy check "$policy" --format sarif |
    jq --arg id "comity/$policy/" '.runs[].automationDetails = {id: $id}' >"$parts/$at.sarif" 2>/dev/null
  if comity policy check "$policy" && comity policy test "$policy"; then
    echo "* \`$policy\` is sound" >>"$summary"
  else
    failed=1
    echo "* \`$policy\` is **not** sound" >>"$summary"
  fi
  echo "::endgroup::"
done
if [ "${#policies[@]}" -gt 0 ] && jq -s 'if length == 0 then error("no file can be read") else .[0] + {runs: [.[].runs[]]} end' \
  "$parts"/*.sarif >"$reports/comity.sarif"; then
  echo "sarif=$reports/comity.sarif" >>"$output"
fi

if [ "${#states[@]}" -gt 0 ]; then
  ask=(audit "${states[@]}" --policy "${COMITY_AUDIT_POLICY:-independent-peace}")
  [ -z "${COMITY_FROM:-}" ] || ask+=(--from "$COMITY_FROM")
  [ -z "${COMITY_TO:-}" ] || ask+=(--to "$COMITY_TO")
  for verdict in "${fail_on[@]}"; do ask+=(--fail-on "$verdict"); done
  echo "::group::comity ${ask[*]}"
  comity "${ask[@]}" --format junit --output "$reports/comity-audit.xml"
  code=$?
  [ "$code" -gt 1 ] || echo "junit=$reports/comity-audit.xml" >>"$output"
  comity "${ask[@]}" --format md >>"$summary"
  if [ "$code" -ne 0 ]; then
    failed=1
    [ "$code" -gt 1 ] || echo "::error::a verdict that \`fail-on\` names, or a worse one: see $reports/comity-audit.xml"
  fi
  echo "::endgroup::"
fi
exit "$failed"
