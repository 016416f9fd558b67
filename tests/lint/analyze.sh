#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# gcc -fanalyzer on io and pay, where foreign handles and foreign bytes are.
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/lint/flags.sh
. "$here/flags.sh"

echo 'int main(void){return 0;}' >"$tmp/x.c"
gcc -fanalyzer -fsyntax-only "$tmp/x.c" 2>/dev/null ||
    tap_skip_all "no gcc with -fanalyzer"
cat >"$tmp/one.sh" <<'X'
eval "gcc -O1 $ks_cflags -Wno-error -fanalyzer -fdiagnostics-plain-output" \
    "-S -o /dev/null '$1'" 2>&1 | grep -F '[-Wanalyzer'
X
lint() {
	find "$1/fcgi/io" "$1/fcgi/pay" -name '*.c' 2>/dev/null |
	    LC_ALL=C sort | xargs -n 1 -P 2 sh "$tmp/one.sh"
}

finds "a leak" 'malloc-leak' fcgi/io/a.c <<'X'
char *f(int n);
char *f(int n) { char *p = malloc(9); if (!p || n) return NULL; return p; }
X
finds "a double free" 'double-free' fcgi/io/a.c <<'X'
void f(char *p, int n);
void f(char *p, int n) { free(p); if (n) free(p); }
X
clean "gcc -fanalyzer: io and pay" lint "$srcdir"
tap_end
