/* SPDX-License-Identifier: Apache-2.0 */
/* Views of channels, the shop, the audit log and one's own account. */
#include "web/view_settings.h"

static void
put_channel(struct tnode *t, const struct channel *c)
{
	tnode_set(t, "Name", c->name);
	tnode_set(t, "Title", c->title);
	tnode_set(t, "Gateway", c->gw->title);
	tnode_set(t, "Currency", c->currency);
	tnode_bool(t, "On", c->on);
	tnode_bool(t, "Usable", c->account != NULL);
}

void
view_channels(struct response *rs, const struct channel *list, size_t n)
{
	const struct gateway *g;
	struct tnode *t;
	size_t i;

	view_panel(rs, "channels", response_text(rs, "admin.channels"));
	for (i = 0; i < n; i++)
		put_channel(tnode_item(rs->data, "Channels"), &list[i]);
	for (i = 0; (g = gateway_at(i)) != NULL; i++) {
		t = tnode_item(rs->data, "Gateways");
		tnode_set(t, "Name", g->name);
		tnode_set(t, "Title", g->title);
	}
}

static const char *
control_of(const struct gateway_field *f)
{
	switch (f->kind) {
	case FIELD_CHOICE:
		return "choice";
	case FIELD_BOOL:
		return "bool";
	case FIELD_PEM:
	case FIELD_LIST:
		return "lines";
	case FIELD_SECRET_PEM:
	case FIELD_SECRET_LIST:
		return "secret_lines";
	case FIELD_SECRET:
		return "secret";
	default:
		return "line";
	}
}

/* In the reader's language where the catalogue has it. */
static const char *
help_of(
    struct response *rs, const struct gateway *g, const struct gateway_field *f)
{
	const char *key =
	    arena_fmt(rs->cx->arena, "gateway_help.%s.%s", g->name, f->name);
	const char *text = response_text(rs, key);

	return str_eq(text, key) ? f->help : text;
}

static void
put_field(struct response *rs, struct tnode *t, const struct gateway *g,
    const struct gateway_field *f, const struct channel *c)
{
	struct span rest = span_str(f->choices), part;
	size_t i;

	tnode_set(t, "Name", f->name);
	tnode_set(t, "Control", control_of(f));
	tnode_bool(t, "Required", f->required);
	tnode_set(t, "Help", help_of(rs, g, f));
	while (f->kind == FIELD_CHOICE && span_cut(&rest, '|', &part))
		tnode_span(tnode_item(t, "Choices"), "Value", part);
	for (i = 0; c != NULL && field_is_secret(f) && i < c->config.n; i++) {
		if (str_eq(c->config.v[i].name, f->name))
			tnode_bool(t, "Set", c->config.v[i].value[0] != '\0');
	}
}

void
view_channel_form(struct response *rs, const char *name,
    const struct gateway *g, const struct channel *c)
{
	size_t i;

	view_panel(rs, "channels", name);
	tnode_set(rs->data, "Edit.Name", name);
	tnode_set(rs->data, "Edit.Gateway", g->name);
	tnode_set(rs->data, "Edit.GatewayTitle", g->title);
	tnode_bool(rs->data, "Edit.New", c == NULL);
	for (i = 0; i < g->n_fields; i++)
		put_field(
		    rs, tnode_item(rs->data, "Fields"), g, &g->fields[i], c);
}

void
view_shop_form(struct response *rs, const struct content_edit *pages, size_t n)
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "shop", response_text(rs, "admin.shop"));
	if (span_is(field_raw(rs->rq->query, "said"), "saved"))
		tnode_set(rs->data, "Said", "saved");
	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Pages");
		tnode_set(t, "Slug", pages[i].slug);
		tnode_set(t, "Lang", pages[i].lang);
		tnode_set(t, "Title", pages[i].title);
		tnode_set(t, "Body", pages[i].body_md);
	}
}

void
view_audit(struct response *rs, const struct audit_row *rows, size_t n)
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "audit", response_text(rs, "admin.audit"));
	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Audit");
		tnode_int(t, "Seq", (int64_t)rows[i].seq);
		tnode_set(t, "At", view_when(rs, rows[i].at));
		tnode_set(t, "Actor", rows[i].actor);
		tnode_set(t, "Action", rows[i].action);
		tnode_set(t, "Object", rows[i].object);
		tnode_set(t, "Address", rows[i].address);
		tnode_set(t, "Detail", rows[i].detail);
	}
}

void
view_account(struct response *rs, const struct staff *me,
    const struct session_row *rows, size_t n)
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "account", me->username);
	tnode_bool(rs->data, "Me.Totp", me->totp);
	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Sessions");
		tnode_set(t, "Id", rows[i].id);
		tnode_set(t, "Address", rows[i].address);
		tnode_set(t, "Agent", rows[i].agent);
		tnode_set(t, "Created", view_when(rs, rows[i].created));
		tnode_set(t, "Seen", view_when(rs, rows[i].seen));
		tnode_bool(t, "Current", rows[i].current);
	}
}
