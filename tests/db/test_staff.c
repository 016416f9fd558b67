/* SPDX-License-Identifier: Apache-2.0 */
/* Log-in, second factor, sessions, limits of time, and the audit chain. */
#include "support/test.h"

#include <sys/resource.h>

#include "base/slots.h"
#include "base/time.h"
#include "io/crypt.h"
#include "io/db.h"
#include "shop/audit.h"
#include "shop/staff.h"
#include "shop/totp.h"
#include "store/tx.h"
#include "support/dbserver.h"
#include "support/goods.h"

#define GOOD SPAN_LIT("correct horse battery")
#define BAD SPAN_LIT("wrong horse battery")

static struct ctx cx[1];
static struct settings *set;
static uint8_t raw[32];
static enum login_result why;
static unsigned retry;

static int
setup(void **state)
{
	const char *bad;

	test_arena_setup(state);
	goods_setup(cx, &set, "t_staff");
	if (staff_create(cx, "Anna", GOOD, "owner", &bad) != RC_OK)
		return -1;
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static enum rc
login(const char *name, struct span password)
{
	cx->actor = ACTOR_BUYER;
	cx->staff = 0;
	return staff_login(cx, name, password, "Agent/1", raw, &why, &retry);
}

static enum rc
session(const uint8_t r[32], const struct staff **s)
{
	bool due;
	enum rc rc;

	cx->actor = ACTOR_BUYER;
	cx->staff = 0;
	rc = staff_session(cx, r, s, &due);
	if (due)
		assert_int_equal(rc, RC_DENIED);
	return rc;
}

static void
creating(void **state)
{
	const char *bad;

	(void)state;
	assert_int_equal(
	    staff_create(cx, "anna", GOOD, "owner", &bad), RC_CONFLICT);
	assert_string_equal(bad, "taken");
	assert_int_equal(
	    staff_create(cx, "b c", GOOD, "owner", &bad), RC_INVALID);
	assert_int_equal(
	    staff_create(cx, "bob", SPAN_LIT("short"), "owner", &bad),
	    RC_INVALID);
	assert_string_equal(bad, "too_short");
	assert_int_equal(staff_create(cx, "longusername",
			     SPAN_LIT("longusername"), "owner", &bad),
	    RC_INVALID);
	assert_int_equal(
	    staff_create(cx, "bob", GOOD, "king", &bad), RC_NOTFOUND);
	assert_string_equal(bad, "no_role");
	/* no password, and no hash of a fast kind */
	assert_string_equal(sql_primary("SELECT LEFT(password, 9) FROM "
					"t_staff.staff"),
	    "$argon2id");
}

static void
right_and_wrong(void **state)
{
	const struct staff *s;
	uint8_t first[32], zero[32] = {0};

	(void)state;
	assert_int_equal(login("anna", BAD), RC_DENIED);
	assert_int_equal(why, LOGIN_WRONG);
	assert_int_equal(login("ANNA", GOOD), RC_OK);
	assert_int_equal(why, LOGIN_OK);
	assert_int_equal(session(raw, &s), RC_OK);
	assert_string_equal(s->username, "anna");
	assert_string_equal(s->role, "owner");
	assert_int_equal(cx->actor, ACTOR_STAFF);
	assert_int_equal(cx->staff, s->id);
	assert_true(staff_may(s, "anything"));
	/* a new token each time; the cookie's bytes are not in the database */
	memcpy(first, raw, 32);
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_memory_not_equal(first, raw, 32);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_staff.staff_session WHERE "
			"token_hash = x'%02x%02x%02x%02x'",
		raw[0], raw[1], raw[2], raw[3]),
	    "0");
	assert_int_equal(session(zero, &s), RC_DENIED);
	sql_primary("UPDATE t_staff.staff SET state = 'disabled'");
	assert_int_equal(session(raw, &s), RC_DENIED);
	assert_int_equal(login("anna", GOOD), RC_DENIED);
	assert_int_equal(why, LOGIN_WRONG);
}

static void
permissions(void **state)
{
	struct staff s = {.permissions = "catalogue stock orders"};

	(void)state;
	assert_true(staff_may(&s, "stock"));
	assert_false(staff_may(&s, "stoc"));
	assert_false(staff_may(&s, "settings"));
	assert_false(staff_may(&s, "*"));
	s.permissions = "";
	assert_false(staff_may(&s, ""));
}

