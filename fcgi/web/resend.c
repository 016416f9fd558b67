/* SPDX-License-Identifier: Apache-2.0 */
/* A form as its own hidden fields (resend.h). */
#include "web/resend.h"

#include "base/limits.h"
#include "web/field.h"
#include "web/response.h"

enum { FIELDS = 32 };

static bool
name_ok(struct response *rs, struct span name)
{
	return name.n != 0 && name.n <= LIM_PARAM_NAME &&
	       str_is_token(arena_dup(rs->cx->arena, name.p, name.n), "_-",
		   LIM_PARAM_NAME);
}

void
resend_fields(struct response *rs, struct tnode *n, const char *but)
{
	struct span name, value;
	struct tnode *f;
	size_t i;

	for (i = 0; i < FIELDS && fields_at(rs->rq->form, i, &name, &value);
	     i++) {
		if (span_is(name, "form_token")) {
			tnode_span(n, "FormToken", value);
			continue;
		}
		if ((but != NULL && span_is(name, but)) || !name_ok(rs, name))
			continue;
		f = tnode_item(n, "Fields");
		tnode_span(f, "Name", name);
		tnode_span(f, "Value", value);
	}
}
