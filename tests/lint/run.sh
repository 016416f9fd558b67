#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh LINT...  runs lints (paths below the source tree), two at a time, and
# prints what they found and the time each took.  `make lint` calls it.
srcdir=$(cd "${srcdir:-.}" && pwd -P)
export srcdir
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT

cat >"$out/one" <<'X'
start=$(date +%s%N)
"$srcdir/$2" >"$1/$(basename "$2" .sh).tap" 2>&1
echo "$2 $((($(date +%s%N) - start) / 1000000)) ms" >>"$1/times"
X
printf '%s\n' "$@" | xargs -n 1 -P 2 sh "$out/one" "$out"

sort -k2nr "$out/times" | sed 's/^/# /'
for tap in "$out"/*.tap; do
	name=$(basename "$tap" .tap)
	# a lint that says nothing has not run
	grep -q '^1\.\.' "$tap" || echo "not ok - $name: no plan" >>"$tap"
	grep -E '^(#|not ok)' "$tap" | grep -vE '^# (big|KS)' | sed "s/^/$name: /"
	grep -E '^1\.\.0 # SKIP' "$tap" | sed "s/^/$name: /"
done
good=$(cat "$out"/*.tap | grep -c '^ok')
bad=$(cat "$out"/*.tap | grep -c '^not ok')
echo "lint: $good passed, $bad failed"
[ "$bad" -eq 0 ]