/* Somebody guesses: both names slow down alike, and neither for ever. */
static void
throttled_alike(void **state)
{
	static const char *const name[] = {"anna", "nobody"};
	enum login_result seen[2][12];
	unsigned waits[2][12];
	int64_t start = cx->now;
	int n, i;

	(void)state;
	for (n = 0; n < 2; n++) {
		cx->now = start;
		for (i = 0; i < 12; i++) {
			retry = 0;
			assert_int_equal(login(name[n], BAD), RC_DENIED);
			seen[n][i] = why;
			waits[n][i] = retry;
			if (why == LOGIN_WAIT)
				cx->now += (int64_t)retry * US_PER_S;
		}
	}
	assert_memory_equal(seen[0], seen[1], sizeof(seen[0]));
	assert_memory_equal(waits[0], waits[1], sizeof(waits[0]));
	assert_int_equal(seen[0][4], LOGIN_WRONG);
	assert_int_equal(seen[0][5], LOGIN_WAIT);
	assert_int_equal(waits[0][5], 2);
	assert_int_equal(seen[0][7], LOGIN_WAIT);
	assert_int_equal(waits[0][7], 4);
	/* the right password waits too, but at most a minute */
	for (i = 0; i < 40; i++) {
		if (login("anna", BAD) == RC_DENIED && why == LOGIN_WAIT) {
			assert_true(retry <= 60);
			cx->now += (int64_t)retry * US_PER_S;
		}
	}
	while (why == LOGIN_WAIT)
		assert_int_equal(login("anna", BAD), RC_DENIED);
	assert_int_equal(login("anna", GOOD), RC_DENIED);
	assert_int_equal(why, LOGIN_WAIT);
	cx->now += 60 * US_PER_S;
	assert_int_equal(login("anna", GOOD), RC_OK);
	/* and all is forgotten */
	assert_int_equal(login("anna", BAD), RC_DENIED);
	assert_int_equal(why, LOGIN_WRONG);
}

static int64_t
cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (int64_t)u.ru_utime.tv_sec * US_PER_S + u.ru_utime.tv_usec;
}

/* A name that does not exist costs what a wrong password costs: CPU time,
 * because the machine may be busy with other tests. */
static void
equal_work(void **state)
{
	static const char *const name[2] = {"anna", "nobody"};
	int64_t spent[2] = {0, 0}, before;
	int i;

	(void)state;
	assert_int_equal(login("anna", BAD), RC_DENIED); /* warm */
	for (i = 0; i < 8; i++) {
		sql_primary("DELETE FROM t_staff.login_throttle");
		before = cpu_us();
		assert_int_equal(login(name[i % 2], BAD), RC_DENIED);
		assert_int_equal(why, LOGIN_WRONG);
		spent[i % 2] += cpu_us() - before;
	}
	assert_true(spent[0] < 2 * spent[1] && spent[1] < 2 * spent[0]);
}

/* A stranger cannot lock the owner out of where she has worked before. */
static void
home_is_patient(void **state)
{
	int i;

	(void)state;
	cx->address = "192.0.2.1";
	assert_int_equal(login("anna", GOOD), RC_OK);
	cx->address = "198.51.100.9";
	for (i = 0; i < 8; i++)
		assert_int_equal(login("anna", BAD), RC_DENIED);
	assert_int_equal(why, LOGIN_WAIT);
	cx->address = "192.0.2.1";
	assert_int_equal(login("anna", GOOD), RC_OK);
}

static void
hash_slots(void **state)
{
	int s;

	(void)state;
	s = slots_take(SLOTS_HASH);
	assert_true(s >= 0);
	assert_int_equal(login("anna", GOOD), RC_BUSY);
	slots_give(SLOTS_HASH, s);
	assert_int_equal(login("anna", GOOD), RC_OK);
}

