#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the programs of tests/db against one private primary and replica and
# prints one TAP stream.  KS_DB_TESTS names the programs (blank separated,
# relative to the build folder); `make check TESTS=tests/db/run.sh
# KS_DB_TESTS=tests/db/test_tx` runs one.
srcdir=${KS_SRCDIR:?}
builddir=${KS_BUILDDIR:?}

command -v mariadbd >/dev/null && command -v mariadb-install-db >/dev/null || {
	echo "1..0 # SKIP no mariadbd (apt-get install mariadb-server)"
	exit 0
}
# In memory where there is room: the servers sync each commit as in production,
# and a test that kills them kills processes, not the machine.
base=${TMPDIR:-/tmp}
if [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt 2000000 ]; then
	base=/dev/shm
fi
dir=$(mktemp -d "$base/ks-db-XXXXXX") || exit 1
stop() {
	sh "$srcdir/tests/support/dbserver.sh" stop "$dir"
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM
sh "$srcdir/tests/support/dbserver.sh" start "$dir" >&2 || {
	echo "Bail out! the test servers do not start"
	exit 1
}
KS_DB_DIR=$dir
export KS_DB_DIR

# A program's points get its name and our numbers; one that ends without its
# plan, or badly although all points passed, is a failed point itself.
for program in $KS_DB_TESTS; do
	"$builddir/$program" >"$dir/out" 2>"$dir/err"
	status=$?
	sed 's/^/# /' "$dir/err" >&2
	awk -v name="${program##*/}" -v status=$status '
		/^1\.\.0/ { print "ok - " name " " $0; plan = 1; next }
		/^1\.\.[0-9]/ { plan = substr($0, 4) + 0; next }
		/^(not )?ok / {
			seen++
			failed += /^not/
			sub(/ok [0-9]+( - )?/, "ok - " name ": ")
			if (/# SKIP/) sub(/^not ok/, "ok")
		}
		{ print }
		END {
			if (!plan || seen < plan || (status != 0 && !failed))
				print "not ok - " name ": ended early or badly, status " status
		}' "$dir/out"
done | awk '
	/^(not )?ok / { n++; sub(/ok /, "ok " n " ") }
	{ print; fflush() }
	END { print "1.." n + 0 }'
