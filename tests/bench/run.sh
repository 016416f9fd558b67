#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make bench: speed beside its limits (README.md).
#
#     sh tests/bench/run.sh [--short]
#
# BIN_DIR: where the programs are, default build/ in the source tree.
set -eu
# the distribution's python3 is the one that has the packages of the tests
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export PATH
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
BIN_DIR=${BIN_DIR:-$root/build}
export BIN_DIR

missing=
for tool in python3 nginx mariadbd memcached wrk setpriv; do
	command -v "$tool" >/dev/null || missing="$missing $tool"
done
if test -n "$missing"; then
	echo "bench: not installed:$missing" >&2
	exit 1
fi
# by make bench they are there already
make -C "$BIN_DIR" -s bench-programs >&2
exec python3 "$here/bench.py" "$@"