static void
limits_of_time(void **state)
{
	const struct staff *s;
	int64_t start = cx->now, t;

	(void)state;
	set->session_idle_s = 1000;
	set->session_max_s = 3000;
	assert_int_equal(login("anna", GOOD), RC_OK);
	cx->now = start + 1001 * US_PER_S;
	assert_int_equal(session(raw, &s), RC_DENIED);
	cx->now = start;
	assert_int_equal(session(raw, &s), RC_DENIED); /* it is gone */
	assert_int_equal(login("anna", GOOD), RC_OK);
	for (t = 900; t <= 2700; t += 900) {
		cx->now = start + t * US_PER_S;
		assert_int_equal(session(raw, &s), RC_OK);
	}
	cx->now = start + 3001 * US_PER_S; /* in use, and over all the same */
	assert_int_equal(session(raw, &s), RC_DENIED);
}

static const char *
code_at(const char *secret, int64_t now)
{
	uint8_t bytes[TOTP_SECRET];
	char *out = arena_alloc(ta, 9);

	assert_int_equal(totp_secret(secret, bytes), RC_OK);
	totp_code((struct span){(const char *)bytes, sizeof(bytes)},
	    (uint64_t)(now / US_PER_S / TOTP_STEP_S), TOTP_DIGITS, out);
	return out;
}

static void
second_factor(void **state)
{
	const char *secret, *url;
	const struct staff *s;
	uint8_t first[32], fresh[32];
	bool due;
	int i;

	(void)state;
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_int_equal(staff_totp_begin(cx, &secret, &url), RC_OK);
	assert_non_null(strstr(url, secret));
	assert_int_equal(staff_totp_confirm(cx, secret, "000000"), RC_DENIED);
	assert_int_equal(
	    staff_totp_confirm(cx, secret, code_at(secret, cx->now)), RC_OK);
	assert_int_equal(
	    staff_totp_confirm(cx, secret, code_at(secret, cx->now)),
	    RC_CONFLICT);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_staff.staff WHERE "
			"totp_sealed LIKE '%%%s%%'",
		secret),
	    "0");

	cx->now += 60 * US_PER_S;
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_int_equal(why, LOGIN_TOTP);
	memcpy(first, raw, 32);
	assert_int_equal(staff_session(cx, first, &s, &due), RC_DENIED);
	assert_true(due);
	assert_int_equal(
	    staff_totp(cx, first, "123456", fresh, &why), RC_DENIED);
	assert_int_equal(why, LOGIN_WRONG);
	assert_int_equal(
	    staff_totp(cx, first, code_at(secret, cx->now), fresh, &why),
	    RC_OK);
	assert_memory_not_equal(first, fresh, 32);
	assert_int_equal(session(fresh, &s), RC_OK);
	assert_true(s->totp);
	assert_int_equal(session(first, &s), RC_DENIED); /* the old one died */
	assert_int_equal(
	    staff_totp(cx, fresh, code_at(secret, cx->now), fresh, &why),
	    RC_DENIED); /* nothing is due */
	/* a code works once */
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_int_equal(
	    staff_totp(cx, raw, code_at(secret, cx->now), fresh, &why),
	    RC_DENIED);
	/* guessing codes is throttled */
	for (i = 0; i < 8; i++)
		assert_int_equal(
		    staff_totp(cx, raw, "000000", fresh, &why), RC_DENIED);
	assert_int_equal(why, LOGIN_WAIT);
	/* the step between password and code does not stay open */
	cx->now += 700 * US_PER_S;
	assert_int_equal(
	    staff_totp(cx, raw, code_at(secret, cx->now), fresh, &why),
	    RC_DENIED);
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_int_equal(
	    staff_totp(cx, raw, code_at(secret, cx->now), fresh, &why), RC_OK);
	assert_int_equal(staff_totp_off(cx, BAD), RC_DENIED);
	assert_int_equal(staff_totp_off(cx, GOOD), RC_OK);
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_int_equal(why, LOGIN_OK);
}

