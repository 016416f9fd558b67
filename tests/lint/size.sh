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
# All that people write, of any kind: the file alone is weighed.
lint_rest() {
	(cd "$1" && find fcgi tests sql conf templates static \( -name '*.[ch]' -o \
	    -name '*.py' -o -name '*.sh' -o -name '*.sql' -o -name '*.hdf' -o \
	    -name '*.cs' -o -name '*.css' -o -name '*.js' -o -name '*.md' -o \
	    -name '*.awk' \) ! -path '*/vectors/*' \
	    ! -path '*/build-aux/*' -print) | LC_ALL=C sort |
	    while IFS= read -r file; do
		    n=$(wc -l <"$1/$file")
		    [ "$n" -le 600 ] || echo "$file has $n lines, more than 600"
	    done
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
mkdir -p "$tmp/all/fcgi" "$tmp/all/tests/db" "$tmp/all/sql" "$tmp/all/conf" \
    "$tmp/all/templates" "$tmp/all/static"
lines 601 x >"$tmp/all/tests/db/test_x.c"
lint_rest "$tmp/all" | grep -q 'tests/db/test_x.c has 601'
tap_ok $? "found: a test of 601 lines"
clean "no file over 600, no function over 100" lint "$srcdir"
clean "no file of tests, sql, conf, templates over 600" lint_rest "$srcdir"
words=1 lint "$srcdir" | sed "s,^$srcdir/,# big: ,"
tap_end
