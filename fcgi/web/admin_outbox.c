/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages on the panel: what waits, what fails and why, what was given up,
 * and the two things a person may do about one.
 */
#include "base/limits.h"
#include "base/num.h"
#include "shop/staff.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_messages.h"

enum { PER_PAGE = 50 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "settings");
}

static enum message_box
read_box(struct fields *in)
{
	const char *names[BOX__N];
	size_t i;

	for (i = 0; i < BOX__N; i++)
		names[i] = message_box_name((enum message_box)i);
	if (!field_choice(in, "box", names, BOX__N, BOX_DEAD, &i))
		return BOX_DEAD;
	return (enum message_box)i;
}

static enum rc
show(struct ctx *cx, struct response *rs, enum message_box box)
{
	struct page page = {.page = 1, .per_page = PER_PAGE};
	const struct message *list;
	uint64_t counts[BOX__N], at;
	size_t n;
	enum rc rc;

	if (field_u64_or(
		rs->rq->query, "page", 1, UINT32_MAX / PER_PAGE, 1, &at))
		page.page = (unsigned)at;
	rc = message_list(cx, box, &page, &list, &n, counts);
	if (rc != RC_OK)
		return rc;
	view_outbox(rs, box, list, n, counts);
	pager_show(rs,
	    panel_path(rs, "/outbox?box=%s&page=", message_box_name(box)),
	    page.page, pager_last(page.total, PER_PAGE));
	return respond_page(rs, "admin/outbox.cs");
}

enum rc
page_outbox(struct ctx *cx, struct response *rs)
{
	static const char *const said[] = {"", "retry", "dropped", "gone"};
	size_t i = 0;

	if (!may(rs))
		return RC_DENIED;
	if (field_choice(rs->rq->query, "said", said,
		sizeof(said) / sizeof(said[0]), 0, &i))
		tnode_set(rs->data, "Said", said[i]);
	return show(cx, rs, read_box(rs->rq->query));
}

static enum rc
after(struct response *rs, enum rc rc, const char *word)
{
	const char *box = message_box_name(read_box(rs->rq->form));

	if (rc == RC_CONFLICT)
		word = "gone";
	else if (rc != RC_OK)
		return rc;
	return respond_see(
	    rs, panel_path(rs, "/outbox?box=%s&said=%s", box, word));
}

static enum rc
read_id(const struct response *rs, uint64_t *id)
{
	return num_u64(span_str(path_param(rs->rq, "id")), INT64_MAX, id) ==
		       RC_OK
		   ? RC_OK
		   : RC_NOTFOUND;
}

enum rc
do_message_retry(struct ctx *cx, struct response *rs)
{
	uint64_t id;

	if (!may(rs))
		return RC_DENIED;
	if (read_id(rs, &id) != RC_OK)
		return RC_NOTFOUND;
	return after(rs, message_retry(cx, id), "retry");
}

enum rc
do_message_drop(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *reason;
	uint64_t id;

	if (!may(rs))
		return RC_DENIED;
	if (read_id(rs, &id) != RC_OK)
		return RC_NOTFOUND;
	if (!field_need(in, "reason", LIM_REASON, &reason)) {
		rs->status = reply_status_of(RC_INVALID);
		fields_show(rs, in, "F");
		tnode_int(rs->data, "Refused", (int64_t)id);
		return show(cx, rs, read_box(in));
	}
	return after(rs, message_give_up(cx, id, reason), "dropped");
}
