/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shortage queue: first come, first served, in the transaction that makes
 * a card free, and nobody overtakes; after each test the invariants of
 * `keystallctl verify`, the line's among them.
 */
#include "support/counter.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "io/crypt.h"
#include "shop/catalogue.h"
#include "shop/jobs.h"
#include "shop/policy.h"
#include "shop/refund.h"
#include "shop/settle.h"
#include "shop/shortage.h"
#include "shop/stock.h"

enum { MANY = 12 };

/* Batches of the test's own beside the one of the shop's first cards. */
static int
setup(void **state)
{
	int rc = counter_setup(state);

	sql_primary("ALTER TABLE card_batch AUTO_INCREMENT = 100");
	return rc;
}

#define SHOP_TEST(fn)                                                          \
	cmocka_unit_test_setup_teardown(fn, setup, counter_teardown)

/* n orders of qty pieces each, paid in this order, of which none is in
 * stock: the cards there were are locked. */
static void
wait_in_line(unsigned sku, unsigned qty, unsigned n, const char **no)
{
	const struct money price = MONEY(1000 * (int64_t)qty);
	unsigned i;

	set->hold_cap_contact = set->hold_cap_address = 0;
	counter_cards(sku, 10000, qty * n);
	for (i = 0; i < n; i++) {
		no[i] = place(sku, qty);
		open_payment(no[i]);
	}
	cx->now += (set->order_ttl_s + 1) * US_PER_S;
	for (i = 0; i < n; i++)
		assert_int_equal(order_expire(cx, no[i]), RC_OK);
	sql_primary("UPDATE card SET state = 'locked' WHERE sku_id = %u AND "
		    "state = 'free'",
	    sku);
	for (i = 0; i < n; i++) {
		cx->now++;
		assert_string_equal(
		    notify(no[i], signed_query(no[i], money_text(ta, price, 2),
				      arena_fmt(ta, "W%u", i))),
		    "success");
		assert_state(no[i], "short");
		assert_int_equal(look(no[i])->short_place, i + 1);
	}
}

static void
bring(unsigned sku, unsigned n)
{
	const char *lines = "";
	uint64_t batch;

	cx->now++;
	cx->actor = ACTOR_STAFF;
	while (n-- > 0)
		lines = arena_fmt(ta, "%sNEW-%u-%016llx\n", lines, n,
		    (unsigned long long)crypt_random_u64());
	assert_int_equal(
	    import_open(cx, sku, "more", "", MONEY(0), &batch), RC_OK);
	assert_int_equal(import_chunk(cx, batch, 0, span_str(lines)), RC_OK);
	assert_count("delivery", 0); /* not before it is committed */
	assert_int_equal(import_commit(cx, batch), RC_OK);
}

static enum checkout_error
try_to_buy(unsigned sku, unsigned qty)
{
	struct checkout f = counter_form(sku, qty);
	struct checkout_result r;

	cx->actor = ACTOR_BUYER;
	(void)!checkout_place(cx, &f, &r);
	return r.error;
}

/* ------------------------------------------------------------ in order */

static void
first_seven_of_ten_are_served(void **state)
{
	const char *no[10];
	unsigned i;

	(void)state;
	wait_in_line(1, 1, 10, no);
	bring(1, 7);
	for (i = 0; i < 10; i++)
		assert_state(no[i], i < 7 ? "delivered" : "short");
	assert_int_equal(look(no[7])->short_place, 1);
	assert_int_equal(look(no[9])->short_place, 3);
	assert_count("delivery", 7);
	assert_count("card WHERE sku_id = 1 AND state = 'free'", 0);
	assert_count("outbox WHERE kind = 'mail_order' AND dedupe LIKE "
		     "'%%:delivered'",
	    7);
	assert_count(
	    "order_event WHERE kind = 'filled' AND actor = 'system'", 7);
}

static void
whole_orders_only_and_nobody_overtakes(void **state)
{
	const char *no[2], *behind;
	const struct product *p;
	const struct sku *s;

	(void)state;
	wait_in_line(1, 5, 1, no);
	bring(1, 3);
	assert_state(no[0], "short");
	assert_count("delivery", 0);
	/* three are there, but they are not for sale */
	assert_int_equal(try_to_buy(1, 1), CHECKOUT_SOLD_OUT);
	assert_int_equal(catalogue_product_of_sku(cx, 1, &p, &s), RC_OK);
	assert_int_equal(s->stock.n, 0);
	/* late money goes to the end of the line, though it needs but one */
	sql_primary("UPDATE shortage SET sku_id = 99");
	behind = place(1, 1);
	sql_primary("UPDATE shortage SET sku_id = 1");
	open_payment(behind);
	expire_now(behind);
	assert_string_equal(
	    notify(behind, signed_query(behind, "10.00", "B")), "success");
	assert_state(behind, "short");
	assert_int_equal(look(behind)->short_place, 2);
	counter_cards(1, 20000, 2);
	cx->now++;
	assert_int_equal(jobs_fill_short(cx, &(unsigned){0}), RC_OK);
	assert_state(no[0], "delivered");
	assert_state(behind, "short");
	counter_cards(1, 20010, 2);
	assert_int_equal(jobs_fill_short(cx, &(unsigned){0}), RC_OK);
	assert_state(behind, "delivered");
	assert_int_equal(try_to_buy(1, 1), CHECKOUT_OK);
}

