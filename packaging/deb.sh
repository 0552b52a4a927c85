#!/usr/bin/env bash
# A Debian package from a built program: FOLDER/comity_VERSION_ARCH.deb.
# Usage: deb.sh PROGRAM FOLDER [ARCH [RUNS]]. RUNS is a program of the same version that runs here, where PROGRAM does not.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1") arch=${3:-$(dpkg --print-architecture)} runs=$(realpath "${4:-$1}")
mkdir -p "$2"
folder=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

version=$("$runs" --version | cut -d' ' -f2)
"$here/contents.sh" "$runs" "$work/contents"
root=$work/root
install -Dm755 "$program" "$root/usr/bin/comity"
for page in "$work"/contents/man1/*.1; do
  install -Dm644 "$page" "$root/usr/share/man/man1/$(basename "$page")"
done
gzip -n9 "$root"/usr/share/man/man1/*.1
install -Dm644 "$work/contents/completions/comity.bash" "$root/usr/share/bash-completion/completions/comity"
install -Dm644 "$work/contents/completions/_comity" "$root/usr/share/zsh/vendor-completions/_comity"
install -Dm644 "$work/contents/completions/comity.fish" "$root/usr/share/fish/vendor_completions.d/comity.fish"
doc=$root/usr/share/doc/comity
install -Dm644 "$work/contents/CITATION.cff" "$doc/CITATION.cff"
install -Dm644 "$work/contents/CHANGELOG.md" "$doc/CHANGELOG.md"
# Whoever publishes the package names themselves: NAME <ADDRESS>.
maintainer=${MAINTAINER:-The Comity authors <maintainers@comity.invalid>}
SOURCE_DATE_EPOCH=$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH
printf 'comity (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- %s  %s\n' \
  "$version" "$maintainer" "$(LC_ALL=C date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")" >"$doc/changelog"
gzip -n9 "$doc/changelog" "$doc/CHANGELOG.md"
{
  echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
  echo "Upstream-Name: comity"
  echo
  echo "Files: *"
  sed -n 's/^Copyright (c) /Copyright: /p' "$work/contents/LICENSE-MIT"
  echo "License: Expat or Apache-2.0"
  echo
  echo "License: Expat"
  sed '1,/^Copyright/d' "$work/contents/LICENSE-MIT" | sed '1{/^$/d}; s/^$/./; s/^/ /'
  echo
  echo "License: Apache-2.0"
  echo " On Debian systems the text of this licence is in /usr/share/common-licenses/Apache-2.0."
} >"$doc/copyright"

# What the program is linked with: nothing where the C runtime is inside it. Debian's libc6 says by its version which symbols it has.
needs=()
if objdump -p "$program" | grep -q 'NEEDED.*libc\.so\.6'; then
  libc=$(objdump -T "$program" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -1)
  needs+=("libc6 (>= $libc)")
fi
if objdump -p "$program" | grep -q 'NEEDED.*libgcc_s'; then needs+=("libgcc-s1"); fi
depends=$(printf '%s, ' "${needs[@]}")

mkdir "$root/DEBIAN"
{
  echo "Package: comity"
  echo "Version: $version"
  echo "Architecture: $arch"
  echo "Maintainer: $maintainer"
  echo "Section: science"
  echo "Priority: optional"
  echo "Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)"
  [ -z "${needs[*]}" ] || echo "Depends: ${depends%, }"
  echo "Suggests: bash-completion, man-db"
  echo "Description: run a foreign policy over the datasets of peace science"
  echo " A policy is a document of commitments, each with the SQL queries that measure"
  echo " it. Comity runs it over treaties, disputes, wars, votes and trade, and says"
  echo " for every state and year whether each commitment was kept, strained or"
  echo " broken, or cannot be known, with the rows of data behind every verdict."
} >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -type d -exec chmod 755 {} +

find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
package=$folder/comity_${version}_$arch.deb
# Several threads pack in parts that depend on the memory that is free.
export DPKG_DEB_THREADS_MAX=1
dpkg-deb --root-owner-group -Zxz -z2 --build "$root" "$package" >/dev/null
echo "$package"
