/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cookies, RFC 6265: reading the Cookie header leniently (section 5.4: other
 * programs of the same host may have set odd ones), writing Set-Cookie
 * strictly (section 4.1).
 */
#ifndef KS_WEB_COOKIE_H
#define KS_WEB_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

struct cookie {
	struct span name, value; /* into the header's bytes */
};

struct cookies {
	const struct cookie *v;
	size_t n;
};

/* "a=1; b=2".  Pairs whose name is not a token or whose value holds a control
 * character are skipped, quotes around a value are taken off.
 * RC_INVALID: longer than LIM_COOKIES; pairs after LIM_PARAMS are ignored. */
MUST_CHECK enum rc cookie_parse(
    struct arena *a, struct span header, struct cookies *out);

/* The first of that name: a browser sends the longest path first.  false:
 * none. */
bool cookie_find(const struct cookies *c, const char *name, struct span *value);

enum same_site { SAME_SITE_LAX, SAME_SITE_STRICT, SAME_SITE_NONE };

struct cookie_attr {
	int64_t max_age_s; /* 0: until the browser closes; < 0: delete it */
	const char *path;  /* NULL: "/" */
	bool secure, http_only;
	enum same_site same_site;
};

/* The value of one Set-Cookie header.  A name that is not a token, a value
 * outside cookie-octet, a __Host- or __Secure- name without what it demands:
 * BUG, since ours are literals, base64url and numbers. */
void cookie_write(struct buf *b, const char *name, const char *value,
    const struct cookie_attr *attr);

#endif