static void
partial_delivery_when_the_shop_wants_it(void **state)
{
	const struct policy p = {.partial = true};
	const struct order_card *cards;
	const char *no[2];
	size_t n;

	(void)state;
	wait_in_line(1, 3, 2, no);
	assert_int_equal(policy_save(cx, &p), RC_OK);
	bring(1, 2);
	assert_state(no[0], "short");
	assert_int_equal(look(no[0])->delivered, 2);
	assert_int_equal(look(no[0])->short_place, 1);
	assert_int_equal(
	    order_cards(cx, look(no[0]), 0, 10, &cards, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_count("order_event WHERE kind = 'part_delivered'", 1);
	counter_cards(1, 20000, 2); /* one for the first, one for the next */
	cx->now++;
	assert_int_equal(jobs_fill_short(cx, &(unsigned){0}), RC_OK);
	assert_state(no[0], "delivered");
	assert_state(no[1], "short");
	assert_int_equal(look(no[1])->delivered, 1);
	assert_count("delivery", 4);
	/* who holds a part of the goods does not get all of the money by
	 * choosing it: a person decides */
	set->refund_buyer = "gateway";
	assert_int_equal(refund_choose(cx, look(no[1])), RC_OK);
	assert_count("refund WHERE state = 'waiting'", 1);
	assert_count("refund WHERE state = 'open'", 0);
	assert_count("shortage", 0);
}

/* ------------------------------------------------------------ causes */

static void
card_that_is_given_back_serves(void **state)
{
	const char *no[3], *unpaid, *other;

	(void)state;
	unpaid = place(1, 1);
	other = place(1, 1);
	cx->now -= (set->order_ttl_s + 10) * US_PER_S; /* those two live on */
	wait_in_line(1, 1, 3, no);
	assert_int_equal(order_cancel(cx, look(unpaid)), RC_OK);
	assert_state(no[0], "delivered");
	assert_state(no[1], "short");
	cx->now += 60 * US_PER_S;
	expire_now(other);
	assert_state(no[1], "delivered");
	assert_state(no[2], "short");
	assert_int_equal(look(no[2])->short_place, 1);
}

static void
unlocked_card_serves(void **state)
{
	const char *no[2];

	(void)state;
	sql_primary("INSERT INTO card_batch (id, merchant_id, sku_id, name, "
		    "state, added_n, created_us) SELECT 1, 1, 1, 'x', "
		    "'committed', 7, 1");
	wait_in_line(1, 1, 2, no);
	/* the batch's counter counts this test's own rows too */
	sql_primary("UPDATE card_batch SET added_n = (SELECT COUNT(*) FROM "
		    "card WHERE batch_id = 1)");
	cx->actor = ACTOR_STAFF;
	cx->staff = 1;
	assert_int_equal(stock_unlock(cx, 1), RC_OK);
	cx->staff = 0;
	assert_state(no[0], "delivered");
	assert_state(no[1], "short");
}

static void
loop_goods_wait_for_their_text(void **state)
{
	const char *a = place(3, 1), *b = place(3, 2);

	(void)state;
	sql_primary("UPDATE card SET state = 'locked' WHERE sku_id = 3");
	pay(a, "5.00", "P1");
	cx->now++;
	pay(b, "10.00", "P2");
	assert_state(a, "short");
	assert_state(b, "short");
	bring(3, 1);
	assert_state(a, "delivered");
	assert_state(b, "delivered");
	assert_count("delivery", 3);
}

static void
lost_event_is_swept_up(void **state)
{
	const char *no[MANY];
	unsigned did, i;

	(void)state;
	wait_in_line(1, 1, MANY, no);
	assert_int_equal(jobs_fill_short(cx, &did), RC_OK);
	assert_int_equal(did, 0);
	counter_cards(1, 20000, MANY - 1); /* nobody is told */
	assert_int_equal(jobs_fill_short(cx, &did), RC_OK);
	assert_int_equal(did, MANY - 1);
	for (i = 0; i < MANY; i++)
		assert_state(no[i], i < MANY - 1 ? "delivered" : "short");
}

/* More wait than one transaction serves. */
static void
long_line_is_drained(void **state)
{
	enum { N = SHORTAGE_BATCH + 5 };
	const char *no[N];

	(void)state;
	wait_in_line(1, 1, N, no);
	bring(1, N);
	assert_state(no[N - 1], "delivered");
	assert_count("shortage", 0);
	assert_count("delivery", N);
}

/* ------------------------------------------------------------ at once */

/* Several machines find the same cards: in turn, and each card once. */
static void
fillers_at_once(void **state)
{
	enum { PEOPLE = 4 };
	const char *no[MANY];
	pid_t pid[PEOPLE];
	unsigned did, i;
	int status;

	(void)state;
	wait_in_line(1, 1, MANY, no);
	counter_cards(1, 20000, MANY - 3);
	dbserver_end(cx); /* a child has connections of its own */
	for (i = 0; i < PEOPLE; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] != 0)
			continue;
		crypt_child();
		_exit(jobs_fill_short(cx, &did) == RC_OK ? 0 : 1);
	}
	for (i = 0; i < PEOPLE; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	for (i = 0; i < MANY; i++)
		assert_state(no[i], i < MANY - 3 ? "delivered" : "short");
	assert_count("delivery", MANY - 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SHOP_TEST(first_seven_of_ten_are_served),
	    SHOP_TEST(whole_orders_only_and_nobody_overtakes),
	    SHOP_TEST(partial_delivery_when_the_shop_wants_it),
	    SHOP_TEST(card_that_is_given_back_serves),
	    SHOP_TEST(unlocked_card_serves),
	    SHOP_TEST(loop_goods_wait_for_their_text),
	    SHOP_TEST(lost_event_is_swept_up),
	    SHOP_TEST(long_line_is_drained),
	    SHOP_TEST(fillers_at_once),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
