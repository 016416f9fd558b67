# SPDX-License-Identifier: Apache-2.0
# Nothing grows so big that it needs a map.  Files: a word at 450 lines, an end
# at 600; functions: 60 and 100.  A function is what lies between '{' and '}'
# in column 0.  With -v words=1 the words are printed, too.
FNR == 1 { finish(); file = FILENAME; start = 0 }
{ lines = FNR }
/^[A-Za-z_].*\(/ && !start { name = $0; sub(/\(.*/, "", name); sub(/^.*[ *]/, "", name) }
/^[{]/ && !start { start = FNR }
/^[}]/ && start {
	weigh(FNR - start - 1, 60, 100, file ":" start ": function " name)
	start = 0
}
END { finish() }

function finish() {
	if (file != "") weigh(lines, 450, 600, file ": the file")
}
function weigh(n, word, end, what) {
	if (n > end) printf "%s has %d lines, more than %d\n", what, n, end
	else if (words && n > word)
		printf "%s has %d lines, more than %d\n", what, n, word
}
