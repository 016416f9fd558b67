#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What must not stand in fcgi/ (bans.awk).
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"

lint() {
	find "$1/fcgi" \( -name '*.[ch]' -o -name '*.def' \) -print |
	    LC_ALL=C sort | xargs "$AWK" -f "$here/c.awk" -f "$here/bans.awk"
}
# bad WHY PATTERN FILE LINE: a file of the SPDX line and LINE
bad() {
	finds "$1" "$2" "$3" <<X
/* SPDX-License-Identifier: Apache-2.0 */
$4
X
}
good() {
	takes "$1" "$2" <<X
/* SPDX-License-Identifier: Apache-2.0 */
$3
X
}

finds "no licence line" 'a.c:1: no SPDX' fcgi/base/a.c <<'X'
int x;
X
bad "SQL text" 'a.c:2: SQL text' fcgi/store/a.c 'f("SELECT id FROM card");'
bad "SQL text of two lines" 'SQL text' fcgi/shop/a.c 'f("x"
  "UPDATE card SET x");'
bad "HTML text" 'HTML text' fcgi/web/a.c 'f("<b>bold</b>");'
bad "HTML text inside" 'HTML text' fcgi/web/a.c 'f("a<br/>");'
bad "a // comment" '// comment' fcgi/web/a.c 'int x; // why'
bad "a bare mark" 'a bare mark' fcgi/web/a.c '/* TODO later */'
bad "a mutable static local" 'mutable static' fcgi/base/a.c '	static int n;'
bad "a mutable static pointer" 'mutable static' fcgi/base/a.c \
    '	static const char *last;'
bad "goto" 'goto outside io' fcgi/shop/a.c '	goto out;'
bad "#ifdef" 'conditional' fcgi/shop/a.c '#ifdef X'
bad "a ban taken back" 'takes back the ban on getenv' fcgi/web/a.c \
    '#undef getenv'
bad "strcmp on a signature" 'crypt_equal' fcgi/pay/a.c \
    '	if (strcmp(signature, want) == 0)'
bad "a double" 'floating point' fcgi/shop/a.c '	double price;'
bad "a status number in web" 'status number 404' fcgi/web/a.c '	f(404);'
bad "a status number in shop" 'status number 503' fcgi/shop/a.c '	f(503);'
bad "a bare number" 'bare number 4096' fcgi/web/a.c '	char line[4096];'
bad "a bare number in pay" 'bare number 65' fcgi/pay/a.c '	f(65u);'

good "URLs and quotes in literals" fcgi/web/a.c \
    'f("https://x // no", '"'\"'"', "a < b", "Select one");'
good "a constant static local" fcgi/base/a.c \
    '	static const char *const name[] = {"a"};'
good "named numbers" fcgi/web/a.c 'enum { LINE = 4096, MAX = 404 };'
good "named numbers over lines" fcgi/web/a.c 'enum {
	LINE = 4096,
};'
good "include guard" fcgi/web/a.h '#ifndef KS_WEB_A_H'
good "NEEDSWORK and a sentence" fcgi/web/a.c '/* NEEDSWORK: it is slow. */'
good "goto in io" fcgi/io/a.c '	goto out;'
clean "fcgi/ holds none of it" lint "$srcdir"
tap_end
