#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sql/stmt.awk must refuse what it does not understand: every bad file below
# has to end with an error that names the file, the line and the reason, and
# must print nothing.  Prints TAP.
srcdir=${srcdir:-.}
awk=${AWK:-awk}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0

ok() { # status name
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
run() { # files
	$awk -v kind=c -f "$srcdir/sql/stmt.awk" "$@" >"$dir/out" 2>"$dir/err"
}

bad() { # name, expected "line: reason" (a grep pattern), text on stdin
	cat >"$dir/bad.sql"
	! run "$dir/bad.sql" && grep -q "^$dir/bad.sql:$2" "$dir/err" &&
	    [ ! -s "$dir/out" ]
	r=$?
	[ $r -eq 0 ] || sed 's/^/# /' "$dir/err"
	ok $r "refused: $1"
}

bad "unknown type" "1: unknown type u16" <<'X'
-- :a (u16 x) -> affected primary
DELETE FROM t WHERE id = ?;
X
bad "too few parameters" "2: a: 2 .?. and 0 in the group" <<'X'

-- :a (u64 x) -> affected primary
DELETE FROM t WHERE id = ? AND b = ?;
X
bad "too many parameters" "1: a: 0 .?." <<'X'
-- :a (u64 x) -> affected primary
DELETE FROM t;
X
bad "a question mark inside a literal is no parameter" "1: a: 0 .?." <<'X'
-- :a (u64 x) -> affected primary
DELETE FROM t WHERE b = '?';
X
bad "no result" "1: the result must be" <<'X'
-- :a (u64 x) primary
DELETE FROM t WHERE id = ?;
X
bad "unknown result" "1: the result must be" <<'X'
-- :a (u64 x) -> id primary
DELETE FROM t WHERE id = ?;
X
bad "no mark" "1: the mark" <<'X'
-- :a (u64 x) -> affected
-- prose
DELETE FROM t WHERE id = ?;
X
bad "a name twice" "4: a is there already: .*bad.sql:1" <<'X'
-- :a () -> row(u64 n) primary
SELECT COUNT(*) FROM t;

-- :a () -> row(u64 n) primary
SELECT COUNT(*) FROM t;
X
bad "a parameter name twice" "1: x stands twice" <<'X'
-- :a (u64 x, u64 x) -> affected primary
DELETE FROM t WHERE id = ? AND b = ?;
X
bad "a parameter without a type" "1: not .type name." <<'X'
-- :a (x) -> affected primary
DELETE FROM t WHERE id = ?;
X
bad "a repeated parameter outside a group" "1: a: 1 .?. and 0 in the group" <<'X'
-- :a (u64 x...) -> affected primary
DELETE FROM t WHERE id = ?;
X
bad "a group without a repeated parameter" "1: a: 0 .?. and 1 in the group" <<'X'
-- :a (u64 x) -> affected primary
DELETE FROM t WHERE id IN ({{?}});
X
bad "two groups" "1: a: a parameter after the group" <<'X'
-- :a (u64 x...) -> affected primary
DELETE FROM t WHERE id IN ({{?}}) OR b IN ({{?}});
X
bad "a single parameter behind the group" "1: a: a parameter after" <<'X'
-- :a (u64 n, u64 x...) -> affected primary
DELETE FROM t WHERE id IN ({{?}}) LIMIT ?;
X
bad "a single parameter after a repeated one" "1: n follows a repeated" <<'X'
-- :a (u64 x..., u64 n) -> affected primary
DELETE FROM t WHERE b = ? AND id IN ({{?}});
X
bad "an unclosed group" "1: a: .*" <<'X'
-- :a (u64 x...) -> affected primary
DELETE FROM t WHERE id IN ({{?);
X
bad "a repeated column" "1: a column cannot repeat" <<'X'
-- :a () -> row(u64 x...) primary
SELECT id FROM t;
X
bad "a SELECT that says affected" "1: a: the result does not fit" <<'X'
-- :a () -> affected primary
SELECT id FROM t;
X
bad "an UPDATE that says row" "1: a: the result does not fit" <<'X'
-- :a () -> row(u64 id) primary
UPDATE t SET a = 1;
X
bad "a write for a replica" "1: a: writes or locks" <<'X'
-- :a () -> affected replica-ok
UPDATE t SET a = 1;
X
bad "a locking read for a replica" "1: a: writes or locks" <<'X'
-- :a () -> rows(u64 id) replica-ok
SELECT id FROM t FOR UPDATE;
X
bad "SQL without a header" "1: SQL without" <<'X'
SELECT id FROM t;
X
bad "no semicolon before the next header" "1: the statement a does not end" <<'X'
-- :a () -> rows(u64 id) primary
SELECT id FROM t
-- :b () -> rows(u64 id) primary
SELECT id FROM t;
X
bad "no semicolon at the end" "1: the statement does not end" <<'X'
-- :a () -> rows(u64 id) primary
SELECT id FROM t
X
bad "two statements in one" "1: a: quote" <<'X'
-- :a () -> affected primary
DELETE FROM t; DELETE FROM u;
X
bad "a comment inside the SQL" "1: a: quote" <<'X'
-- :a () -> affected primary
DELETE FROM t /* all */;
X
bad "a double quote" "1: a: quote" <<'X'
-- :a () -> affected primary
DELETE FROM t WHERE a = "x";
X
bad "a brace inside a literal" "1: a: brace in a literal" <<'X'
-- :a () -> affected primary
DELETE FROM t WHERE a = '{{?}}';
X
bad "an open quote" "1: a: quote" <<'X'
-- :a () -> affected primary
DELETE FROM t WHERE a = 'x;
X
bad "a header without a statement" "1: the statement a does not end" <<'X'
-- :a () -> affected primary
-- :b () -> affected primary
DELETE FROM t;
X

printf '%s\n' '-- :a () -> rows(u64 id) primary' 'SELECT id FROM t' >"$dir/one.sql"
printf '%s\n' '-- :b () -> affected primary' 'DELETE FROM t;' >"$dir/two.sql"
! run "$dir/one.sql" "$dir/two.sql" && grep -q "^$dir/one.sql:1: " "$dir/err"
ok $? "refused: a statement that goes on in the next file"

cat >"$dir/good.sql" <<'X'
-- prose before

-- :card_find (str? note, u64 id...) -> rows(u64 id, i32 n, blob? fp)
--   replica-ok
-- More prose, with a mark: primary
SELECT id, n, fp FROM card
 -- a comment line between
 WHERE note = ? AND b <> 'a "b" ?' AND id IN ({{?}}) ORDER BY id;
X
run "$dir/good.sql" && cat >"$dir/want" <<'X' && tail -n 5 "$dir/out" | cmp - "$dir/want"
const struct db_stmt stmt_table[STMT__N] = {
	[STMT_card_find] = {"card_find",
	    "SELECT id, n, fp FROM card WHERE note = ? AND b <> 'a \"b\" ?' AND id IN ({{?}}) ORDER BY id",
	    "S|u", "uiB", true},
};
X
ok $? "a good file"

echo "1..$n"
