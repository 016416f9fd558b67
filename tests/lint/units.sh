#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The systemd units: the sandbox stays tight (exposure below 2.0) and the
# files have no directive that systemd does not know.  Prints TAP.
srcdir=${srcdir:-.}
if ! systemd-analyze --version >/dev/null 2>&1; then
	echo "1..0 # SKIP no systemd-analyze"
	exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cp "$srcdir"/conf/systemd/keystall* "$dir" || exit 1
# what is analysed is an instance, and its programs must exist
for part in socket service; do
	cp "$dir/keystall@.$part" "$dir/keystall@admin.$part"
done
sed -i 's,^\(Exec[A-Za-z]*=\)/usr/[a-z/-]* .*,\1/bin/true,' "$dir"/*.service
n=0

for unit in keystall@admin.service keystall-jobs.service \
    keystall-jobs-once.service; do
	n=$((n + 1))
	level=$(systemd-analyze security --offline=true "$dir/$unit" 2>&1 |
	    sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/\1/p')
	if [ -n "$level" ] && [ "${level%%.*}" -lt 2 ]; then
		echo "ok $n - $unit: exposure $level"
	else
		echo "not ok $n - $unit: exposure ${level:-unknown}"
	fi
done
for unit in keystall@admin.service keystall@admin.socket \
    keystall-jobs.service keystall-jobs-once.service keystall-jobs.timer; do
	n=$((n + 1))
	out=$(systemd-analyze verify "$dir/$unit" 2>&1 | grep -F "$dir/keystall" |
	    grep -E 'Unknown|Failed to parse|Invalid|ignoring') || :
	if [ -z "$out" ]; then
		echo "ok $n - $unit"
	else
		echo "$out" | sed 's/^/# /'
		echo "not ok $n - $unit"
	fi
done
echo "1..$n"
