/* SPDX-License-Identifier: Apache-2.0 */
/* keystallctl verify: one line an invariant, `I1 ok` or `I1 VIOLATED n`, and
 * exit 1 on any.  It reads only. */
#include "proc/ctl.h"

#include "base/limits.h"
#include "io/json.h"
#include "shop/verify.h"

#include <inttypes.h>
#include <stdio.h>

/* An invariant that could not be looked at is not one that holds. */
static bool
holds(const struct invariant *v)
{
	return v->rc == RC_OK && v->violations == 0;
}

static void
print_line(const struct invariant *v)
{
	if (v->rc != RC_OK)
		printf("%s UNKNOWN %s\n", v->id, rc_name(v->rc));
	else if (v->violations == 0)
		printf("%s ok\n", v->id);
	else
		printf("%s VIOLATED %" PRIu64 "\n", v->id, v->violations);
	if (v->rc == RC_OK && v->violations != 0 && v->example != NULL)
		fprintf(stderr, "%s: %s: for example %s\n", v->id, v->text,
		    v->example);
}

static void
put(struct buf *b, const char *name, const char *value, bool first)
{
	json_put_name(b, name, first);
	json_put_text(b, span_str(value));
}

static void
print_json(struct arena *a, const struct invariant *v, size_t n)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 4096, LIM_RESPONSE);
	buf_chr(&b, '[');
	for (i = 0; i < n; i++) {
		buf_str(&b, i == 0 ? "{" : ",{");
		put(&b, "id", v[i].id, true);
		put(&b, "text", v[i].text, false);
		put(&b, "state",
		    v[i].rc != RC_OK ? "unknown"
		    : holds(&v[i])   ? "ok"
				     : "violated",
		    false);
		json_put_name(&b, "violations", false);
		buf_fmt(&b, "%" PRIu64, v[i].violations);
		if (v[i].example != NULL)
			put(&b, "example", v[i].example, false);
		buf_chr(&b, '}');
	}
	buf_str(&b, "]");
	puts(buf_text(&b));
}

int
ctl_verify(struct ctl *c, char **args)
{
	bool json = ctl_flag(args, "--json"), all = true;
	const struct invariant *v;
	size_t i, n;
	enum rc rc;

	if (ctl_count(args) != 0)
		return CTL_USAGE;
	rc = verify_all(c->cx, &v, &n);
	if (rc != RC_OK)
		return ctl_fail(c, rc, "verify");
	for (i = 0; i < n; i++) {
		if (!json)
			print_line(&v[i]);
		all = all && holds(&v[i]);
	}
	if (json)
		print_json(c->cx->arena, v, n);
	return all ? CTL_OK : CTL_BAD;
}
