/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all workers of a master know for a moment: that an SKU cannot be
 * bought now, and which forms are on their way to the database or have been
 * there.  It answers the crowd of a sale that is over without asking anybody.
 *
 * It only remembers what somebody has just read from the rows, and never for
 * longer than GATE_MS_MAX after that.  Shortly before the end one caller is
 * told nothing, goes the whole way and brings the fresh answer.
 */
#ifndef KS_BASE_GATE_H
#define KS_BASE_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"

enum gate_why {
	GATE_FREE, /* nothing is known: ask the database */
	GATE_SOLD_OUT,
	GATE_NOT_YET, /* its sale has not begun */
	GATE_OVER,
	GATE__N
};
enum { GATE_MS_MAX = 2000 };

/* Shared memory; call once before fork.  Before that, or when it fails
 * (RC_FAIL), a process remembers for itself. */
MUST_CHECK enum rc gate_open(void);

/* Times are monotonic microseconds. */
enum gate_why gate_look(uint64_t sku, int64_t now_us);
/* The rows said so at seen_us; good for ms after that. */
void gate_shut(uint64_t sku, enum gate_why why, int64_t seen_us, int64_t ms);
void gate_clear(uint64_t sku);
/* Nothing is known for certain: is it this caller who looks for all? */
bool gate_probe(uint64_t sku, int64_t now_us);

/* How many cards were there when the checkout was last shown: a hint, for a
 * quarter of an hour.  false: nobody has looked. */
void gate_stock_put(uint64_t sku, int64_t now_us, uint64_t n);
bool gate_stock_get(uint64_t sku, int64_t now_us, uint64_t *n);

/* What the rows said this SKU asks of its buyers (shop/work.h), for a minute:
 * a small number.  false: nobody has looked. */
void gate_work_put(uint64_t sku, int64_t now_us, unsigned level);
bool gate_work_get(uint64_t sku, int64_t now_us, unsigned *level);

/* A form whose order is being made, or was.  A table of fixed size: after some
 * 65,000 later forms one is forgotten. */
void gate_form_mark(const uint8_t key[16]);
void gate_form_clear(const uint8_t key[16]);
bool gate_form_marked(const uint8_t key[16]);

#endif
