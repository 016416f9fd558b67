/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Language and theme: a link each, a cookie each, and back to the page it was
 * pressed on.
 */
#include "base/url.h"
#include "web/response.h"
#include "web/router.h"
#include "web/session.h"

/* ?to= from a link is anybody's to write: only a path of this site counts. */
static enum rc
back(struct response *rs)
{
	struct span raw = field_raw(rs->rq->query, "to");
	const char *to = arena_dup(rs->cx->arena, raw.p, raw.n);

	if (span_has_nul(raw) || !url_is_local_path(to))
		to = "/";
	return respond_see(rs, to);
}

enum rc
page_language(struct ctx *cx, struct response *rs)
{
	const char *lang = session_language(path_param(rs->rq, "code"), NULL);

	(void)cx;
	if (lang == NULL)
		return RC_NOTFOUND;
	session_choice(rs, COOKIE_LANG, lang);
	return back(rs);
}

enum rc
page_theme(struct ctx *cx, struct response *rs)
{
	const char *theme = session_theme(path_param(rs->rq, "name"), NULL);

	(void)cx;
	if (theme == NULL)
		return RC_NOTFOUND;
	session_choice(rs, COOKIE_THEME, theme);
	return back(rs);
}
