# SPDX-License-Identifier: Apache-2.0
# Makes store/stmt.gen.h and .c from the named statements of sql/query:
#   awk -v kind=h -f sql/stmt.awk sql/query/*.sql >stmt.gen.h     (and kind=c)
#
#   -- :card_hold (u64 order, i64 until_us, u64 id...) -> affected primary
#   -- prose
#   UPDATE card SET order_id = ?, hold_until_us = ? WHERE id IN ({{?}});
#
# A header may go on over several comment lines; it ends with its mark.
# Strict: what is not understood is an error "file:line: why", and nothing is
# written.  Plain awk (mawk, gawk, busybox): no intervals, no extensions.

function die(why) {
	print file ":" at ": " why | "cat 1>&2"
	exit bad = 1
}
function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
function marks(s) { return gsub(/\?/, "", s) }

# "u64 id, str? note" -> "uS"; with "...", the last ones go behind a '|'.
function letters(list, is_columns,    n, i, p, f, t, s, many, seen) {
	n = split(list, p, ",")
	for (i = 1; i <= n; i++) {
		if (split(trim(p[i]), f, /[ \t]+/) != 2 ||
		    f[2] !~ /^[a-z][a-z0-9_]*(\.\.\.)?$/)
			die("not `type name': " p[i])
		t = f[1]
		sub(/\?$/, "", t)
		if (!(t in type)) die("unknown type " f[1])
		if (f[2] ~ /\.$/ && is_columns) die("a column cannot repeat")
		if (f[2] ~ /\.$/ && !many++) s = s "|"
		if (f[2] !~ /\.$/ && many) die(f[2] " follows a repeated one")
		sub(/\.+$/, "", f[2])
		if (seen[f[2]]++) die(f[2] " stands twice")
		s = s (f[1] == t ? type[t] : toupper(type[t]))
	}
	return s
}
function header(s,    i) {
	head = ""
	i = index(s, "(")
	name = trim(substr(s, 1, i - 1))
	if (name !~ /^[a-z][a-z0-9_]*$/) die("not `:name (parameters)'")
	if (name in where) die(name " is there already: " where[name])
	where[name] = file ":" at
	s = substr(s, i + 1)
	if (!(i = index(s, ")"))) die("`)' is missing")
	params = letters(substr(s, 1, i - 1), 0)
	s = trim(substr(s, i + 1))
	replica_ok = s ~ /replica-ok$/
	sub(/[ \t]*(primary|replica-ok)$/, "", s)
	if (s ~ /^-> *rows? *\([^()]+\)$/)
		columns = letters(substr(s, index(s, "(") + 1, length(s) - index(s, "(") - 1), 1)
	else if (s ~ /^-> *(affected|insert_id)$/) columns = ""
	else die("the result must be affected, insert_id, row(...) or rows(...)")
}
function statement(    s, a, z, group, p, reads) {
	s = sql
	gsub(/'[^']*'/, "", s) # literals: what is in them is not looked at
	if (s ~ /['"`;\\]|--|\/\*/) die(name ": quote, `;' or comment in the SQL")
	if (gsub(/[{}]/, "&", s) != gsub(/[{}]/, "&", sql)) die(name ": brace in a literal")
	reads = s ~ /^(SELECT|WITH) /
	if (reads != (columns != "")) die(name ": the result does not fit the statement")
	if (replica_ok && (!reads || s ~ / (FOR UPDATE|LOCK IN SHARE MODE)/))
		die(name ": writes or locks, so it is not replica-ok")
	if ((a = index(s, "{{")) && (z = index(s, "}}")) > a) {
		group = substr(s, a + 2, z - a - 2)
		if (substr(s, z + 2) ~ /\?/) die(name ": a parameter after the group")
		s = substr(s, 1, a - 1) substr(s, z + 2)
	}
	if ((group s) ~ /[{}]/) die(name ": braces that are not one {{group}}")
	split(params, p, "|")
	if (marks(s) != length(p[1]) || marks(group) != length(p[2]) || (a && p[2] == ""))
		die(name ": " marks(s) " `?' and " marks(group) " in the group for parameters " params)
	gsub(/\\/, "\\\\", sql)
	gsub(/"/, "\\\"", sql)
	names = names "\tSTMT_" name ",\n"
	table = table sprintf("\t[STMT_%s] = {\"%s\",\n\t    \"%s\",\n\t    \"%s\", \"%s\", %s},\n",
	    name, name, sql, params, columns, replica_ok ? "true" : "false")
	name = sql = ""
}
BEGIN { type["u64"] = type["u32"] = "u"; type["i64"] = type["i32"] = "i"; type["str"] = "s"; type["blob"] = "b" }
FNR == 1 && (head name) != "" { die("the statement does not end") }
head != "" && !/^--/ { die("the mark `primary' or `replica-ok' is missing") }
/^-- :/ && name != "" { die("the statement " name " does not end") }
/^-- :/ { file = FILENAME; at = FNR; head = " " }
head != "" { head = head " " trim(substr($0, /^-- :/ ? 5 : 3)) }
head ~ /[ \t](primary|replica-ok)$/ { header(trim(head)); next }
head != "" || /^[ \t]*(--.*)?$/ { next }
name == "" { file = FILENAME; at = FNR; die("SQL without a `-- :name' header") }
{ sql = sql (sql == "" ? "" : " ") trim($0) }
sql ~ /;$/ { sql = trim(substr(sql, 1, length(sql) - 1)); statement() }
END {
	if (bad) exit 1
	if ((head name) != "") die("the statement does not end")
	print "/* Made by sql/stmt.awk from sql/query: do not edit. */"
	if (kind == "h") printf "#ifndef KS_STORE_STMT_GEN_H\n#define KS_STORE_STMT_GEN_H\n\n#include \"io/db.h\"\n\nenum stmt {\n%s\tSTMT__N\n};\n\nextern const struct db_stmt stmt_table[STMT__N];\n\n#endif\n", names
	if (kind == "c") printf "#include \"store/stmt.gen.h\"\n\nconst struct db_stmt stmt_table[STMT__N] = {\n%s};\n", table
}
