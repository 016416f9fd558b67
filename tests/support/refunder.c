/* SPDX-License-Identifier: Apache-2.0 */
/* A gateway that answers what the test says, and what people do about
 * refunds. */
#include "support/refunder.h"

#include "io/httpc.h"

struct refunder_net net;

static enum rc
fake_http(struct ctx *c, const struct http_call *call, struct http_answer *out)
{
	bool refund = strstr(call->url, "act=refund") != NULL;

	(void)c;
	if (refund)
		net.refunds++;
	else
		net.queries++;
	if (net.rc != RC_OK)
		return net.rc;
	*out = (struct http_answer){
	    .status = 200, .body = span_str(refund ? net.refund : net.order)};
	return RC_OK;
}

int
refunder_setup(void **state)
{
	int rc = counter_setup(state);

	net.rc = RC_OK;
	net.refund = "{\"code\":1}";
	net.refunds = net.queries = 0;
	http_replace(fake_http);
	sql_primary("INSERT INTO staff (id, merchant_id, username, password, "
		    "role_id, created_us) VALUES (1, 1, 'ann', 'x', 1, 1), "
		    "(2, 1, 'bob', 'x', 1, 1)");
	return rc;
}

/* ------------------------------------------------------------ acts */

void
by_staff(uint64_t id)
{
	cx->actor = ACTOR_STAFF;
	cx->staff = id;
}

enum rc
open_one(const char *no, int64_t minor, const char **refund)
{
	const struct refund_new n = {.order_no = no,
	    .amount = MONEY(minor),
	    .reason = "does not work",
	    .reference = ""};

	by_staff(1);
	return refund_open(cx, &n, refund);
}

/* Opened, and the gateway asked. */
const char *
give_back(const char *no, int64_t minor)
{
	const char *refund;

	assert_int_equal(open_one(no, minor, &refund), RC_OK);
	assert_state(no, "refunding");
	assert_int_equal(refund_ask(cx, refund), RC_OK);
	return refund;
}

void
assert_refund(const char *no, const char *state)
{
	assert_string_equal(
	    sql_primary("SELECT state FROM refund WHERE no = '%s'", no), state);
}

/* The time of the jobs has come. */
unsigned
refund_jobs(void)
{
	unsigned did;

	sql_primary("UPDATE refund SET next_ask_us = 1 WHERE next_ask_us > 0");
	cx->actor = ACTOR_SYSTEM;
	assert_int_equal(jobs_refund(cx, &did), RC_OK);
	return did;
}

const char *
sold_order(unsigned qty, const char *money, const char *txn)
{
	const char *no = place(1, qty);

	pay(no, money, txn);
	assert_state(no, "delivered");
	return no;
}

size_t
cards_shown(const char *no)
{
	const struct order_card *cards;
	size_t n;

	assert_int_equal(order_cards(cx, look(no), 0, 10, &cards, &n), RC_OK);
	return n;
}
