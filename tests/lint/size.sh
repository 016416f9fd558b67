#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files and functions stay small (size.awk).
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"

lint() {
	find "$1/fcgi" -name '*.[ch]' -print | LC_ALL=C sort | xargs "$AWK" ${words:+-v words=1} \
	    -f "$here/size.awk"
}
# lines N TEXT
lines() {
	"$AWK" -v n="$1" -v t="$2" 'BEGIN { while (n-- > 0) print t }'
}

{ lines 601 'int x;'; } >"$tmp/long"
finds "a file of 601 lines" 'a.c: the file has 601' fcgi/base/a.c <"$tmp/long"
{
	printf 'int\nbig(void)\n{\n'
	lines 101 '	x();'
	printf '}\n'
} >"$tmp/long"
finds "a function of 101 lines" 'a.c:3: function big has 101' \
    fcgi/base/a.c <"$tmp/long"
{
	for f in a b c d e; do
		printf 'int\n%s(void)\n{\n' $f
		lines 100 '	x();'
		printf '}\n'
	done
} >"$tmp/long"
takes "five functions of 100" fcgi/base/a.c <"$tmp/long"
clean "no file over 600, no function over 100" lint "$srcdir"
words=1 lint "$srcdir" | sed "s,^$srcdir/,# big: ,"
tap_end
