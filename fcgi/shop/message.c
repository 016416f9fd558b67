/* SPDX-License-Identifier: Apache-2.0 */
/* Messages on the panel.  Sending them is the jobs' business. */
#include "shop/message.h"

#include "base/limits.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "shop/audit.h"
#include "store/outbox_panel.h"
#include "store/tx.h"

static const struct {
	const char *name, *state;
	unsigned tries_from, tries_to;
} boxes[BOX__N] = {
    [BOX_DEAD] = {"dead", "dead", 0, UINT32_MAX},
    [BOX_RETRYING] = {"retrying", "due", 1, UINT32_MAX},
    [BOX_DUE] = {"due", "due", 0, 0},
    [BOX_DROPPED] = {"dropped", "dropped", 0, UINT32_MAX},
};

const char *
message_box_name(enum message_box b)
{
	return boxes[b].name;
}

static const struct message *
as_messages(struct ctx *cx, const struct message_row *r, size_t n)
{
	struct message *m = ARENA_ARRAY(cx->arena, n, struct message);
	size_t i;

	for (i = 0; i < n; i++)
		m[i] = (struct message){r[i].id, r[i].object, r[i].kind,
		    r[i].payload, r[i].state, r[i].error, r[i].attempts,
		    r[i].due, r[i].created, r[i].done};
	return m;
}

enum rc
message_list(struct ctx *cx, enum message_box box, struct page *page,
    const struct message **out, size_t *n, uint64_t counts[BOX__N])
{
	const struct message_row *rows;
	struct message_counts c;
	enum rc rc;

	if ((rc = message_counts(cx, &c)) != RC_OK ||
	    (rc = message_rows(cx, boxes[box].state, boxes[box].tries_from,
		 boxes[box].tries_to, page->per_page,
		 (page->page - 1) * page->per_page, &rows, n)) != RC_OK)
		return rc;
	counts[BOX_DEAD] = c.dead;
	counts[BOX_RETRYING] = c.retrying;
	counts[BOX_DUE] = c.due;
	counts[BOX_DROPPED] = c.dropped;
	page->total = counts[box];
	*out = as_messages(cx, rows, *n);
	return RC_OK;
}

enum rc
message_mail_log(struct ctx *cx, uint64_t below, unsigned max,
    const struct message **out, size_t *n)
{
	const struct message_row *rows;
	enum rc rc;

	rc = message_mails(cx, below == 0 ? INT64_MAX : below, max, &rows, n);
	if (rc == RC_OK)
		*out = as_messages(cx, rows, *n);
	return rc;
}

struct act {
	uint64_t id;
	const char *reason;
};

static const char *
object_of(struct ctx *cx, uint64_t id)
{
	return arena_fmt(cx->arena, "message:%llu", (unsigned long long)id);
}

static enum rc
retry_body(struct ctx *cx, void *arg)
{
	const struct act *a = arg;
	enum rc rc;

	rc = message_again(cx, a->id, cx->now + MESSAGE_LEND_S * US_PER_S);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "message.retry", object_of(cx, a->id), "");
}

enum rc
message_retry(struct ctx *cx, uint64_t id)
{
	struct act a = {.id = id};

	return tx_run(cx, retry_body, &a);
}

static enum rc
drop_body(struct ctx *cx, void *arg)
{
	const struct act *a = arg;
	enum rc rc;

	rc = message_drop(cx, a->id, a->reason);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "message.drop", object_of(cx, a->id), a->reason);
}

enum rc
message_give_up(struct ctx *cx, uint64_t id, const char *reason)
{
	struct act a = {id, reason};

	if (str_empty(reason) || !utf8_line(span_str(reason), LIM_REASON))
		return RC_INVALID;
	return tx_run(cx, drop_body, &a);
}
