/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notice mutation matrix: start from a golden notice, change one thing.
 * An effect exactly for the golden row and its harmless spellings; every
 * other row is refused with the very same answer.
 *
 * A row changes text: `from` becomes `to` in the message before it is signed
 * (the gateway said so) or in what is sent (somebody tampered).  Headers are
 * lines of the message, so they can be changed in the same way.
 */
#ifndef KS_TEST_MATRIX_H
#define KS_TEST_MATRIX_H

#include "pay/verdict.h"

enum mx_key { KEY_OURS, KEY_WRONG, KEY_EMPTY };

struct mx_row {
	const char *dimension, *what;
	const char *from, *to;        /* before signing; NULL: nothing */
	const char *after, *after_to; /* after signing */
	enum mx_key key;              /* whose the signature is */
	int64_t clock_s;              /* our clock runs on by this */
	bool effect;
	enum pay_why why;
};

struct mx_message {
	const char *method;
	const char *headers; /* "Name: value\n" lines */
	const char *query;
	const char *body;
};

struct mx_gateway {
	const struct gateway *g;
	const struct pay_account *account;
	struct pay_expected order;
	int64_t now_us;
	const char *golden; /* the body or query, unsigned */
	/* Signs text with the key and fills *m. */
	void (*sign)(const char *text, enum mx_key key, struct mx_message *m);
};

/* Plays all rows, each three times; fails the test on the first wrong one. */
void mx_run(const struct mx_gateway *mx, const struct mx_row *row, size_t n);
/* Every byte cut off the end, and many single bytes changed: what is still
 * accepted says what the golden one says. */
void mx_cut_and_flip(const struct mx_gateway *mx);

#endif
