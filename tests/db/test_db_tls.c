/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TLS policy over TCP: encrypted and checked, or no connection
 * (DEPENDENCIES M3).  The primary has a certificate for 127.0.0.1 from
 * tls/ca.pem; the replica speaks no TLS at all.
 */
#include "support/test.h"
#include "support/dbserver.h"

#include "io/db.h"

enum { T_CIPHER, T__N };

static const struct db_stmt table[T__N] = {
    [T_CIPHER] = {"cipher",
	"SELECT VARIABLE_VALUE FROM information_schema.session_status WHERE "
	"VARIABLE_NAME = 'SSL_CIPHER'",
	"", "s", false},
};

static struct ctx cx[1];
static struct settings *set;

static int
setup(void **state)
{
	test_arena_setup(state);
	db_statements(table, T__N);
	dbserver_ctx(cx, &set, "t_tls");
	set->replica_sockets = "";
	set->db_socket = "";
	set->db_host = "127.0.0.1";
	set->db_port = dbserver()->port;
	set->db_tls = "verify";
	set->db_tls_ca = arena_fmt(ta, "%s/ca.pem", dbserver()->tls);
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

static const char *
cipher(void)
{
	struct db_row r;

	assert_int_equal(DB_ROW(cx, T_CIPHER, &r), RC_OK);
	return dv_str(r, 0);
}

static void
right_certificate(void **state)
{
	(void)state;
	assert_int_equal(db_ping(cx), RC_OK);
	assert_true(strlen(cipher()) > 4);
	/* the idle check must not take TLS records for a farewell */
	assert_string_equal(cipher(), cipher());
}

static void
certificate_of_another_ca(void **state)
{
	(void)state;
	set->db_tls_ca = arena_fmt(ta, "%s/other.pem", dbserver()->tls);
	assert_int_equal(db_ping(cx), RC_BUSY);
	dbserver_end(cx);
	set->db_tls_ca = ""; /* the system's CAs do not know it either */
	assert_int_equal(db_ping(cx), RC_BUSY);
}

static void
certificate_of_another_host(void **state)
{
	(void)state;
	set->db_host = "localhost"; /* and no way around by a socket */
	assert_int_equal(db_ping(cx), RC_BUSY);
}

static void
plaintext_server(void **state)
{
	(void)state;
	set->db_port = dbserver()->replica_port;
	dbserver_sync(); /* the database must have arrived there */
	assert_int_equal(db_ping(cx), RC_BUSY);
	dbserver_end(cx);
	set->db_tls = "off";
	assert_int_equal(db_ping(cx), RC_OK);
	assert_string_equal(cipher(), "");
}

static void
socket_needs_none(void **state)
{
	(void)state;
	set->db_socket = dbserver()->socket;
	assert_int_equal(db_ping(cx), RC_OK);
	assert_string_equal(cipher(), "");
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DB_TEST(right_certificate),
	    DB_TEST(certificate_of_another_ca),
	    DB_TEST(certificate_of_another_host),
	    DB_TEST(plaintext_server),
	    DB_TEST(socket_needs_none),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
