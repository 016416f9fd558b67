/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the merchant wants done with money and stock that do not fit: rows of
 * table setting, chosen on the panel, with defaults for what is not chosen.
 */
#ifndef KS_SHOP_POLICY_H
#define KS_SHOP_POLICY_H

#include <stdbool.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"

enum late_policy {    /* money after the order expired or was cancelled */
	LATE_DELIVER, /* from stock, else the order waits in the line */
	LATE_QUEUE,   /* a person decides */
	LATE_REFUND,  /* owed back */
	LATE__N
};
enum over_policy {    /* more than the price */
	OVER_HOLD,    /* all of it is owed back; a person decides */
	OVER_DELIVER, /* the price pays the order, the rest is owed back */
	OVER__N
};
enum under_policy {     /* less than the price */
	UNDER_HOLD,     /* owed back; a person decides */
	UNDER_COMPLETE, /* held; when all such money reaches the price, it pays
			 */
	UNDER_REFUND,   /* owed back at once */
	UNDER__N
};

struct policy {
	enum late_policy late;
	enum over_policy over;
	enum under_policy under;
	bool partial;          /* a waiting order gets what there is */
	struct money ask_back; /* successes from this amount on are confirmed
				* at the gateway before delivery; 0: none */
};

const char *policy_late_name(enum late_policy p); /* "deliver" ... */
const char *policy_over_name(enum over_policy p);
const char *policy_under_name(enum under_policy p);

/* From the primary.  A value that is not known (written by a newer version)
 * counts as its default. */
MUST_CHECK enum rc policy_load(struct ctx *cx, struct policy *out);
/* The value of its row alone; NULL: never chosen. */
struct money policy_ask_back(const char *value);
/* Writes what differs, with one audit row. */
MUST_CHECK enum rc policy_save(struct ctx *cx, const struct policy *p);

#endif
