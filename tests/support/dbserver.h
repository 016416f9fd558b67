/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private primary and replica for cmocka programs.  tests/db/run.sh starts
 * one pair for all programs and names it in KS_DB_DIR; a program that is run
 * by hand starts a pair of its own and stops it at exit.
 */
#ifndef KS_TEST_DBSERVER_H
#define KS_TEST_DBSERVER_H

#include <stdbool.h>

#include "io/ctx.h"

struct dbserver {
	const char *dir;
	const char *socket, *replica_socket, *tls;
	unsigned port, replica_port;
};

/* Skips the program when mariadbd is not installed. */
const struct dbserver *dbserver(void);

/* A fresh, empty database of that name on the primary (and, through
 * replication, on the replica), and cx set up for it as user shop: arena ta,
 * the replica's socket, request deadline none.  The settings are writable. */
void dbserver_ctx(struct ctx *cx, struct settings **set, const char *name);
/* The same with the schema of sql/schema in it. */
void dbserver_ctx_schema(
    struct ctx *cx, struct settings **set, const char *name);
/* End of a test: closes the connections. */
void dbserver_end(struct ctx *cx);

/* SQL as root, outside of what is tested; the last row's first column, or "".
 * An error ends the program. */
const char *sql_primary(const char *fmt, ...) PRINTF_LIKE(1, 2);
const char *sql_replica(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Waits until the replica has all of the primary. */
void dbserver_sync(void);
/* dbserver.sh with "kill" or "restart" and "primary" or "replica". */
void dbserver_do(const char *what, const char *name);
/* Waits up to ms for the condition. */
#define WAIT_FOR(cond, ms)                                                     \
	do {                                                                   \
		int w_ = 10 * (ms); /* machines stand still */                 \
		while (!(cond) && (w_ -= 10) > 0)                              \
			test_sleep_ms(10);                                     \
		assert_true(cond);                                             \
	} while (0)
void test_sleep_ms(int ms);

#endif