static void
new_password(void **state)
{
	const struct session_row *row;
	const struct staff *s;
	const char *bad = NULL;
	uint8_t other[32];
	size_t n;

	(void)state;
	assert_int_equal(login("anna", GOOD), RC_OK);
	memcpy(other, raw, 32);
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_int_equal(staff_sessions(cx, raw, &row, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_true(row[0].current != row[1].current);
	assert_string_equal(row[0].agent, "Agent/1");
	assert_int_equal(
	    staff_password(cx, raw, BAD, SPAN_LIT("another one 1"), &bad),
	    RC_DENIED);
	assert_string_equal(bad, "wrong");
	assert_int_equal(
	    staff_password(cx, raw, GOOD, SPAN_LIT("short"), &bad), RC_INVALID);
	assert_int_equal(
	    staff_password(cx, raw, GOOD, SPAN_LIT("密码 with blanks"), &bad),
	    RC_OK);
	assert_int_equal(session(other, &s), RC_DENIED); /* others are out */
	assert_int_equal(session(raw, &s), RC_OK);
	assert_int_equal(login("anna", GOOD), RC_DENIED);
	assert_int_equal(login("anna", SPAN_LIT("密码 with blanks")), RC_OK);
	assert_int_equal(staff_logout(cx, raw), RC_OK);
	assert_int_equal(session(raw, &s), RC_DENIED);
	assert_int_equal(staff_logout(cx, raw), RC_OK);
	assert_int_equal(
	    staff_reset_password(cx, "anna", SPAN_LIT("by operator 1")), RC_OK);
	assert_int_equal(login("anna", SPAN_LIT("by operator 1")), RC_OK);
	assert_int_equal(staff_reset_password(cx, "nobody", GOOD), RC_NOTFOUND);
}

static void
ending_one_session(void **state)
{
	const struct session_row *row;
	const struct staff *s;
	uint8_t other[32];
	size_t n, i;

	(void)state;
	assert_int_equal(login("anna", GOOD), RC_OK);
	memcpy(other, raw, 32);
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_int_equal(staff_sessions(cx, raw, &row, &n), RC_OK);
	for (i = 0; i < n; i++)
		if (!row[i].current)
			assert_int_equal(
			    staff_session_end(cx, row[i].id), RC_OK);
	assert_int_equal(session(other, &s), RC_DENIED);
	assert_int_equal(session(raw, &s), RC_OK);
	assert_int_equal(
	    staff_session_end(cx, "0123456789abcdef"), RC_NOTFOUND);
}

/* ---- the chain */

static enum rc
add_body(struct ctx *c, void *arg)
{
	return audit_add(c, "test", "thing:1", arg);
}

static void
some_rows(void)
{
	int i;

	for (i = 0; i < 6; i++)
		assert_int_equal(
		    tx_run(cx, add_body, arena_fmt(ta, "row %d", i)), RC_OK);
}

static enum rc
chain(uint64_t *bad)
{
	uint64_t rows;

	return audit_check(cx, &rows, bad);
}

static void
tampering_shows(void **state)
{
	static const char *const change[] = {
	    "UPDATE t_staff.audit_log SET detail = 'x' WHERE seq = 3",
	    "UPDATE t_staff.audit_log SET at_us = at_us + 1 WHERE seq = 3",
	    "UPDATE t_staff.audit_log SET staff_id = 9 WHERE seq = 3",
	    "UPDATE t_staff.audit_log SET actor = 'eve' WHERE seq = 3",
	    "UPDATE t_staff.audit_log SET address = '' WHERE seq = 3",
	    "DELETE FROM t_staff.audit_log WHERE seq = 3",
	    /* two rows change places */
	    "UPDATE t_staff.audit_log SET seq = CASE seq WHEN 3 THEN 1003 "
	    "WHEN 4 THEN 3 ELSE seq END ORDER BY seq",
	    /* what one row said, another one says */
	    "UPDATE t_staff.audit_log SET object = 'thin', action = 'testg:1' "
	    "WHERE seq = 3",
	};
	const char *copy = "CREATE TABLE t_staff.kept AS SELECT * FROM "
			   "t_staff.audit_log";
	uint64_t bad = 0;
	size_t i;

	(void)state;
	some_rows();
	assert_int_equal(chain(&bad), RC_OK);
	sql_primary("%s", copy);
	for (i = 0; i < sizeof(change) / sizeof(change[0]); i++) {
		sql_primary("%s", change[i]);
		assert_int_equal(chain(&bad), RC_INVALID);
		assert_int_equal(bad, 3);
		sql_primary("DELETE FROM t_staff.audit_log");
		sql_primary("INSERT INTO t_staff.audit_log SELECT * FROM "
			    "t_staff.kept");
		assert_int_equal(chain(&bad), RC_OK);
	}
	sql_primary("DELETE FROM t_staff.audit_log WHERE seq = 7");
	assert_int_equal(chain(&bad), RC_INVALID); /* the end is cut off */
	assert_int_equal(bad, 7);
	sql_primary("UPDATE t_staff.audit_head SET seq = 6");
	assert_int_equal(chain(&bad), RC_INVALID); /* with the head set back */
	sql_primary("DELETE FROM t_staff.audit_head");
	assert_int_equal(chain(&bad), RC_INVALID);
}

static enum rc
chain_since(const struct audit_mark *was, struct audit_mark *now)
{
	uint64_t bad;

	return audit_check_since(cx, was, now, &bad);
}

/* Rows and head together are a good chain, only an older one: what was
 * written down elsewhere tells. */
static void
set_back_as_a_whole(void **state)
{
	struct audit_mark at, later, again;

	(void)state;
	some_rows();
	assert_int_equal(chain_since(NULL, &at), RC_OK);
	assert_int_equal(at.seq, 7);
	assert_int_equal(chain_since(&at, &again), RC_OK);
	some_rows();
	assert_int_equal(chain_since(&at, &later), RC_OK); /* it has grown */
	assert_int_equal(later.seq, 13);
	sql_primary("DELETE FROM t_staff.audit_log WHERE seq > 8");
	sql_primary("UPDATE t_staff.audit_head SET seq = 8, hash = (SELECT "
		    "hash FROM t_staff.audit_log WHERE seq = 8)");
	assert_int_equal(chain_since(NULL, &again), RC_OK);
	assert_int_equal(chain_since(&at, &again), RC_OK);
	assert_int_equal(chain_since(&later, &again), RC_INVALID);
	/* and grown past it with other rows */
	cx->now++;
	some_rows();
	assert_int_equal(chain_since(NULL, &again), RC_OK);
	assert_int_equal(again.seq, 14);
	assert_int_equal(chain_since(&at, &again), RC_OK);
	assert_int_equal(chain_since(&later, &again), RC_INVALID);
}

static void
listed(void **state)
{
	const struct audit_row *row;
	struct page page = {1, 4, 0};
	size_t n;

	(void)state;
	some_rows();
	assert_int_equal(audit_list(cx, NULL, &page, &row, &n), RC_OK);
	assert_int_equal(page.total, 7); /* and staff.create */
	assert_int_equal(n, 4);
	assert_int_equal(row[0].seq, 7);
	assert_string_equal(row[0].actor, "(system)");
	assert_int_equal(audit_list(cx, "thing:1", &page, &row, &n), RC_OK);
	assert_int_equal(page.total, 6);
	assert_int_equal(login("anna", GOOD), RC_OK);
	assert_int_equal(
	    audit_list(cx, arena_fmt(ta, "staff:%u", (unsigned)cx->staff),
		&page, &row, &n),
	    RC_OK);
	assert_string_equal(row[0].actor, "anna");
	assert_string_equal(row[0].action, "staff.login");
	assert_string_equal(row[0].address, "127.0.0.1");
}

static void
long_text_is_cut(void **state)
{
	char *big = arena_alloc(ta, 7000);
	const struct audit_row *row;
	struct page page = {1, 4, 0};
	uint64_t bad;
	size_t n, i;

	(void)state;
	for (i = 0; i < 2100; i++)
		memcpy(big + 3 * i, "密", 3);
	assert_int_equal(tx_run(cx, add_body, big), RC_OK);
	assert_int_equal(audit_list(cx, "thing:1", &page, &row, &n), RC_OK);
	assert_int_equal(strlen(row[0].detail), 6000);
	assert_int_equal(chain(&bad), RC_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {DB_TEST(creating),
	    DB_TEST(right_and_wrong), DB_TEST(permissions),
	    DB_TEST(throttled_alike), DB_TEST(equal_work),
	    DB_TEST(home_is_patient), DB_TEST(hash_slots),
	    DB_TEST(limits_of_time), DB_TEST(second_factor),
	    DB_TEST(new_password), DB_TEST(ending_one_session),
	    DB_TEST(tampering_shows), DB_TEST(set_back_as_a_whole),
	    DB_TEST(listed), DB_TEST(long_text_is_cut)};

	dbserver();
	return cmocka_run_group_tests_name("staff", tests, NULL, NULL);
}
