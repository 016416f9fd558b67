/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Webhooks on the panel: receivers, their secrets (shown once, in the answer
 * that made them), and the log of deliveries.
 */
#include "base/limits.h"
#include "base/num.h"
#include "shop/staff.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_messages.h"

enum { LOG_PAGE = 30, URL_CHARS = 500 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "settings");
}

/* "new" is 0. */
static enum rc
read_id(const struct response *rs, const char *name, uint64_t *id)
{
	const char *s = path_param(rs->rq, name);

	*id = 0;
	if (str_eq(s, "new"))
		return RC_OK;
	return num_u64(span_str(s), INT64_MAX, id) == RC_OK && *id != 0
		   ? RC_OK
		   : RC_NOTFOUND;
}

static void
said(struct response *rs)
{
	static const char *const words[] = {
	    "", "saved", "removed", "test", "again", "gone", "off"};
	size_t i = 0;

	if (field_choice(rs->rq->query, "said", words,
		sizeof(words) / sizeof(words[0]), 0, &i))
		tnode_set(rs->data, "Said", words[i]);
}

/* One page of the log; older ones are reached by the last id. */
static enum rc
put_log(struct ctx *cx, struct response *rs, uint64_t hook)
{
	static const char *const states[] = {"", "due", "done", "dead"};
	const struct webhook_sent *list;
	struct fields *in = rs->rq->query;
	uint64_t below = 0;
	size_t n, state = 0;
	enum rc rc;

	field_u64_or(in, "below", 1, INT64_MAX, 0, &below);
	if (!field_choice(in, "state", states, 4, 0, &state))
		state = 0;
	rc = webhook_log(cx, below, hook, states[state], LOG_PAGE, &list, &n);
	if (rc != RC_OK)
		return rc;
	tnode_set(rs->data, "State", states[state]);
	if (n == LOG_PAGE)
		tnode_int(rs->data, "Older", (int64_t)list[n - 1].id);
	view_webhook_log(rs, list, n);
	return RC_OK;
}

enum rc
page_webhooks(struct ctx *cx, struct response *rs)
{
	const struct webhook *list;
	size_t n;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = webhook_list(cx, &list, &n);
	if (rc == RC_OK)
		rc = put_log(cx, rs, 0);
	if (rc != RC_OK)
		return rc;
	said(rs);
	view_webhooks(rs, list, n);
	return respond_page(rs, "admin/webhooks.cs");
}

