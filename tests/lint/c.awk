# SPDX-License-Identifier: Apache-2.0
# Reads C a line at a time for the lints.  c_line(text) leaves
#   code      the line without comments, literals emptied: "" and ' '
#   comment   the text of its comments
#   lit[1..lits]  its string literals
# A literal or comment of several lines is followed over them.  POSIX awk: runs
# under mawk and gawk.
function c_begin_file() { c_in = "" }

function c_line(s,    i, c, d, n, cur) {
	code = ""; comment = ""; lits = 0; cur = ""; c_slashes = 0
	if (c_in == "" && s !~ /["'\/]/) { code = s; return }
	n = length(s)
	for (i = 1; i <= n; i++) {
		c = substr(s, i, 1)
		d = substr(s, i, 2)
		if (c_in == "comment") {
			if (d == "*/") { c_in = ""; i++; code = code " " }
			else comment = comment c
		} else if (c_in == "string") {
			if (c == "\\") { cur = cur substr(s, i, 2); i++ }
			else if (c == "\"") {
				c_in = ""; lit[++lits] = cur; cur = ""
				code = code "\"\""
			} else cur = cur c
		} else if (d == "/*") { c_in = "comment"; i++ }
		else if (d == "//") { c_slashes = 1; comment = comment substr(s, i + 2); break }
		else if (c == "\"") c_in = "string"
		else if (c == "'") {
			i++
			if (substr(s, i, 1) == "\\") i++
			while (i <= n && substr(s, i, 1) != "'") i++
			code = code "' '"
		} else code = code c
	}
	if (c_in == "string" && substr(s, n, 1) != "\\") c_in = ""
}

# The layer of fcgi/<layer>/x.c, or "".
function layer_of(file,    p) {
	p = file
	if (!sub(/^.*fcgi\//, "", p)) return ""
	if (!sub(/\/.*$/, "", p)) return ""
	return p
}

# <layer>/x.c
function name_of(file,    p) {
	p = file
	sub(/^.*fcgi\//, "", p)
	return p
}
