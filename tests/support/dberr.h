/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of io/db when things go wrong: a table t of five rows, n = id, and
 * a second session that is root's or a child process.
 */
#ifndef KS_TESTS_DBERR_H
#define KS_TESTS_DBERR_H

#include "support/test.h"
#include "support/dbserver.h"

#include <sys/types.h>

#include "io/db.h"

/* clang-format off */
#define STATEMENTS(X) \
X(CONN, "SELECT CONNECTION_ID()", "", "u") \
X(GET, "SELECT n FROM t WHERE id = ?", "u", "i") \
X(ADD, "INSERT INTO t (id, n) VALUES (?, ?)", "ui", "") \
X(PUT, "UPDATE t SET n = ? WHERE id = ?", "iu", "") \
X(LOCK, "SELECT n FROM t WHERE id = ? FOR UPDATE", "u", "i") \
X(SLEEP, "SELECT SLEEP(?)", "u", "u") \
X(SLOW_WRITE, "UPDATE t SET n = SLEEP(?) WHERE id = ?", "uu", "") \
X(REPEATABLE, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "", "")
/* clang-format on */

enum {
#define X(name, sql, params, columns) T_##name,
	STATEMENTS(X)
#undef X
	    T__N
};

extern struct ctx cx[1];
extern struct settings *set;

int dberr_setup(void **state);
int dberr_teardown(void **state);
uint64_t conn_id(void);
enum rc get(uint64_t id, int64_t *n);
enum rc put(uint64_t id, int64_t n);
const char *stored(unsigned id);
void kill_conn(uint64_t id);
pid_t beside(const char *sql);
void child_ok(pid_t pid);
pid_t kill_busy(uint64_t id);
void end_sleepers(void);

#define DB_TEST(fn)                                                            \
	cmocka_unit_test_setup_teardown(fn, dberr_setup, dberr_teardown)

#endif
