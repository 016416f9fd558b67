/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ClearSilver side of tmpl.c and tnode.c; nobody else includes this, so
 * that NEOERR and HDF appear nowhere else.
 */
#ifndef KS_IO_NEO_H
#define KS_IO_NEO_H

#include <stdbool.h>
#include <stddef.h>

#include <ClearSilver/ClearSilver.h>

#include "base/arena.h"
#include "io/tmpl.h"

/* A node is an HDF node that lives in an arena. */
struct tnode {
	HDF h; /* first: the two pointers are one */
	struct arena *arena;
	unsigned items; /* children made by tnode_item() */
};

/* The node as ClearSilver's. */
static inline HDF *
tnode_hdf(struct tnode *n)
{
	return &n->h;
}

/* Gives back what ClearSilver hung on the tree (`set:` on an element). */
void tnode_sweep(struct tnode *root);

/* Frees err.  true when there was none; else its text, one line, is in text. */
bool neo_ok(NEOERR *err, char *text, size_t room);

#endif
