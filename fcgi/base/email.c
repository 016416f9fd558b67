/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allow-list: quoted local parts, comments and address literals are valid
 * by the RFCs and are never what a buyer means.
 */
#include "base/email.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"

enum { LOCAL_MAX = 64, LABEL_MAX = 63 }; /* RFC 5321, RFC 1035 */

/* RFC 5322 section 3.2.3: atext and dots between. */
static bool
is_dot_atom(struct span s)
{
	bool dot = true; /* none at the start, none after another */
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && dot)
			return false;
		dot = s.p[i] == '.';
		if (!dot && !chr_alnum(s.p[i]) &&
		    strchr("!#$%&'*+-/=?^_`{|}~", s.p[i]) == NULL)
			return false;
	}
	return !dot;
}

static bool
is_label(struct span s)
{
	size_t i;

	if (s.n == 0 || s.n > LABEL_MAX || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (i = 0; i < s.n; i++)
		if (!chr_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

bool
mail_address_ok(const char *s)
{
	struct span rest, local, label;
	size_t labels = 0;

	if (str_empty(s) || strlen(s) > LIM_EMAIL)
		return false;
	rest = span_str(s);
	if (!span_cut(&rest, '@', &local) || rest.p == NULL ||
	    local.n > LOCAL_MAX || !is_dot_atom(local))
		return false;
	for (; span_cut(&rest, '.', &label); labels++)
		if (!is_label(label))
			return false;
	return labels >= 2;
}
