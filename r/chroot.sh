#!/usr/bin/env bash
# Debian with R and nothing else, in a folder; the program and the package go in, and the guide is typed there: r/chroot.sh PROGRAM FOLDER
# By hand, as root, with a mirror of Debian in reach; not part of the checks. FOLDER is made where it is not there, and kept.
set -euo pipefail
program=$(realpath "${1:?the path of the program}")
root=$(realpath -m "${2:?a folder for Debian}")
cd "$(dirname "$0")"
command -v debootstrap >/dev/null || { echo "debootstrap is needed: apt-get install debootstrap" >&2; exit 1; }

if [ ! -x "$root/usr/bin/R" ]; then
  [ -d "$root/usr" ] || debootstrap --variant=minbase bookworm "$root" http://deb.debian.org/debian
  chroot "$root" sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends r-base-core"
fi
chroot "$root" sh -c "! command -v cargo && ! command -v python3 && ! command -v pandoc" ||
  { echo "more than R is in $root" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
package=$PWD
(cd "$work" && R CMD build --no-build-vignettes "$package")
install -m 755 "$program" "$root/usr/local/bin/comity"
rm -rf "$root/root/guide"
mkdir "$root/root/guide"
cp "$work"/comity_*.tar.gz "$root/root/guide/"
# The guide's commands as they stand there: of the shell, then of R, each with what it prints.
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' ../docs/guides/r.md >"$root/root/guide/shell.sh"
awk '/^```r$/ { on = 1; next } /^```$/ { on = 0; print "" } on' ../docs/guides/r.md >"$root/root/guide/guide.R"
begin=$(date +%s)
chroot "$root" env HOME=/root LC_ALL=C.UTF-8 sh -c "cd /root/guide && sh -e shell.sh && Rscript --vanilla -e 'source(\"guide.R\", echo = TRUE, max.deparse.length = Inf)'"
echo "the guide took $(($(date +%s) - begin)) seconds"
ls -l "$root"/root/guide/*.pdf
