/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pieces of catalogue pages: a tile of a list, the top and the foot of a page.
 * Each is rendered once a worker and found again by all that it is made of,
 * to the last byte: so a piece is never old, and nothing has to be told when
 * the goods change.  What belongs to one visitor is no piece.
 */
#ifndef KS_WEB_PIECE_H
#define KS_WEB_PIECE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

struct pieces;
struct response;
struct tnode;

/* Of one worker, bounded; it lives as long as the templates do. */
struct pieces *pieces_new(void);
void pieces_free(struct pieces *p);
/* A new request: when there is no room left, all begins anew. */
void pieces_begin(struct pieces *p);

/* What a piece is made of, after the template and the language: texts and
 * numbers in a fixed order. */
void piece_key(struct response *rs, struct buf *key, const char *tpl);
void piece_text(struct buf *key, const char *text);
void piece_number(struct buf *key, uint64_t n);
void piece_numbers(struct buf *key, const uint64_t *v, size_t n);
/* What belongs to one visitor is neither found nor kept. */
void piece_never(struct buf *key);

/* RC_NOTFOUND: fill a tree and ask piece_make().  *out stays until the end of
 * the request and ends with a NUL. */
MUST_CHECK enum rc piece_find(
    struct response *rs, const struct buf *key, struct span *out);
/* RC_FAIL: the template is broken; logged. */
MUST_CHECK enum rc piece_make(struct response *rs, const struct buf *key,
    const char *tpl, struct tnode *data, struct span *out);

/* ---- at most max pieces one after the other: a list, or a whole page */
struct parts {
	struct span *html;
	size_t n, max, bytes;
	struct buf key; /* of the next one */
};
void parts_begin(struct response *rs, struct parts *p, size_t max);
/* Begins the key of the next, in the memory of the last. */
struct buf *parts_key(struct response *rs, struct parts *p, const char *tpl);
/* Adds the piece of that key, or says no: then it is rendered and added. */
bool parts_find(struct response *rs, struct parts *p);
void parts_make(
    struct response *rs, struct parts *p, const char *tpl, struct tnode *data);
void parts_add(struct parts *p, struct span html);
/* All of them, and a NUL. */
struct span parts_join(struct response *rs, const struct parts *p);

#endif
