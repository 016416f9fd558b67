/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of the purchase: a shop on the private server and the acts of a
 * buyer, so that a test reads like what happened.
 *
 *	sku 1  GOLD-10, 10.00, cards 1..5        sku 3  a loop card, 5.00
 *	sku 2  free, cards 100, 101              sku 4  made by hand, 7.00
 *	sku 5  3.00, one a buyer, cards 300..304
 */
#ifndef KS_TESTS_COUNTER_H
#define KS_TESTS_COUNTER_H

#include "support/test.h"
#include "support/dbserver.h"

#include "shop/checkout.h"
#include "shop/order.h"
#include "shop/order_end.h"

#define SECRET "Rk3v9sQ1xZ7pL0aWm4Tn8YcE2uBd6HfJ"
#define PID "1001"

extern struct ctx cx[1];
extern struct settings *set;
extern struct visitor visitor;

int counter_setup(void **state);
/* Every invariant of `keystallctl verify` holds after every test. */
int counter_teardown(void **state);
#define COUNTER_TEST(fn)                                                       \
	cmocka_unit_test_setup_teardown(fn, counter_setup, counter_teardown)

/* n free cards of a SKU, with the ids first, first + 1, ... */
void counter_cards(unsigned sku, unsigned first, unsigned n);
/* The channel epay with this key, made or changed. */
void counter_channel(const char *key);
struct checkout counter_form(unsigned sku, unsigned qty);
const char *place(unsigned sku, unsigned qty); /* the order's number */
const struct order *look(const char *no);
/* A genuine EPay message, and its way in; the word that was answered. */
const char *signed_query(const char *no, const char *money, const char *txn);
const char *notify(const char *url_no, const char *query);
/* The same of another account, and to another channel. */
const char *signed_by(const char *key, const char *pid, const char *no,
    const char *money, const char *txn);
const char *notify_at(
    const char *channel, const char *url_no, const char *query);
void open_payment(const char *no);
/* Opens the payment and sends its notice. */
void pay(const char *no, const char *money, const char *txn);
/* The clock passes the order's time. */
void expire_now(const char *no);
void assert_state(const char *no, const char *state);
void assert_count(const char *what, unsigned n);

#endif
