/* SPDX-License-Identifier: Apache-2.0 */
/* One's own account on the panel: password, second factor, sessions. */
#include "base/limits.h"
#include "io/qr.h"
#include "shop/staff.h"
#include "web/response.h"
#include "web/router.h"
#include "web/session.h"
#include "web/view_settings.h"

enum { CODE = 6, SECRET = 64, SESSION_ID = 16 };

static enum rc
show(struct ctx *cx, struct response *rs, struct fields *in)
{
	const struct session_row *rows;
	size_t n;
	enum rc rc = staff_sessions(cx, rs->rq->staff_raw, &rows, &n);

	if (rc != RC_OK)
		return rc;
	if (in != NULL)
		fields_show(rs, in, "F");
	view_account(rs, rs->rq->staff, rows, n);
	return respond_page(rs, "admin/account.cs");
}

enum rc
page_account(struct ctx *cx, struct response *rs)
{
	static const char *const words[] = {"", "password", "totp", "off"};
	size_t i = 0;

	if (field_choice(rs->rq->query, "said", words, 4, 0, &i))
		tnode_set(rs->data, "Said", words[i]);
	return show(cx, rs, NULL);
}

static enum rc
again(struct ctx *cx, struct response *rs, struct fields *in)
{
	rs->status = reply_status_of(RC_INVALID);
	return show(cx, rs, in);
}

enum rc
do_password(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct span current, fresh, repeat;
	const char *why = NULL;
	enum rc rc;

	field_secret(in, "current", 1, LIM_PASSWORD, &current);
	field_secret(in, "fresh", LIM_PASSWORD_MIN, LIM_PASSWORD, &fresh);
	field_secret(in, "repeat", 1, LIM_PASSWORD, &repeat);
	if (fields_ok(in) && !span_eq(fresh, repeat))
		field_fail(in, "repeat", "not_same");
	if (!fields_ok(in))
		return again(cx, rs, in);
	rc = staff_password(cx, rs->rq->staff_raw, current, fresh, &why);
	if (rc == RC_DENIED)
		field_fail(in, "current", "wrong_password");
	else if (rc == RC_INVALID)
		field_fail(in, "fresh", why == NULL ? "bad" : why);
	else if (rc == RC_OK)
		return respond_see(
		    rs, panel_path(rs, "/account?said=password"));
	else
		return rc;
	return again(cx, rs, in);
}

/* ------------------------------------------------------------ second factor */

static enum rc
show_totp(struct ctx *cx, struct response *rs, const char *secret,
    const char *url, const char *error)
{
	const char *svg = "";
	enum rc rc = RC_OK;

	if (url != NULL)
		rc = qr_svg(cx->arena, span_str(url), "otpauth", &svg);
	if (rc != RC_OK)
		return rc;
	view_panel(rs, "account", response_text(rs, "account.totp"));
	tnode_set(rs->data, "Totp.Secret", secret);
	tnode_set(rs->data, "Totp.QrHtml", svg);
	tnode_set(rs->data, "Totp.Error", error);
	return respond_page(rs, "admin/totp.cs");
}

enum rc
do_totp_begin(struct ctx *cx, struct response *rs)
{
	const char *secret, *url;
	enum rc rc = staff_totp_begin(cx, &secret, &url);

	return rc == RC_OK ? show_totp(cx, rs, secret, url, "") : rc;
}

enum rc
do_totp_confirm(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *secret, *code;
	enum rc rc;

	if (!field_token(in, "secret", "", SECRET, &secret) ||
	    secret[0] == '\0')
		return RC_INVALID;
	field_token(in, "totp", "", CODE, &code);
	rc = staff_totp_confirm(cx, secret, code);
	if (rc == RC_DENIED || rc == RC_INVALID) {
		rs->status = reply_status_of(RC_INVALID);
		return show_totp(cx, rs, secret, NULL, "wrong");
	}
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/account?said=totp"));
}

enum rc
do_totp_off(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct span password;
	enum rc rc;

	if (!field_secret(in, "off_password", 1, LIM_PASSWORD, &password))
		return again(cx, rs, in);
	rc = staff_totp_off(cx, password);
	if (rc == RC_DENIED) {
		field_fail(in, "off_password", "wrong_password");
		return again(cx, rs, in);
	}
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/account?said=off"));
}

enum rc
do_session_end(struct ctx *cx, struct response *rs)
{
	const char *id;
	enum rc rc;

	if (!field_token(rs->rq->form, "id", "", SESSION_ID, &id))
		return RC_INVALID;
	rc = staff_session_end(cx, id);
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	return respond_see(rs, panel_path(rs, "/account"));
}
