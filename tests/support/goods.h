/* SPDX-License-Identifier: Apache-2.0 */
/* A shop to try the rules of goods on: a fresh database, keys, a few rows. */
#ifndef KS_TEST_GOODS_H
#define KS_TEST_GOODS_H

#include <stdint.h>

#include "io/ctx.h"

/* Schema (empty but for its base rows, though AUTO_INCREMENT goes on), key
 * file, actor system; cx->now is the clock's.  One name a program. */
void goods_setup(struct ctx *cx, struct settings **set, const char *name);

/* Rows by SQL, as root; each returns its id. */
uint64_t goods_category(uint64_t parent, const char *slug, const char *name);
uint64_t goods_product(
    uint64_t category, const char *slug, const char *name, const char *state);
uint64_t goods_sku(
    uint64_t product, const char *code, int64_t price, const char *kind);

/* A new unit of work: the clock, a new request id. */
void goods_next(struct ctx *cx);

#endif
