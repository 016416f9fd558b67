/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work before an order: goods whose merchant asks for it are sold to browsers
 * that have computed something.  It is asked for without a database, says
 * nothing about the person, and who cannot compute may wait instead.
 *
 * A form carries one field "work": the challenge, 28 characters of base64url
 * made of the time of issue (5 bytes, seconds), the bits asked for (1) and a
 * MAC (15) over both, the form token and the SKU.  So it is good for one
 * form, which makes one order, and nobody can compute it beforehand.  Solved,
 * the field is
 *
 *	CHALLENGE.n0.n1. ... .n15
 *
 * where SHA-256("CHALLENGE.i.ni") begins with bits - 4 zero bits: sixteen
 * pieces that together take 2^bits tries.  One piece of all bits would be
 * found after as many on the average, but one buyer in twenty would wait for
 * three times as long; of sixteen the slowest buyer in twenty waits for 1.4
 * times.  A piece fits one block of SHA-256.
 *
 * Waiting.  The same challenge counts as solved once work_wait_s have passed
 * since its issue.  That alone would cost a script nothing: it asks for a
 * thousand challenges and comes back later.  So the caller (web/work.c) lets
 * one network buy by waiting once in that time and no more; what a script
 * gains with it is what a person without JavaScript gains.
 *
 * How many bits.  static/js/work.js makes 3.9 million tries a second of CPU
 * time in V8 on a server's core (an EPYC of 2026).  A middling telephone is
 * taken to be four times slower, as page speed tools do; none was measured.
 * 2^20 tries take a second there and 2^22 four: work_light_bits,
 * work_strong_bits.
 *
 * What it is worth.  On the same core OpenSSL, called once a try, makes 4
 * million tries a second, and code written for it several times that.  So this
 * prices orders by the thousand, it does not keep one out; the limits of
 * addresses, contacts and unpaid orders stay what they are.
 */
#ifndef KS_SHOP_WORK_H
#define KS_SHOP_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "io/ctx.h"

struct visitor; /* shop/checkout.h */

enum work_level { WORK_OFF, WORK_LIGHT, WORK_STRONG, WORK__N };
enum { WORK_PIECES = 16 };

/* "off", "light", "strong". */
extern const char *const work_level_name[WORK__N];
enum work_level work_level_of(const char *name);

enum work_verdict {
	WORK_DONE,
	WORK_WAITED, /* long enough, instead */
	/* ours, of this form, and still good: */
	WORK_EARLY, /* neither solved nor old enough */
	WORK_WRONG, /* a solution that is none, and not old enough */
	/* another one is needed: */
	WORK_MISSING,
	WORK_FORGED, /* not ours, of another form or SKU */
	WORK_EXPIRED,
	WORK_WEAK, /* of a time when less was asked for */
	WORK_FORM, /* the form token itself is not good */
	WORK_VERDICT__N
};
/* For the metric. */
extern const char *const work_verdict_name[WORK_VERDICT__N];

/* The form that it is for. */
struct work_form {
	const struct visitor *visitor;
	const char *token; /* form_token_make() */
	uint64_t sku;
};

/* NULL: the form token is not good. */
const char *work_challenge(
    struct ctx *cx, const struct work_form *f, enum work_level level);

/* What the field says.  *wait_s: until waiting counts, where that is what is
 * left to do.  level: not WORK_OFF. */
enum work_verdict work_check(struct ctx *cx, const struct work_form *f,
    enum work_level level, struct span field, unsigned *wait_s);
/* The verdicts between which the same challenge is used again. */
bool work_is_good(enum work_verdict v);

/* The bits that a level asks for now. */
unsigned work_bits(const struct ctx *cx, enum work_level level);

/* The rows of this request said so: others know it for a minute without
 * asking them.  false: nobody has looked. */
void work_goods(uint64_t sku, enum work_level level);
bool work_known(uint64_t sku, enum work_level *out);

#endif
