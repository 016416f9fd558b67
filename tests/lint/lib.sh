# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# What the lints share: TAP, a place for bad files, and the two questions each
# lint answers: does it find what it was made for, and is the tree clean?
#
#   finds "why this is bad" "pattern of the message" FILE <<'X' ... X
#   takes "why this is fine" FILE <<'X' ... X
#   clean "what is looked at" COMMAND...
#
# A lint sets lint() { ... } to print its findings for the tree in $1.
srcdir=$(cd "${srcdir:-.}" && pwd -P)
AWK=${AWK:-awk}
tap=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# tap_ok STATUS NAME
tap_ok() {
	tap=$((tap + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap - $2"
	else
		echo "not ok $tap - $2"
	fi
}

tap_end() {
	echo "1..$tap"
}

tap_skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# The file $2 with the text on stdin in a tree of its own.
plant() {
	rm -rf "$tmp/tree"
	mkdir -p "$tmp/tree/$(dirname "$1")"
	cat >"$tmp/tree/$1"
}

finds() {
	plant "$3"
	lint "$tmp/tree" >"$tmp/out" 2>&1
	grep -q "$2" "$tmp/out"
	status=$?
	[ $status -eq 0 ] || sed 's/^/# got: /' "$tmp/out"
	tap_ok $status "found: $1"
}

takes() {
	plant "$2"
	lint "$tmp/tree" >"$tmp/out" 2>&1
	status=0
	if [ -s "$tmp/out" ]; then
		status=1
		sed 's/^/# got: /' "$tmp/out"
	fi
	tap_ok $status "taken: $1"
}

# Nothing on stdout and stderr means clean.
clean() {
	name=$1
	shift
	"$@" >"$tmp/out" 2>&1
	status=0
	if [ -s "$tmp/out" ]; then
		status=1
		sed "s,^$srcdir/,,; s/^/# /" "$tmp/out"
	fi
	tap_ok $status "$name"
}
