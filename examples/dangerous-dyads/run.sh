#!/usr/bin/env bash
# Builds the frame of the dangerous dyads from a record, and fits the logit: run.sh [RECORD]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
comity=${COMITY:-$here/../../target/release/comity}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$comity" panel dyad-years --years 1816-2010 --where prd=1 --gaps rows ${1:+--record "$1"} \
  --with disputes:gml,contiguity,majors,relevance,nmc,democracy,gdp,pledges,peace-years \
  -o "$folder/dyads.parquet"
"${PYTHON:-python3}" "$here/fit.py" "$folder/dyads.parquet"
