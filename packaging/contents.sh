#!/usr/bin/env bash
# What goes beside the program in every package: manual pages and completions, made by the program, and the licences.
# Usage: contents.sh PROGRAM FOLDER. PROGRAM must run on this machine; of a build for another one, name a program of the same version.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "$1")
mkdir -p "$2/man1" "$2/completions"
folder=$(realpath "$2")
"$program" man --dir "$folder/man1" >/dev/null
"$program" completions bash >"$folder/completions/comity.bash"
"$program" completions zsh >"$folder/completions/_comity"
"$program" completions fish >"$folder/completions/comity.fish"
"$program" completions powershell >"$folder/completions/_comity.ps1"
cp "$root"/LICENSE-* "$root/README.md" "$root/CHANGELOG.md" "$root/CITATION.cff" "$folder"
