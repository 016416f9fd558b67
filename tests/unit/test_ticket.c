/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets against a memcached of their own: counted from the rows, never
 * below what is there, given back; and a counter that is wrong, or gone,
 * costs a moment and no sale.
 */
#include "support/cachebox.h"

#include <stdlib.h>

#include "base/time.h"
#include "base/turn.h"
#include "io/cache.h"
#include "shop/ticket.h"

static void
buy(uint64_t sku, uint64_t free, unsigned qty, bool there)
{
	struct ticket t;

	assert_true(ticket_take(&box_cx, sku, qty, &t));
	ticket_count(&box_cx, &t, free);
	ticket_done(&box_cx, &t, there);
	next_unit();
}

static void
one_a_card(void **state)
{
	int64_t from, passed;
	struct ticket t;
	int i, sent = 0;

	(void)state;
	use(box_path, KEYS_A);
	turn_rate_set(1, 100);
	for (i = 0; i < 3; i++)
		buy(1, 3, 1, true);
	/* the others wait, and one in a quarter of a second looks for all */
	from = time_mono_us();
	for (i = 0; i < 50; i++) {
		sent += ticket_take(&box_cx, 1, 1, &t);
		assert_int_equal(t.kind, TICKET_PROBE);
	}
	passed = (time_mono_us() - from) / US_PER_MS;
	assert_in_range(sent, 1, 1 + passed / 250);
	drop();
}

static void
given_back(void **state)
{
	struct ticket t;

	(void)state;
	use(box_path, KEYS_A);
	turn_rate_set(2, 100);
	buy(2, 3, 2, true);
	assert_true(ticket_take(&box_cx, 2, 1, &t));
	assert_int_equal(t.kind, TICKET_HELD);
	ticket_done(&box_cx, &t, false); /* a refused form */
	/* two are more than there is: none of them was taken */
	assert_true(ticket_take(&box_cx, 2, 2, &t));
	assert_int_equal(t.kind, TICKET_PROBE);
	assert_true(ticket_take(&box_cx, 2, 1, &t));
	assert_int_equal(t.kind, TICKET_HELD);
	drop();
}

/* "None left", and the rows have cards: the first who looks finds them, and
 * then it is counted anew. */
static void
a_lie_ends_with_the_first_who_looks(void **state)
{
	struct ticket t;

	(void)state;
	use(box_path, KEYS_A);
	turn_rate_set(3, 100);
	assert_true(cache_count_start(&box_cx, "ticket:3", 0, 60));
	assert_true(ticket_take(&box_cx, 3, 1, &t));
	assert_int_equal(t.kind, TICKET_PROBE);
	ticket_done(&box_cx, &t, true);
	assert_true(ticket_take(&box_cx, 3, 1, &t));
	assert_int_equal(t.kind, TICKET_UNKNOWN);
	ticket_count(&box_cx, &t, 5);
	assert_int_equal(t.kind, TICKET_HELD);
	/* who looks and finds nothing leaves it as it is */
	assert_int_equal(cache_count_take(&box_cx, "ticket:3", 5), RC_CONFLICT);
	assert_int_equal(cache_count_take(&box_cx, "ticket:3", 4), RC_OK);
	drop();
}

static void
only_sales(void **state)
{
	struct ticket t;

	(void)state;
	use(box_path, KEYS_A);
	turn_rate_set(4, 0);
	assert_true(ticket_take(&box_cx, 4, 1, &t));
	assert_int_equal(t.kind, TICKET_UNUSED);
	turn_rate_set(4, 10);
	assert_true(ticket_take(&box_cx, 4, 1, &t));
	assert_int_equal(t.kind, TICKET_UNKNOWN);
	/* a quantity of nonsense is the form's business */
	assert_true(ticket_take(&box_cx, 4, 0, &t));
	assert_true(ticket_take(&box_cx, 4, UINT64_MAX, &t));
	assert_int_equal(t.kind, TICKET_UNUSED);
	drop();
}

static void
without_a_server(void **state)
{
	int i;

	(void)state;
	turn_rate_set(5, 100);
	use_for("/nonexistent/socket", KEYS_A, SHORT_MS);
	for (i = 0; i < 20; i++)
		buy(5, 1, 1, true);
	drop();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_a_card),
	    TEST(given_back),
	    TEST(a_lie_ends_with_the_first_who_looks),
	    TEST(only_sales),
	    TEST(without_a_server),
	};

	if (system("command -v memcached >/dev/null") != 0)
		test_skip_all("no memcached");
	return cmocka_run_group_tests(tests, box_setup, box_teardown);
}
