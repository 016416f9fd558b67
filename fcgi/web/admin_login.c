/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The panel's door: log in, second step, log out.  A wrong name and a wrong
 * password are the same answer.
 */
#include "base/limits.h"
#include "base/url.h"
#include "shop/staff.h"
#include "web/response.h"
#include "web/router.h"
#include "web/session.h"

enum { CODE_DIGITS = 6 };

/* Where the login leads to: a page of the panel, or its first one. */
static const char *
where_to(struct response *rs, const struct fields *in)
{
	const char *prefix = rs->cx->set->admin_prefix;
	struct span raw = field_raw(in, "to");
	const char *to = arena_dup(rs->cx->arena, raw.p, raw.n);

	if (span_has_nul(raw) || !url_is_local_path(to) ||
	    !str_starts(to, prefix))
		return panel_path(rs, "/");
	return to;
}

static enum rc
show(struct response *rs, const char *to, bool totp, const char *error,
    unsigned wait)
{
	tnode_set(rs->data, "Page.Title", response_text(rs, "admin.login"));
	tnode_set(rs->data, "Login.To", to);
	tnode_bool(rs->data, "Login.Totp", totp);
	tnode_set(rs->data, "Login.Error", error);
	tnode_int(rs->data, "Login.Wait", wait);
	return respond_page(rs, "admin/login.cs");
}

enum rc
page_login(struct ctx *cx, struct response *rs)
{
	(void)cx;
	return show(rs, where_to(rs, rs->rq->query), false, "", 0);
}

static enum rc
refuse(struct response *rs, const char *to, bool totp, enum login_result why,
    unsigned wait)
{
	fields_show(rs, rs->rq->form, "F");
	rs->status = reply_status_of(RC_DENIED);
	return show(rs, to, totp, why == LOGIN_WAIT ? "wait" : "wrong", wait);
}

enum rc
do_login(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *to = where_to(rs, in), *name;
	struct span password;
	enum login_result why = LOGIN_WRONG;
	unsigned wait = 0;
	uint8_t raw[32];
	enum rc rc;

	field_need(in, "username", LIM_USERNAME, &name);
	field_secret(in, "password", 1, LIM_PASSWORD, &password);
	if (!fields_ok(in))
		return refuse(rs, to, false, LOGIN_WRONG, 0);
	rc = staff_login(cx, name, password,
	    request_header(rs->rq, "User-Agent"), raw, &why, &wait);
	if (rc == RC_DENIED)
		return refuse(rs, to, false, why, wait);
	if (rc != RC_OK)
		return rc;
	session_staff_set(rs, raw);
	if (why == LOGIN_TOTP)
		return show(rs, to, true, "", 0);
	return respond_see(rs, to);
}

/* The session cookie of the first step comes with the code; only the right
 * code turns it into a session that opens anything. */
enum rc
do_login_code(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *to = where_to(rs, in), *code;
	enum login_result why = LOGIN_WRONG;
	uint8_t fresh[32];
	enum rc rc;

	if (!rs->rq->staff_cookie)
		return respond_see(rs, panel_path(rs, "/login"));
	if (!field_token(in, "totp", "", CODE_DIGITS, &code))
		return refuse(rs, to, true, LOGIN_WRONG, 0);
	rc = staff_totp(cx, rs->rq->staff_raw, code, fresh, &why);
	if (rc == RC_DENIED)
		return refuse(rs, to, true, why, 0);
	if (rc != RC_OK)
		return rc;
	session_staff_set(rs, fresh);
	return respond_see(rs, to);
}

enum rc
do_logout(struct ctx *cx, struct response *rs)
{
	enum rc rc = staff_logout(cx, rs->rq->staff_raw);

	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	session_staff_clear(rs);
	return respond_see(rs, panel_path(rs, "/login"));
}
