/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The change of the card key on a shop that is open.  `keystallctl` has the
 * new ring; the workers have one from before.
 */
#include "support/counter.h"

#include <stdio.h>

#include "io/crypt.h"
#include "io/db.h"
#include "shop/reseal.h"
#include "shop/stock.h"
#include "store/card_key.h"

static const struct keyring *old_ring, *new_ring;

static const char *
key_file(void)
{
	return arena_fmt(ta, "%s/keys", test_dir());
}

/* A new key in the file, and keystallctl started after that. */
static void
rotate(void)
{
	const char *why = "";

	old_ring = cx->keys;
	assert_int_equal(keyring_add_card_key(key_file(), &why), RC_OK);
	assert_int_equal(keyring_load(ta, key_file(), &new_ring, &why), RC_OK);
	assert_int_equal(keyring_card_key_id(old_ring), 1);
	assert_int_equal(keyring_card_key_id(new_ring), 2);
}

static struct reseal
begin(void)
{
	struct reseal r;

	cx->keys = new_ring;
	assert_int_equal(reseal_begin(cx, &r), RC_OK);
	return r;
}

static struct reseal
reseal_all(unsigned batch)
{
	struct reseal r = begin();
	bool more = true;

	while (more)
		assert_int_equal(reseal_some(cx, &r, batch, &more), RC_OK);
	assert_int_equal(reseal_end(cx, &r, false), RC_OK);
	return r;
}

static uint64_t
left(const struct reseal *r)
{
	uint64_t n = 99;

	assert_int_equal(reseal_left(cx, r, &n), RC_OK);
	return n;
}

