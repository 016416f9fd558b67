#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cppcheck over fcgi/.  The suppressed finding takes a pointer inside a struct
# that is passed by value for the struct itself.
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/lint/flags.sh
. "$here/flags.sh"

command -v cppcheck >/dev/null 2>&1 || tap_skip_all "no cppcheck"
lint() {
	cppcheck -q -j2 --std=c11 --enable=warning,portability,performance \
	    --inline-suppr --error-exitcode=1 --suppress=missingInclude \
	    --suppress=missingIncludeSystem --suppress=unmatchedSuppression \
	    --suppress=preprocessorErrorDirective -D__GNUC__=12 -D_GNU_SOURCE \
	    --suppress=returnDanglingLifetime:*/io/db_table.c \
	    -DKS_DATA_DIR='""' -I"$1/fcgi" -I"$build/fcgi" \
	    --template='{file}:{line}: {id}: {message}' "$1/fcgi"
}

finds "an index past the end" 'a.c:2: arrayIndexOutOfBounds' fcgi/io/a.c <<'X'
int f(void);
int f(void) { int a[3]; a[3] = 1; return a[0]; }
X
finds "a NULL that is used" 'nullPointer' fcgi/io/a.c <<'X'
int f(int *p);
int f(int *p) { if (!p) return *p; return 0; }
X
clean "cppcheck: fcgi" lint "$srcdir"
tap_end
