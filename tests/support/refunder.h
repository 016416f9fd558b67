/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of refunds: the counter's shop, two people of its staff, and a
 * gateway that answers what the test says.
 */
#ifndef KS_TESTS_REFUNDER_H
#define KS_TESTS_REFUNDER_H

#include "support/counter.h"

#include "shop/refund.h"

/* The gateway, as far as it is asked. */
struct refunder_net {
	enum rc rc;                 /* of the connection */
	const char *refund, *order; /* bodies */
	unsigned refunds, queries;
};
extern struct refunder_net net;

int refunder_setup(void **state);
#define REFUND_TEST(fn)                                                        \
	cmocka_unit_test_setup_teardown(fn, refunder_setup, counter_teardown)

void by_staff(uint64_t id); /* 1 or 2 */
enum rc open_one(const char *no, int64_t minor, const char **refund);
/* Opened, and the gateway asked; its number. */
const char *give_back(const char *no, int64_t minor);
void assert_refund(const char *no, const char *state);
/* The time of the jobs has come; how many were asked. */
unsigned refund_jobs(void);
/* Bought and delivered. */
const char *sold_order(unsigned qty, const char *money, const char *txn);
size_t cards_shown(const char *no);

#endif
