#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The texts: every language has the same keys, each once, with as many gaps
# ({}), and what a template names exists.  Prints TAP.
srcdir=${srcdir:-.}
awk=${AWK:-awk}
here=$srcdir/tests/lint
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0

say() { # what file: the file holds the complaints
	n=$((n + 1))
	if [ -s "$2" ]; then
		sed 's/^/# /' "$2"
		echo "not ok $n - $1"
	else
		echo "ok $n - $1"
	fi
}

for code in zh-CN en; do
	for f in "$srcdir/templates/lang/$code.hdf" \
	    "$srcdir/templates/lang/$code".*.hdf; do
		[ -f "$f" ] && $awk -f "$here/lang.awk" "$f"
	done | sed 's/^[^ ]* //' | sort >"$dir/$code"
	uniq -d "$dir/$code" >"$dir/bad"
	say "$code: each text once" "$dir/bad"
	# the gaps of each text, in the order of the files
	cat "$srcdir/templates/lang/$code".hdf \
	    "$srcdir/templates/lang/$code".*.hdf 2>/dev/null |
	    grep '=.*{}' | sed 's/ *=.*//; s/^ *//' | sort >"$dir/$code.gaps"
done
comm -3 "$dir/zh-CN" "$dir/en" >"$dir/bad"
say "both languages have the same texts" "$dir/bad"
comm -3 "$dir/zh-CN.gaps" "$dir/en.gaps" >"$dir/bad"
say "both have the same gaps" "$dir/bad"

find "$srcdir/templates" -name '*.cs' | sort |
    xargs "$awk" -v templates=1 -f "$here/lang.awk" | sort -u |
    while read -r kind name file; do
	case $kind in
	'=') grep -qx -e "$name" -e "$name\\..*" "$dir/en" ;;
	*) grep -q "^$name\\." "$dir/en" ;;
	esac || echo "${file#"$srcdir"/}: Lang.$name"
done >"$dir/bad"
say "what templates name exists" "$dir/bad"
echo "1..$n"
