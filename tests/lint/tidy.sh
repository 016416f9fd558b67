#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# clang-tidy with the checks of .clang-tidy.  The path-following ones take a
# minute and a half: LINT=full runs them, too (nightly).
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/lint/flags.sh
. "$here/flags.sh"

command -v clang-tidy-14 >/dev/null 2>&1 || tap_skip_all "no clang-tidy-14"
less='--checks=-clang-analyzer-*'
[ "${LINT:-}" = full ] && less=
export less
cat >"$tmp/one.sh" <<'X'
eval "clang-tidy-14 --quiet $less '$1' -- $ks_cflags -Wno-error" 2>&1 |
    grep -E '(error|warning):'
X
lint() {
	find "$1/fcgi" -name '*.c' | LC_ALL=C sort |
	    xargs -n 1 -P 2 sh "$tmp/one.sh"
}

cp "$srcdir/.clang-tidy" "$tmp/"
finds "a comparison nobody looks at" 'suspicious-string-compare' \
    fcgi/io/a.c <<'X'
int f(const char *a);
int f(const char *a) { if (strcmp(a, "b")) return 1; return 0; }
X
finds "a suspicious loop" 'infinite-loop' fcgi/io/a.c <<'X'
int f(int n);
int f(int n) { int i = 0; while (i < 10) n++; return n; }
X
clean "clang-tidy: fcgi" lint "$srcdir"
tap_end
