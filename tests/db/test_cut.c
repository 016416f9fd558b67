/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A purchase and its payment, with the line to the database broken after the
 * n-th byte, for n over all of it and in each direction: what a worker, a till
 * or a server that dies at any point leaves behind (ASSURANCE R02).  The form
 * is sent again, the notice comes again: one order a form, one delivery a
 * payment, and after all of it every invariant holds.
 */
#include "support/counter.h"
#include "support/cutline.h"

#include <stdio.h>

#include "shop/settle.h"

enum {
	CARDS = 400,
	TRIES = 5,
	STEPS = 60,
	SLACK = 100 /* bytes before the end of what was measured */
};

static struct cutline *line;

static int
setup(void **state)
{
	const char *path;

	counter_setup(state);
	counter_cards(1, 5000, CARDS);
	set->hold_cap_contact = set->hold_cap_address = 0;
	set->hold_cap_network = 0;
	path = arena_fmt(ta, "%s/cut", test_dir());
	line = cutline_start(path, dbserver()->socket);
	dbserver_end(cx);
	set->db_socket = path;
	return 0;
}

static int
teardown(void **state)
{
	int bad;

	cutline_break(line, -1, 0, false, 0);
	dbserver_end(cx);
	bad = counter_teardown(state); /* the invariants */
	cutline_stop(line);
	return bad;
}

/* A fresh connection that breaks after n bytes; dir < 0: one that does not. */
static void
next_line(int dir, long n)
{
	dbserver_end(cx);
	cutline_break(line, dir, n, false, dir < 0 ? 0 : 1);
}

/* It did break: within the call, or so that the call was made again. */
static bool
was_cut(int tries)
{
	return tries > 0 || line->dials > 1;
}

/* Sends the form until it is answered, as a buyer would; whether the line
 * broke. */
static bool
bought(int dir, long n, const char **no)
{
	struct checkout f = counter_form(1, 1);
	struct checkout_result r;
	int i;

	next_line(dir, n);
	cx->actor = ACTOR_BUYER;
	for (i = 0; i < TRIES; i++) {
		if (checkout_place(cx, &f, &r) == RC_OK) {
			*no = r.order_no;
			return was_cut(i);
		}
		assert_int_equal(r.error, CHECKOUT_OK); /* no reason of his */
		next_line(-1, 0);
	}
	fail_msg(
	    "%s cut after %ld: never placed", dir == ASK ? "ask" : "answer", n);
	return false;
}

/* The gateway repeats its notice until it is told that it arrived. */
static bool
settled(int dir, long n, const char *no, const char *query)
{
	const struct notice_request rq = {
	    .channel = "epay",
	    .order_no = no,
	    .method = "GET",
	    .query = span_str(query),
	};
	struct notice_reply reply;
	int i;

	next_line(dir, n);
	for (i = 0; i < TRIES; i++) {
		settle_notice(cx, &rq, &reply);
		if (reply.rc == RC_OK && span_is(reply.body, "success"))
			return was_cut(i);
		next_line(-1, 0);
	}
	fail_msg("%s cut after %ld: never settled",
	    dir == ASK ? "ask" : "answer", n);
	return false;
}

static const char *
txn_of(unsigned i)
{
	return arena_fmt(ta, "CUT%u", i);
}

static void
cut_purchase(int dir)
{
	unsigned made = 0, cuts = 0;
	const char *no;
	long total, n;

	/* the first also asks what all later ones know already */
	for (; made < 2; made++)
		(void)bought(-1, 0, &no);
	total = line->passed[dir];
	assert_true(total > 1000);
	for (n = (long)test_below((uint64_t)total / STEPS); n < total - SLACK;
	     n += total / STEPS) {
		cuts += bought(dir, n, &no);
		assert_count("orders", ++made);
		assert_count("card WHERE state = 'held'", made);
	}
	print_message("# a purchase of %ld bytes, tried %u times, cut in %u\n",
	    total, made - 2, cuts);
	assert_int_equal(cuts, made - 2);
	/* COMMIT and its answer, closely; here the line may hold */
	for (n = total - SLACK; n < total; n += 4) {
		(void)bought(dir, n, &no);
		assert_count("orders", ++made);
		assert_count("card WHERE state = 'held'", made);
	}
}

static void
cut_payment(int dir)
{
	unsigned made = 0, cuts = 0;
	const char *no, *query;
	long total = 0, n;

	/* the last part closely, for COMMIT is there; there it may hold */
	for (n = 0; made == 0 || n < total;
	     n += n < total - SLACK ? total / STEPS : 4) {
		(void)bought(-1, 0, &no);
		open_payment(no);
		query = signed_query(no, "10.00", txn_of(made));
		cuts += settled(made == 0 ? -1 : dir, n, no, query);
		if (made == 0) {
			total = line->passed[dir];
			assert_true(total > 1000);
			n = (long)test_below((uint64_t)total / STEPS);
		}
		assert_state(no, "delivered");
		assert_count("delivery", ++made);
		assert_count("payment WHERE state = 'success'", made);
	}
	print_message("# a payment of %ld bytes, tried %u times, cut in %u\n",
	    total, made - 1, cuts);
	assert_true(cuts >= STEPS - 5);
}

static void
questions_of_a_purchase(void **state)
{
	(void)state;
	cut_purchase(ASK);
}

static void
answers_to_a_purchase(void **state)
{
	(void)state;
	cut_purchase(ANSWER);
}

static void
questions_of_a_payment(void **state)
{
	(void)state;
	cut_payment(ASK);
}

static void
answers_to_a_payment(void **state)
{
	(void)state;
	cut_payment(ANSWER);
}

#define CUT_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CUT_TEST(questions_of_a_purchase),
	    CUT_TEST(answers_to_a_purchase),
	    CUT_TEST(questions_of_a_payment),
	    CUT_TEST(answers_to_a_payment),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
