#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# clang-format 14 would change nothing.  `make format` does it.
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"

command -v clang-format-14 >/dev/null 2>&1 ||
    tap_skip_all "no clang-format-14"
lint() {
	find "$1/fcgi" "$1/tests" -name '*.[ch]' -print0 2>/dev/null |
	    xargs -0 -n 40 -P 2 clang-format-14 --style=file --dry-run -Werror \
	    2>&1 | sed -n 's/^\([^: ]*:[0-9]*\):.*violations.*/\1/p' |
	    LC_ALL=C sort -t: -k1,1 -k2n | sort -t: -u -k1,1 |
	    sed 's/$/: not formatted/'
}

cp "$srcdir/.clang-format" "$tmp/"
finds "a file out of format" 'a.c:1: not formatted' fcgi/a.c <<'X'
int f( void ){return 1;}
X
takes "a file in format" fcgi/a.c <<'X'
int
f(void)
{
	return 1;
}
X
clean "the tree is formatted" lint "$srcdir"
tap_end
