#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make bench: speed beside its limits (README.md).
#
#     sh tests/bench/run.sh [--short] [--large[=CARDS]] [--only NAME,...]
#
# BIN_DIR: where the programs are, default build/ in the source tree.
# NO_INSTALL=1 leaves packages alone; else what is missing is installed.
set -eu
# the distribution's python3 is the one that has the packages of the tests
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export PATH
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
BIN_DIR=${BIN_DIR:-$root/build}
export BIN_DIR

. "$root/conf/lib/common.sh"
. "$root/conf/lib/packages.sh"
# shellcheck disable=SC2154,SC2086  # a list of packages.sh
[ -n "${NO_INSTALL:-}" ] || install_packages $server_packages \
	python3-pymysql python3-requests python3-aiosmtpd wrk nghttp2-client
# by make bench they are there already
make -C "$BIN_DIR" -s bench-programs >&2
PYTHONPATH=$root/tests/support
export PYTHONPATH
exec python3 "$here/bench.py" "$@"