static void
shows(const char *no, const char *text)
{
	const struct order_card *c;
	size_t n;

	assert_int_equal(order_cards(cx, look(no), 0, 10, &c, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_span(c[0].text, text);
}

/* Sold, held, minted, for sale: 14 cards, in any size of part. */
static void
every_card_is_sealed_anew(void **state)
{
	const char *sold, *loop, *held;
	struct reseal r;

	(void)state;
	sold = place(1, 1);
	pay(sold, "10.00", "T1");
	loop = place(3, 1);
	pay(loop, "5.00", "T2");
	held = place(1, 1);
	rotate();
	r = reseal_all(3);
	assert_int_equal(r.done, 14);
	assert_int_equal(r.moved + r.broken, 0);
	assert_int_equal(left(&r), 0);
	assert_count("card WHERE key_id = 2", 14);
	assert_count("audit_log WHERE action = 'key.reseal' "
		     "AND object = 'card_key:2'",
	    1);
	assert_count("audit_log WHERE action = 'key.resealed' AND "
		     "detail = 'done=14 moved=0 broken=0'",
	    1);
	/* a worker from before the new key */
	cx->keys = old_ring;
	shows(sold, "KEY-1-00001");
	shows(loop, "KEY-3-00200");
	pay(held, "10.00", "T3");
	shows(held, "KEY-1-00002");
	/* nothing to do, and nothing done */
	r = reseal_all(64);
	assert_int_equal(r.done, 0);
}

/* A worker that has the old key as its newest: what it inserts once the
 * change has begun is under the new one. */
static void
nobody_seals_under_the_old_key_any_more(void **state)
{
	const char *loop;
	uint64_t b = 0;

	(void)state;
	rotate();
	(void)begin();
	cx->keys = old_ring;
	loop = place(3, 1);
	pay(loop, "5.00", "T1");
	shows(loop, "KEY-3-00200");
	assert_count(
	    "card WHERE sku_id = 3 AND state = 'sold' AND key_id = 2", 1);
	assert_int_equal(keyring_card_key_id(old_ring), 2);

	assert_int_equal(
	    keyring_load(ta, key_file(), &old_ring, &(const char *){NULL}),
	    RC_OK);
	sql_primary("UPDATE card_key_floor SET key_id = 3");
	cx->keys = old_ring;
	assert_int_equal(
	    keyring_add_card_key(key_file(), &(const char *){NULL}), RC_OK);
	assert_int_equal(import_open(cx, 1, "b", "", MONEY(0), &b), RC_OK);
	assert_int_equal(import_chunk(cx, b, 0, SPAN_LIT("N1\nN2\n")), RC_OK);
	assert_count("card WHERE state = 'staged' AND key_id = 3", 2);
}

/* Another machine, to which the new key file has not come: it must wait. */
static void
without_the_new_key_nothing_is_inserted(void **state)
{
	uint64_t b = 0;

	(void)state;
	assert_int_equal(import_open(cx, 1, "b", "", MONEY(0), &b), RC_OK);
	sql_primary("UPDATE card_key_floor SET key_id = 2");
	assert_int_equal(import_chunk(cx, b, 0, SPAN_LIT("N1\n")), RC_BUSY);
	assert_count("card WHERE state = 'staged'", 0);
	sql_primary("UPDATE card_key_floor SET key_id = 1");
	assert_int_equal(import_chunk(cx, b, 0, SPAN_LIT("N1\n")), RC_OK);
	assert_count("card WHERE state = 'staged' AND key_id = 1", 1);
}

/* Two runs at a time, or a card that went: what was read is not there. */
static void
what_changed_meanwhile_is_left(void **state)
{
	const struct card_old *c;
	struct reseal r;
	struct span sealed;
	const char *bytes;
	size_t n;

	(void)state;
	rotate();
	r = begin();
	assert_int_equal(cards_of_old_keys(cx, 1, 5, 2, 10, &c, &n), RC_OK);
	assert_int_equal(n, 5);
	assert_int_equal(keyring_seal_card(cx->keys, ta, c[0].id,
			     SPAN_LIT("KEY-1-00001"), &sealed),
	    RC_OK);
	assert_int_equal(card_reseal(cx, &c[0], 2, sealed), RC_OK);
	bytes = sql_primary("SELECT HEX(sealed) FROM card WHERE id = 1");
	assert_int_equal(card_reseal(cx, &c[0], 2, SPAN_LIT("x")), RC_CONFLICT);
	sql_primary("UPDATE card SET sealed = X'00' WHERE id = 2");
	assert_int_equal(card_reseal(cx, &c[1], 2, SPAN_LIT("x")), RC_CONFLICT);
	sql_primary("DELETE FROM card WHERE id = 2");
	assert_int_equal(card_reseal(cx, &c[1], 2, SPAN_LIT("x")), RC_CONFLICT);
	assert_string_equal(
	    sql_primary("SELECT HEX(sealed) FROM card WHERE id = 1"), bytes);
	assert_int_equal(left(&r), 11);
}

/* A sale between reading and writing: both stay. */
static void
a_sale_is_kept(void **state)
{
	const struct card_old *c;
	struct span sealed;
	const char *no;
	size_t n;

	(void)state;
	rotate();
	(void)begin();
	assert_int_equal(cards_of_old_keys(cx, 1, 5, 2, 10, &c, &n), RC_OK);
	no = place(1, 1);
	pay(no, "10.00", "T1");
	assert_int_equal(keyring_seal_card(cx->keys, ta, c[0].id,
			     SPAN_LIT("KEY-1-00001"), &sealed),
	    RC_OK);
	assert_int_equal(card_reseal(cx, &c[0], 2, sealed), RC_OK);
	assert_count("card WHERE id = 1 AND state = 'sold' AND key_id = 2", 1);
	shows(no, "KEY-1-00001");
}

static void
a_card_that_does_not_open_stays(void **state)
{
	const char *bytes = sql_primary("SELECT HEX(sealed) FROM card "
					"WHERE id = 3");
	struct reseal r;
	uint64_t n = 0;

	(void)state;
	rotate();
	sql_primary("UPDATE card SET sealed = REVERSE(sealed) WHERE id = 3");
	r = reseal_all(4);
	assert_int_equal(r.done, 12);
	assert_int_equal(r.broken, 1);
	assert_int_equal(left(&r), 1);
	assert_int_equal(retire_check(cx, 1, &n), RC_CONFLICT);
	assert_int_equal(n, 1);
	assert_count("audit_log WHERE action = 'key.retire'", 0);
	sql_primary("UPDATE card SET sealed = X'%s' WHERE id = 3", bytes);
	r = reseal_all(4);
	assert_int_equal(r.done, 1);
	assert_int_equal(retire_check(cx, 1, &n), RC_OK);
	assert_int_equal(n, 0);
	assert_count("audit_log WHERE action = 'key.retire' AND "
		     "object = 'card_key:1'",
	    1);
}

/* A buyer who has locked a card for sale is not waited for with others
 * locked: they would look sold out to the next buyer. */
static void
cards_for_sale_are_locked_alone(void **state)
{
	struct reseal r;
	bool more;

	(void)state;
	dbserver_end(cx);
	set->db_lock_wait_s = 1; /* asked for at connect */
	cx->db = db_new(cx);
	rotate();
	r = begin();
	sql_primary("START TRANSACTION");
	sql_primary("SELECT id FROM card WHERE id = 4 FOR UPDATE");
	assert_int_equal(reseal_some(cx, &r, 10, &more), RC_BUSY);
	assert_string_equal(
	    sql_primary("SELECT GROUP_CONCAT(id) FROM (SELECT id FROM card "
			"WHERE sku_id = 1 FOR UPDATE SKIP LOCKED) t"),
	    "1,2,3,4,5");
	sql_primary("COMMIT");
	assert_int_equal(r.done, 3);
	assert_count("card WHERE key_id = 2", 3);
	assert_int_equal(reseal_some(cx, &r, 10, &more), RC_OK);
	assert_int_equal(r.done, 3 + 10);
}

/* Ids may lie far apart: what is between them is stepped over. */
static void
far_ids_are_found(void **state)
{
	struct reseal r;

	(void)state;
	counter_cards(1, 4000000000u, 1);
	rotate();
	r = reseal_all(64);
	assert_int_equal(r.done, 14);
	assert_int_equal(left(&r), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(every_card_is_sealed_anew),
	    COUNTER_TEST(nobody_seals_under_the_old_key_any_more),
	    COUNTER_TEST(without_the_new_key_nothing_is_inserted),
	    COUNTER_TEST(what_changed_meanwhile_is_left),
	    COUNTER_TEST(a_sale_is_kept),
	    COUNTER_TEST(a_card_that_does_not_open_stays),
	    COUNTER_TEST(cards_for_sale_are_locked_alone),
	    COUNTER_TEST(far_ids_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
