/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cookie of proved orders (grant.h).  It holds the tokens themselves: who
 * has this cookie could as well have the mail.  Nothing in it is believed;
 * shop/ checks each token against its order.
 */
#include "web/grant.h"

#include "base/buf.h"
#include "base/limits.h"
#include "web/request.h"
#include "web/response.h"
#include "web/session.h"

enum { GRANT_LIFE_S = 24 * 3600, GRANT_MAX = 512 };

/* base64url.  A cookie is the sender's to write, and what is kept of it is
 * written back: nothing else may pass. */
static bool
plain(struct span s, size_t max)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (!chr_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	}
	return s.n != 0 && s.n <= max;
}

/* One "NO.token"; false: not in that form. */
static bool
grant_read(struct span one, struct span *no, struct span *token)
{
	*token = one;
	return span_cut(token, '.', no) && plain(*no, LIM_ORDER_NO) &&
	       plain(*token, LIM_TXN);
}

const char *
grant_in(struct arena *a, struct span cookie, const char *order_no)
{
	struct span rest = cookie, one, no, token;

	while (rest.n != 0 && span_cut(&rest, '~', &one)) {
		if (grant_read(one, &no, &token) && span_is(no, order_no))
			return arena_dup(a, token.p, token.n);
	}
	return NULL;
}

const char *
grant_with(struct arena *a, struct span cookie, const char *order_no,
    const char *token)
{
	struct span rest = cookie, one, no, old;
	unsigned n = 1;
	struct buf b;

	buf_init(&b, a, GRANT_MAX, GRANT_MAX);
	buf_fmt(&b, "%s.%s", order_no, token);
	while (n < GRANTS_MAX && rest.n != 0 && span_cut(&rest, '~', &one)) {
		if (!grant_read(one, &no, &old) || span_is(no, order_no))
			continue;
		if (b.len + one.n + 1 >= GRANT_MAX)
			break;
		buf_chr(&b, '~');
		buf_add(&b, one.p, one.n);
		n++;
	}
	return buf_text(&b);
}

static struct span
grant_cookie(struct response *rs)
{
	const char *name = session_secure(rs->cx, rs->rq)
			       ? "__Host-" COOKIE_GRANT
			       : COOKIE_GRANT;

	return span_str(request_cookie(rs->rq, name));
}

const char *
grant_find(struct response *rs, const char *order_no)
{
	return grant_in(rs->cx->arena, grant_cookie(rs), order_no);
}

void
grant_keep(struct response *rs, const char *order_no, const char *token)
{
	response_cookie(rs, COOKIE_GRANT,
	    grant_with(rs->cx->arena, grant_cookie(rs), order_no, token),
	    GRANT_LIFE_S);
}
