#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every shell script of the tree is clean under shellcheck.  Prints TAP.
srcdir=${srcdir:-.}
if ! command -v shellcheck >/dev/null 2>&1; then
	echo "1..0 # SKIP no shellcheck"
	exit 0
fi
n=0
for file in "$srcdir"/conf/*.sh "$srcdir"/conf/lib/*.sh \
    "$srcdir"/conf/*.fcgi.in "$srcdir"/tests/*.sh "$srcdir"/tests/lint/*.sh \
    "$srcdir"/tests/bench/*.sh "$srcdir"/.ci/run; do
	[ -f "$file" ] || continue
	n=$((n + 1))
	if out=$(cd "$srcdir" && shellcheck -x "${file#"$srcdir"/}" 2>&1); then
		echo "ok $n - ${file#"$srcdir"/}"
	else
		echo "$out" | sed 's/^/# /'
		echo "not ok $n - ${file#"$srcdir"/}"
	fi
done
echo "1..$n"
