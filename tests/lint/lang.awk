# SPDX-License-Identifier: Apache-2.0
# Flattens HDF catalogues into "file key" lines; with -v templates=1, prints
# the Lang.* names that templates use instead, "=" before those that are whole
# ("Lang.a.b") and "*" before those that go on ("Lang.a[x]").
templates {
	line = $0
	while (match(line, /Lang\.[A-Za-z0-9_.]+\[?/)) {
		name = substr(line, RSTART + 5, RLENGTH - 5)
		line = substr(line, RSTART + RLENGTH)
		kind = sub(/\[$/, "", name) ? "*" : "="
		sub(/\.$/, "", name)
		print kind, name, FILENAME
	}
	next
}
FNR == 1 { depth = 0 }
/^[ \t]*(#|$)/ { next }
{
	sub(/^[ \t]+/, "")
	if (/\{$/) {
		name = $0
		sub(/[ \t]*\{$/, "", name)
		path[++depth] = name
	} else if (/^\}/) {
		depth--
	} else {
		key = ""
		for (i = 1; i <= depth; i++)
			key = key path[i] "."
		sub(/[ \t]*=.*/, "")
		print FILENAME, key $0
	}
}