/* w: as it is in the database, or NULL. */
static enum rc
show(struct ctx *cx, struct response *rs, struct fields *in,
    const struct webhook *w, const bool on[HOOK__N], const char *secret)
{
	enum rc rc = RC_OK;

	if (w != NULL)
		rc = put_log(cx, rs, w->id);
	if (rc != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	view_webhook_form(rs, w, on, secret);
	return respond_page(rs, "admin/webhook.cs");
}

static enum rc
show_saved(struct ctx *cx, struct response *rs, uint64_t id, const char *secret)
{
	struct fields *in = fields_new(cx->arena);
	struct webhook w;
	enum rc rc = webhook_load(cx, id, &w);

	if (rc != RC_OK)
		return rc;
	field_preset(in, "url", w.url);
	field_preset(in, "note", w.note);
	field_preset(in, "active", w.active ? "1" : "");
	return show(cx, rs, in, &w, w.on, secret);
}

enum rc
page_webhook(struct ctx *cx, struct response *rs)
{
	struct fields *in = fields_new(cx->arena);
	bool on[HOOK__N] = {
	    [HOOK_ORDER_PAID] = true, [HOOK_ORDER_DELIVERED] = true};
	uint64_t id;

	if (!may(rs))
		return RC_DENIED;
	if (read_id(rs, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	said(rs);
	if (id != 0)
		return show_saved(cx, rs, id, NULL);
	field_preset(in, "active", "1");
	return show(cx, rs, in, NULL, on, NULL);
}

static void
read_webhook(struct ctx *cx, struct fields *in, struct webhook *w)
{
	uint64_t version;
	size_t i;

	field_need(in, "url", URL_CHARS, &w->url);
	field_text(in, "note", LIM_NAME, &w->note);
	field_u64_or(in, "version", 0, UINT32_MAX, 0, &version);
	w->active = field_checked(in, "active");
	w->version = (unsigned)version;
	for (i = 0; i < HOOK__N; i++)
		w->on[i] = field_checked(
		    in, arena_fmt(cx->arena, "on_%s",
			    webhook_event_key(cx->arena, (enum hook_event)i)));
}

enum rc
do_webhook_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct webhook w = {0}, old;
	struct edit_error why = {0};
	const char *secret = NULL;
	enum rc rc = RC_OK;

	if (!may(rs))
		return RC_DENIED;
	if (read_id(rs, "id", &w.id) != RC_OK)
		return RC_NOTFOUND;
	if (w.id != 0 && (rc = webhook_load(cx, w.id, &old)) != RC_OK)
		return rc;
	read_webhook(cx, in, &w);
	rc = fields_ok(in) ? webhook_save(cx, &w, &why, &secret) : RC_INVALID;
	if (why.field != NULL)
		field_fail(in, why.field, why.reason);
	if (rc == RC_CONFLICT)
		tnode_bool(rs->data, "Conflict", true);
	if (rc == RC_INVALID || rc == RC_CONFLICT) {
		rs->status = reply_status_of(rc);
		return show(cx, rs, in, w.id != 0 ? &old : NULL, w.on, NULL);
	}
	if (rc != RC_OK)
		return rc;
	if (secret != NULL)
		return show_saved(cx, rs, w.id, secret);
	return respond_see(rs, panel_path(rs, "/webhooks?said=saved"));
}

/* The version of a small form: a button that was pressed twice acts once. */
static enum rc
read_act(struct response *rs, uint64_t *id, unsigned *version)
{
	uint64_t v;

	if (!may(rs))
		return RC_DENIED;
	if (read_id(rs, "id", id) != RC_OK || *id == 0)
		return RC_NOTFOUND;
	if (!field_u64(rs->rq->form, "version", 1, UINT32_MAX, &v))
		return RC_INVALID;
	*version = (unsigned)v;
	return RC_OK;
}

enum rc
do_webhook_rotate(struct ctx *cx, struct response *rs)
{
	const char *secret;
	unsigned version;
	uint64_t id;
	enum rc rc = read_act(rs, &id, &version);

	if (rc == RC_OK)
		rc = webhook_rotate(cx, id, version, &secret);
	return rc == RC_OK ? show_saved(cx, rs, id, secret) : rc;
}

enum rc
do_webhook_remove(struct ctx *cx, struct response *rs)
{
	unsigned version;
	uint64_t id;
	enum rc rc = read_act(rs, &id, &version);

	if (rc == RC_OK)
		rc = webhook_remove(cx, id, version);
	return rc == RC_OK
		   ? respond_see(rs, panel_path(rs, "/webhooks?said=removed"))
		   : rc;
}

enum rc
do_webhook_test(struct ctx *cx, struct response *rs)
{
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (read_id(rs, "id", &id) != RC_OK || id == 0)
		return RC_NOTFOUND;
	rc = webhook_test(cx, id);
	if (rc != RC_OK && rc != RC_CONFLICT)
		return rc;
	return respond_see(
	    rs, panel_path(rs, "/webhooks/%llu?said=%s", (unsigned long long)id,
		    rc == RC_OK ? "test" : "off"));
}

enum rc
do_webhook_redeliver(struct ctx *cx, struct response *rs)
{
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (read_id(rs, "id", &id) != RC_OK || id == 0)
		return RC_NOTFOUND;
	rc = webhook_redeliver(cx, id);
	if (rc != RC_OK && rc != RC_CONFLICT)
		return rc;
	return respond_see(rs, panel_path(rs, "/webhooks?said=%s",
				   rc == RC_OK ? "again" : "gone"));
}
