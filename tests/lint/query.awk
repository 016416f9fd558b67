# SPDX-License-Identifier: Apache-2.0
# sql/query beyond what sql/stmt.awk demands of the form: what a statement may
# ask, and that each is used.  First the schema files, then the queries, then
# fcgi/**/*.c; files are told apart by their names.
BEGIN {
	# name and rule that it may break
	may("lease_take lease_renew lease_get lease_hold", "clock") # one clock for all machines
	may("doctor_server", "clock") # compares it with ours
	may("lease_add buyer_count_row", "ignore") # an empty row that somebody else may have made
	may("outbox_prune notice_reject_prune", "limit") # all of them go, in the end
	may("stock_low_over", "limit") # of the sub-query
	may("id_block_take schema_lock", "function") # the point of it
	may("notice_verdict", "move") # notice_find holds the row
	may("card_pick card_pick_newest card_pick_wait items_to_sell", "hint") # old statistics: see there
	may("card_ids_recent", "hint") # the newest few of millions: the index merge is a trap
	may("replica_beat", "unused") # io/db_route.c asks by name
}
function may(names, rule,    w, n) {
	n = split(names, w, " ")
	while (n > 0) except[w[n--] " " rule] = 1
}
FILENAME ~ /schema\// {
	if ($0 ~ /^CREATE TABLE/) {
		t = $0
		sub(/^CREATE TABLE +(IF NOT EXISTS +)?/, "", t)
		sub(/[ (].*$/, "", t)
		table[t] = 1
	}
	next
}
FILENAME ~ /[.]c$/ {
	s = $0
	while (match(s, /STMT_[a-z][a-z0-9_]*/)) {
		used[substr(s, RSTART + 5, RLENGTH - 5)] = 1
		s = substr(s, RSTART + RLENGTH)
	}
	next
}
FNR == 1 { finish() }
length($0) > 100 { say(FNR, "longer than 100 columns") }
/^--/ {
	if ($0 ~ /^-- :/) {
		finish()
		name = $0
		sub(/^-- :/, "", name); sub(/[^a-z0-9_].*$/, "", name)
		at[name] = FILENAME ":" FNR
		first = FNR; file = FILENAME
	}
	next
}
{ sql = sql " " $0 }
END {
	finish()
	for (name in at)
		if (!(name in used) && !((name " unused") in except))
			printf "%s: %s: no STMT_%s in fcgi/\n", at[name], name, name
}

function say(line, what) { printf "%s:%d: %s\n", FILENAME, line, what }
function bad(rule, what) {
	if ((name " " rule) in except) return
	printf "%s:%d: %s: %s\n", file, first, name, what
}

function finish(    s) {
	if (name == "" || sql ~ /^[ \t]*$/) { sql = ""; return }
	s = sql
	gsub(/'[^']*'/, "''", s)
	gsub(/[ \t]+/, " ", s)
	sub(/^ /, "", s)
	sql = ""
	if (s ~ /(SELECT|,) ([a-z]+[.])?[*]( |,|$)/)
		bad("star", "SELECT *: name the columns")
	if (s ~ /^(UPDATE|DELETE) / && s !~ / WHERE /)
		bad("where", "changes every row: no WHERE")
	if (s ~ /^(UPDATE|DELETE) .* LIMIT / && s !~ / ORDER BY /)
		bad("limit", "LIMIT without ORDER BY: which rows is chance")
	if (s ~ /^UPDATE .* SET (.*, )?([a-z]+[.])?state = / && s !~ / WHERE .*state( = | IN |, | <> )/ && s !~ / version = [?]/)
		bad("move", "moves a state without asking for the one before")
	if (s ~ /(NOW|CURRENT_TIMESTAMP|SYSDATE|UNIX_TIMESTAMP|CURDATE|CURTIME|LOCALTIME|UTC_[A-Z]+) ?\(/ || s ~ /CURRENT_(TIMESTAMP|DATE|TIME)/)
		bad("clock", "asks the server for the time: cx->now is the time")
	if (s ~ /(RAND|UUID|UUID_SHORT|SLEEP|BENCHMARK|LOAD_FILE|GET_LOCK|FOUND_ROWS|LAST_INSERT_ID|PASSWORD|MD5|SHA1) ?\(/)
		bad("function", "a function we have another place for")
	if (s ~ /(^| )(INSERT IGNORE|UPDATE IGNORE|REPLACE INTO)( |$)/)
		bad("ignore", "swallows errors")
	if (s ~ / RETURNING /) bad("dialect", "RETURNING is MariaDB's only")
	if (s ~ / AS new /) bad("dialect", "a row alias is MySQL's only")
	if (s ~ /(STRAIGHT_JOIN|SQL_CALC_FOUND_ROWS|SQL_NO_CACHE| FORCE INDEX)/)
		bad("hint", "a hint: say in the query what you mean")
	if (s ~ / FOR UPDATE/ && s !~ / (WHERE|ON) /)
		bad("lock", "locks every row")
	tables(s)
}

# Words behind FROM, JOIN, INTO and UPDATE are tables or names of WITH.
function tables(s,    w, n, i, t, own) {
	gsub(/ON DUPLICATE KEY UPDATE|FOR UPDATE/, "", s)
	gsub(/\(/, " ( ", s); gsub(/\)/, " ) ", s); gsub(/,/, " , ", s)
	n = split(s, w, " ")
	for (i = 1; i < n; i++)
		if (w[i] == "AS" && w[i + 1] == "(") own[w[i - 1]] = 1
		else if (w[i] == "RECURSIVE" || w[i] == "WITH") own[w[i + 1]] = 1
	for (i = 1; i < n; i++) {
		if (w[i] !~ /^(FROM|JOIN|INTO|UPDATE)$/) continue
		t = w[i + 1]
		if (t == "(" || t in own || t ~ /^information_schema[.]/) continue
		sub(/[;{].*$/, "", t)
		if (!(t in table)) bad("table", "no table " t " in sql/schema")
	}
}
