#!/usr/bin/env bash
# Builds the package for R, installs it into a library of its own, runs its tests and compares the same panel over the interfaces
# (interfaces/parity.R): r/test.sh PROGRAM
# Where COMITY_PYTHON names a Python with pyarrow and the package comity, it is compared too. Where the published datasets are at hand (../shared/data), none is skipped for want of data. The last line says how many tests ran.
set -euo pipefail
program=$(realpath "${1:?the path of the program: r/test.sh target/release/comity}")
cd "$(dirname "$0")"

need() { command -v "$1" >/dev/null 2>&1; }
if ! need R; then
  echo "R is needed: apt-get install r-base-core r-cran-testthat r-cran-haven" >&2
  exit 1
fi
for package in testthat haven; do
  Rscript -e "quit(status = !requireNamespace('$package', quietly = TRUE))" ||
    { echo "the R package $package is needed: apt-get install r-cran-$package" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/library"
# Without the vignette as a page, which wants pandoc; its text is tested as it is.
(cd "$work" && R CMD build --no-build-vignettes "$OLDPWD" >build.log 2>&1) || { cat "$work/build.log" >&2; exit 1; }
R CMD INSTALL --library="$work/library" "$work"/comity_*.tar.gz >"$work/install.log" 2>&1 || { cat "$work/install.log" >&2; exit 1; }

# The documentation is that of the code.
if Rscript -e "quit(status = !requireNamespace('roxygen2', quietly = TRUE))"; then
  cp -r . "$work/documented"
  Rscript -e "roxygen2::roxygenise('$work/documented')" >"$work/roxygen.log" 2>&1 || { cat "$work/roxygen.log" >&2; exit 1; }
  diff -r man "$work/documented/man" && diff NAMESPACE "$work/documented/NAMESPACE" ||
    { echo "man/ or NAMESPACE are not those of the code: run roxygen2::roxygenise(\"r\")" >&2; exit 1; }
fi

export COMITY_CACHE="$work/cache" R_LIBS="$work/library" COMITY_GUIDES="$PWD/../docs/guides" COMITY_PROGRAM="$program"
shared=$PWD/../../shared/data
if [ -d "$shared" ]; then
  export COMITY_TEST_RECORD="$work/record"
  (cd "$shared" && "$program" record add cow-states cow-contiguity cow-nmc cow-mid cow-war ucdp/UcdpPrioConflict_* isard \
    peacesciencer/{atop_alliance,cow_capitals,cow_contdir,cow_mid_*,gml_*,tss_rivalries}.rda \
    --record "$COMITY_TEST_RECORD") >"$work/record.log" 2>&1 || { cat "$work/record.log" >&2; exit 1; }
fi
fail=0
Rscript - tests/testthat <<'R' | tee "$work/tests.log" || fail=1
library(testthat)
library(comity)
results <- test_dir(commandArgs(TRUE), reporter = "summary", stop_on_failure = FALSE, package = "comity", load_package = "installed")
results <- as.data.frame(results)
failed <- sum(results$failed > 0 | results$error)
skipped <- sum(results$skipped)
cat(nrow(results) - failed - skipped, "passed,", failed, "failed,", skipped, "skipped\n")
quit(status = failed > 0)
R
echo "the same panel over the interfaces:"
Rscript ../interfaces/parity.R "$program" | tee "$work/parity.log" || fail=1

# The last line of each: `12 passed, 0 failed, 1 skipped`
for log in tests parity; do tail -n 1 "$work/$log.log"; done |
  awk '{ passed += $1; failed += $3; skipped += $5; n += NF == 6 } END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit n != 2 }'
exit "$fail"
