#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The database files compile against Oracle's libmysqlclient 8 as well (its
# declarations, that is).  Prints TAP.
srcdir=${srcdir:-.}
cc=${CC:-cc}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cat >"$dir/other.h" <<'X'
#undef HAVE_MY_BOOL
#undef HAVE_DECL_MYSQL_OPT_SSL_MODE
#undef HAVE_DECL_MARIADB_OPT_IO_WAIT
#undef HAVE_DECL_MYSQL_GET_SOCKET
#undef HAVE_DECL_SESSION_TRACK_SYSTEM_VARIABLES
#define HAVE_DECL_MYSQL_OPT_SSL_MODE 1
#define HAVE_DECL_SESSION_TRACK_SYSTEM_VARIABLES 1
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
X
n=0
for f in "$srcdir"/fcgi/io/db.c "$srcdir"/fcgi/io/db_*.c; do
	n=$((n + 1))
	if $cc -std=c11 -fsyntax-only -Wall -Wextra -Wshadow -Werror \
		-include "$dir/other.h" -I"$srcdir/tests/support/mysql8" \
		-I"$srcdir/fcgi" -include "$srcdir/fcgi/base/banned.h" \
		"$f" 2>"$dir/err"; then
		echo "ok $n - ${f##*/}"
	else
		sed 's/^/# /' "$dir/err"
		echo "not ok $n - ${f##*/}"
	fi
done
echo "1..$n"
