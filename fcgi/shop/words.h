/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for the full-text index.  InnoDB's own parser finds no Chinese
 * sub-words, drops words of one or two letters and knows stop words; so each
 * word is written as an ASCII word that none of that touches:
 *
 *   ASCII letters and digits   Netflix4K -> kwdnetflix4k kwdnetflix kwd4 kwdk
 *   anything else, by bigrams  你好吗     -> u4f60u597d u597du5417 u5417
 *
 * Signs that mean something in names (% _ \ + # & @ $ ...) go with the second
 * kind, so a search for one finds just the names that hold it.  Blanks and
 * the punctuation of both scripts only separate.  Full-width ASCII and capital
 * letters are folded.
 */
#ifndef KS_SHOP_WORDS_H
#define KS_SHOP_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum { WORDS_TERMS = 12 }; /* of one query; more are left out */

/* Adds the index words of s, blank separated, a blank behind each.  Bytes
 * that are not UTF-8 add nothing. */
void words_index(struct buf *b, struct span s);

/* A boolean full-text expression that wants all the words of q, ASCII words
 * by prefix, others as sub-words; "" when q holds none.  It consists of
 * [0-9a-z +*"] only, whatever q is. */
const char *words_query(struct arena *a, struct span q);

#endif
