#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The vectors of the repository as TAP: one test a file.
set -u

out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
"$KS_BUILDDIR/tests/vector_run" "$KS_SRCDIR/tests/vectors" > "$out"
rc=$?
awk -v rc=$rc '
	$1 == "ok" { print "ok", ++n, "-", $2 }
	$1 == "FAIL" { print "not ok", ++n, "-", substr($0, 6) }
	{ last = $0 }
	END {
		# a runner that died early prints no last line
		if (last !~ /^[0-9]+ passed, 0 failed$/ || rc != 0)
			print "not ok", ++n, "- runner:", last, "rc", rc
		print "1.." n + 0
	}' "$out"
