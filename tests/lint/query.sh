#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What statements may ask (query.awk).
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"

mkdir -p "$tmp/schema" "$tmp/fcgi"
echo 'CREATE TABLE card (' >"$tmp/schema/1.sql"
echo 'f(STMT_a);' >"$tmp/fcgi/a.c"
lint() {
	"$AWK" -f "$here/query.awk" "$tmp/schema/1.sql" "$1"/sql/query/*.sql \
	    "$tmp/fcgi/a.c"
}
bad() {
	finds "$1" "$2" sql/query/a.sql <<X
-- SPDX-License-Identifier: Apache-2.0

-- :a (u64 id) -> affected primary
-- What it is for.
$3
X
}
good() {
	takes "$1" sql/query/a.sql <<X
-- :a (u64 id) -> affected primary
$2
X
}

bad "all columns" 'a.sql:3: a: SELECT [*]' 'SELECT * FROM card WHERE id = ?;'
bad "all columns of one" 'SELECT [*]' 'SELECT c.* FROM card c WHERE id = ?;'
bad "an update of everything" 'no WHERE' 'UPDATE card SET x = ?;'
bad "a delete of everything" 'no WHERE' 'DELETE FROM card;'
bad "rows by chance" 'LIMIT without' 'DELETE FROM card WHERE a = ? LIMIT 5;'
bad "an unguarded move" 'moves a state' \
    'UPDATE card SET order_id = ?, state = ? WHERE id = ?;'
bad "a clock of the server" 'for the time' \
    'UPDATE card SET a = NOW() WHERE id = ?;'
bad "chance" 'another place' 'SELECT id FROM card ORDER BY RAND();'
bad "swallowed errors" 'swallows' 'INSERT IGNORE INTO card (id) VALUES (?);'
bad "RETURNING" 'RETURNING' 'DELETE FROM card WHERE id = ? RETURNING id;'
bad "an unknown table" 'no table cards' 'SELECT id FROM cards WHERE id = ?;'
bad "a long line" 'longer than 100' \
    "SELECT id FROM card WHERE id = ?$(printf '%090d' 0);"
finds "a statement that nobody runs" 'b: no STMT_b' sql/query/a.sql <<'X'
-- :b (u64 id) -> affected primary
DELETE FROM card WHERE id = ?;
X
good "a guarded move" \
    "UPDATE card SET state = 'sold' WHERE id = ? AND state = 'held';"
good "parts of all kinds" 'WITH t AS (SELECT id FROM card WHERE id = ?)
SELECT COUNT(*), a * b FROM t JOIN card c ON c.id = t.id
  JOIN (SELECT 1 AS n FROM card) x ON x.n = 1
 WHERE EXISTS (SELECT 1 FROM card d WHERE d.id = ?) FOR UPDATE SKIP LOCKED;'

rm -rf "$tmp/schema" "$tmp/fcgi"
lint() {
	find "$1/sql/schema" "$1/sql/query" -name '*.sql' |
	    LC_ALL=C sort -r >"$tmp/list"
	find "$1/fcgi" -name '*.c' >>"$tmp/list"
	xargs "$AWK" -f "$here/query.awk" <"$tmp/list"
}
clean "sql/query" lint "$srcdir"
tap_end
