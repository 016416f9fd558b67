/* SPDX-License-Identifier: Apache-2.0 */
/* Views of messages and webhooks (view_messages.h). */
#include "web/view_messages.h"

#include <string.h>

#include "base/time.h"

enum { MINUTE_S = 60, HOUR_S = 3600 };

/* "12 s", "5 min", "3 h", "2 d": since then. */
static const char *
age(struct response *rs, int64_t us)
{
	int64_t s = (rs->cx->now - us) / US_PER_S;
	struct arena *a = rs->cx->arena;

	if (s < MINUTE_S)
		return arena_fmt(a, "%lld s", (long long)(s < 0 ? 0 : s));
	if (s < HOUR_S)
		return arena_fmt(a, "%lld min", (long long)(s / MINUTE_S));
	if (s < S_PER_DAY)
		return arena_fmt(a, "%lld h", (long long)(s / HOUR_S));
	return arena_fmt(a, "%lld d", (long long)(s / S_PER_DAY));
}

void
view_outbox(struct response *rs, enum message_box box,
    const struct message *list, size_t n, const uint64_t counts[BOX__N])
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "outbox", response_text(rs, "admin.outbox"));
	for (i = 0; i < BOX__N; i++) {
		t = tnode_item(rs->data, "Boxes");
		tnode_set(t, "Name", message_box_name((enum message_box)i));
		tnode_int(t, "N", (int64_t)counts[i]);
		tnode_bool(t, "On", i == (size_t)box);
	}
	tnode_set(rs->data, "Box", message_box_name(box));
	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Messages");
		tnode_int(t, "Id", (int64_t)list[i].id);
		tnode_set(t, "Kind", list[i].kind);
		tnode_int(t, "Object", (int64_t)list[i].object);
		tnode_set(t, "Payload", list[i].payload);
		tnode_set(t, "Error", list[i].error);
		tnode_int(t, "Attempts", list[i].attempts);
		tnode_set(t, "Due", view_when(rs, list[i].due));
		tnode_set(t, "Created", view_when(rs, list[i].created));
		tnode_set(t, "Age", age(rs, list[i].created));
	}
}

static void
put_webhook(struct response *rs, struct tnode *t, const struct webhook *w)
{
	tnode_int(t, "Id", (int64_t)w->id);
	tnode_set(t, "Address", w->url);
	tnode_set(t, "Note", w->note);
	tnode_bool(t, "Active", w->active);
	tnode_int(t, "Version", w->version);
	tnode_int(t, "Due", (int64_t)w->due);
	tnode_int(t, "Dead", (int64_t)w->dead);
	tnode_int(t, "Fails", w->fails);
	if (w->pause > rs->cx->now)
		tnode_set(t, "Pause", view_when(rs, w->pause));
	if (w->old_until > rs->cx->now)
		tnode_set(t, "OldUntil", view_when(rs, w->old_until));
}

void
view_webhooks(struct response *rs, const struct webhook *list, size_t n)
{
	size_t i;

	view_panel(rs, "webhooks", response_text(rs, "admin.webhooks"));
	for (i = 0; i < n; i++)
		put_webhook(rs, tnode_item(rs->data, "Hooks"), &list[i]);
}

const char *
webhook_event_key(struct arena *a, enum hook_event e)
{
	char *key = arena_str(a, hook_event_name(e));
	char *dot = strchr(key, '.');

	if (dot != NULL)
		*dot = '_';
	return key;
}

void
view_webhook_form(struct response *rs, const struct webhook *w,
    const bool on[HOOK__N], const char *secret)
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "webhooks", response_text(rs, "admin.webhooks"));
	for (i = 0; i < HOOK__N; i++) {
		t = tnode_item(rs->data, "Events");
		tnode_set(t, "Name", hook_event_name((enum hook_event)i));
		tnode_set(t, "Key",
		    webhook_event_key(rs->cx->arena, (enum hook_event)i));
		tnode_bool(t, "On", on[i]);
	}
	if (w != NULL)
		put_webhook(rs, tnode_child(rs->data, "Hook"), w);
	if (secret != NULL)
		tnode_set(rs->data, "Secret", secret);
}

void
view_webhook_log(struct response *rs, const struct webhook_sent *list, size_t n)
{
	struct tnode *t;
	size_t i;

	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Sent");
		tnode_int(t, "Id", (int64_t)list[i].id);
		tnode_int(t, "Hook", (int64_t)list[i].hook);
		tnode_set(t, "Event", list[i].event);
		tnode_set(t, "EventId", list[i].event_id);
		tnode_set(t, "Body", list[i].body);
		tnode_set(t, "State", list[i].state);
		tnode_set(t, "Error", list[i].error);
		tnode_set(t, "Response", list[i].response);
		tnode_int(t, "Attempts", list[i].attempts);
		tnode_int(t, "Status", list[i].status);
		tnode_int(t, "Took", list[i].took_ms);
		tnode_set(t, "Created", view_when(rs, list[i].created));
		tnode_set(t, "Due", view_when(rs, list[i].due));
	}
}
