#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each header compiles alone, and twice in a row: it includes what it needs and
# has its guard.
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/lint/flags.sh
. "$here/flags.sh"

cat >"$tmp/one.sh" <<'X'
printf '#include "%s"\n#include "%s"\nint ks_not_empty;\n' "$2" "$2" |
    eval "$ks_cc $ks_cflags -I'$1/fcgi' -fsyntax-only -x c -" 2>&1 |
    sed "s,^,$2: ,"
X
lint() {
	(cd "$1/fcgi" && find . -name '*.h' ! -name banned.h |
	    sed 's,^\./,,' | LC_ALL=C sort) |
	    xargs -n 1 -P 2 sh "$tmp/one.sh" "$1"
}

finds "a header that needs another" 'bool' fcgi/base/a.h <<'X'
#ifndef A
#define A
bool f(void);
#endif
X
finds "a header without a guard" 'redefinition' fcgi/base/a.h <<'X'
struct only_once { int x; };
X
clean "headers compile alone" lint "$srcdir"
tap_end
