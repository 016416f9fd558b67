/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mails on the panel: their words by kind and language, an example of them,
 * and the log of what was sent.
 */
#include "base/num.h"
#include "shop/mail_words.h"
#include "shop/message.h"
#include "shop/staff.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_admin.h"

enum { LOG_PAGE = 50, SUBJECT_CHARS = 120, BODY_BYTES = 4000 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "settings");
}

static void
said(struct response *rs)
{
	static const char *const words[] = {
	    "", "saved", "reset", "test", "retry", "gone"};
	size_t i = 0;

	if (field_choice(rs->rq->query, "said", words,
		sizeof(words) / sizeof(words[0]), 0, &i))
		tnode_set(rs->data, "Said", words[i]);
}

/* ------------------------------------------------------------ the list */

static enum rc
put_kinds(struct ctx *cx, struct response *rs)
{
	bool zh[MAIL__N], en[MAIL__N];
	struct tnode *t;
	size_t i;
	enum rc rc = mail_words_own(cx, zh, en);

	for (i = 0; rc == RC_OK && i < MAIL__N; i++) {
		t = tnode_item(rs->data, "Kinds");
		tnode_set(t, "Name", mail_kind_name((enum mail_kind)i));
		tnode_bool(t, "OwnZh", zh[i]);
		tnode_bool(t, "OwnEn", en[i]);
	}
	return rc;
}

static enum rc
put_log(struct ctx *cx, struct response *rs)
{
	const struct message *list;
	uint64_t below = 0;
	struct tnode *t;
	size_t n, i;
	enum rc rc;

	field_u64_or(rs->rq->query, "below", 1, INT64_MAX, 0, &below);
	rc = message_mail_log(cx, below, LOG_PAGE, &list, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		t = tnode_item(rs->data, "Mails");
		tnode_int(t, "Id", (int64_t)list[i].id);
		tnode_set(t, "Kind", list[i].kind);
		tnode_set(t, "Payload", list[i].payload);
		tnode_set(t, "State", list[i].state);
		tnode_set(t, "Error", list[i].error);
		tnode_int(t, "Attempts", list[i].attempts);
		tnode_set(t, "Created", view_when(rs, list[i].created));
		tnode_set(t, "Done", view_when(rs, list[i].done));
	}
	if (rc == RC_OK && n == LOG_PAGE)
		tnode_int(rs->data, "Older", (int64_t)list[n - 1].id);
	return rc;
}

enum rc
page_mails(struct ctx *cx, struct response *rs)
{
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if ((rc = put_kinds(cx, rs)) != RC_OK ||
	    (rc = put_log(cx, rs)) != RC_OK)
		return rc;
	said(rs);
	view_panel(rs, "mail", response_text(rs, "admin.mail"));
	return respond_page(rs, "admin/mails.cs");
}

/* ------------------------------------------------------------ one kind */

static enum rc
show(struct ctx *cx, struct response *rs, struct fields *in, enum mail_kind k,
    const char *lang, const struct mail_words *w)
{
	struct mail_values v;
	enum rc rc = mail_words_sample(cx, lang, &v);

	if (rc != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	tnode_set(rs->data, "Edit.Kind", mail_kind_name(k));
	tnode_set(rs->data, "Edit.Lang", lang);
	tnode_bool(rs->data, "Edit.Own", w->own);
	if (w->subject != NULL) {
		tnode_fmt(rs->data, "Preview.Subject", "%s · %s", v.shop,
		    mail_words_fill(cx, w->subject, &v));
		tnode_set(
		    rs->data, "Preview.Body", mail_words_fill(cx, w->body, &v));
	}
	view_panel(rs, "mail", response_text(rs, "admin.mail"));
	return respond_page(rs, "admin/mail.cs");
}

static enum rc
which(struct response *rs, enum mail_kind *k, const char **lang)
{
	*lang = path_param(rs->rq, "lang");
	if (!may(rs))
		return RC_DENIED;
	return mail_kind_find(path_param(rs->rq, "kind"), *lang, k);
}

enum rc
page_mail(struct ctx *cx, struct response *rs)
{
	struct fields *in = fields_new(cx->arena);
	struct mail_words w;
	enum mail_kind k;
	const char *lang;
	enum rc rc = which(rs, &k, &lang);

	if (rc == RC_OK)
		rc = mail_words_get(cx, k, lang, &w);
	if (rc != RC_OK)
		return rc;
	field_preset(in, "subject", w.subject);
	field_preset(in, "body", w.body);
	said(rs);
	return show(cx, rs, in, k, lang, &w);
}

static enum rc
back(struct response *rs, enum mail_kind k, const char *lang, const char *word)
{
	return respond_see(rs, panel_path(rs, "/mail/%s/%s?said=%s",
				   mail_kind_name(k), lang, word));
}

/* The same form previews, saves, and goes back to the catalogue's words. */
enum rc
do_mail_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct mail_words w = {0};
	struct edit_error why = {0};
	struct span body;
	enum mail_kind k;
	const char *lang;
	enum rc rc = which(rs, &k, &lang);

	if (rc != RC_OK)
		return rc;
	if (field_checked(in, "reset")) {
		rc = mail_words_reset(cx, k, lang);
		return rc == RC_OK ? back(rs, k, lang, "reset") : rc;
	}
	field_need(in, "subject", SUBJECT_CHARS, &w.subject);
	field_lines(in, "body", BODY_BYTES, &body);
	w.body = arena_dup(cx->arena, body.p, body.n);
	if (fields_ok(in) && field_checked(in, "preview"))
		return show(cx, rs, in, k, lang, &w);
	rc =
	    fields_ok(in) ? mail_words_save(cx, k, lang, &w, &why) : RC_INVALID;
	if (rc == RC_INVALID) {
		if (why.field != NULL)
			field_fail(in, why.field, why.reason);
		rs->status = reply_status_of(rc);
		w.subject = NULL;
		return show(cx, rs, in, k, lang, &w);
	}
	return rc == RC_OK ? back(rs, k, lang, "saved") : rc;
}

enum rc
do_mail_test(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct mail_words w;
	const char *lang, *to;
	enum mail_kind k;
	enum rc rc = which(rs, &k, &lang);

	if (rc != RC_OK)
		return rc;
	if (field_email(in, "to", &to) && to[0] == '\0')
		field_fail(in, "to", FIELD_REQUIRED);
	rc = fields_ok(in) ? mail_words_test(cx, k, lang, to) : RC_INVALID;
	if (rc == RC_OK)
		return back(rs, k, lang, "test");
	if (rc != RC_INVALID)
		return rc;
	field_fail(in, "to", FIELD_NOT_EMAIL);
	if ((rc = mail_words_get(cx, k, lang, &w)) != RC_OK)
		return rc;
	field_preset(in, "subject", w.subject);
	field_preset(in, "body", w.body);
	rs->status = reply_status_of(RC_INVALID);
	return show(cx, rs, in, k, lang, &w);
}

enum rc
do_mail_again(struct ctx *cx, struct response *rs)
{
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (num_u64(span_str(path_param(rs->rq, "id")), INT64_MAX, &id) !=
	    RC_OK)
		return RC_NOTFOUND;
	rc = message_retry(cx, id);
	if (rc != RC_OK && rc != RC_CONFLICT)
		return rc;
	return respond_see(rs,
	    panel_path(rs, "/mail?said=%s", rc == RC_OK ? "retry" : "gone"));
}
