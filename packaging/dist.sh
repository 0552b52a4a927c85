#!/usr/bin/env bash
# Builds the program for publishing on x86-64 Linux: profile `dist`, the C runtime inside, so that it runs on any Linux of the last ten years
# without a library. The path of the program is the last line.
#
#     packaging/dist.sh
set -euo pipefail
cd "$(dirname "$0")/.."
triple=x86_64-unknown-linux-gnu
# Functions with the same instructions are kept once.
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS='-C target-feature=+crt-static -C link-arg=-Wl,--icf=all'
cargo build --locked --profile dist --package comity-cli --target "$triple" >&2
echo "${CARGO_TARGET_DIR:-$PWD/target}/$triple/dist/comity"
