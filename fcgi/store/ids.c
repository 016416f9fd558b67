/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of ids.  The state is per process and survives requests on purpose:
 * it is the remainder of the last block.  A fork must not share it, so it is
 * bound to the process id that took it.
 */
#include "store/ids.h"

#include <unistd.h>

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum { BLOCK = 256 };

struct block {
	uint64_t next, end;
};

static const char *const kind_name[ID__N] = {
    [ID_CARD] = "card",
    [ID_ORDER] = "order",
};

static struct block block[ID__N];
static pid_t owner;

static void
forget_after_fork(void)
{
	int i;

	if (owner == getpid())
		return;
	for (i = 0; i < ID__N; i++)
		block[i].next = block[i].end = 0;
	owner = getpid();
}

enum rc
ids_reserve(struct ctx *cx, enum id_kind kind, unsigned n)
{
	struct block *b = &block[kind];
	unsigned want = n * 2 > BLOCK ? n * 2 : BLOCK;
	uint64_t start;
	enum rc rc;

	forget_after_fork();
	if (b->end - b->next >= n)
		return RC_OK;
	BUG_ON(cx->tx_depth != 0);
	rc = DB_INSERT(cx, STMT_id_block_take, &start, DV_U64(want),
	    DV_STR(kind_name[kind]));
	if (rc != RC_OK)
		return rc;
	b->next = start;
	b->end = start + want;
	return RC_OK;
}

uint64_t
ids_left(enum id_kind kind)
{
	forget_after_fork();
	return block[kind].end - block[kind].next;
}

enum rc
ids_take(struct ctx *cx, enum id_kind kind, unsigned n, uint64_t *first)
{
	enum rc rc = ids_reserve(cx, kind, n);

	if (rc != RC_OK)
		return rc;
	*first = block[kind].next;
	block[kind].next += n;
	return RC_OK;
}
