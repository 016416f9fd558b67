/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keystallctl verify: one line an invariant, `I1 ok` or `I1 VIOLATED n`, and
 * exit 1 on any.  Of the shop it reads only.
 *
 * --anchor FILE: where the audit chain stood last time.  It must still go
 * through there; then the file is moved to where it stands now.  On another
 * machine, that is the one thing which whoever can write to the database and
 * has the keys cannot set back.
 */
#include "proc/ctl.h"

#include "base/hex.h"
#include "base/limits.h"
#include "base/num.h"
#include "io/file.h"
#include "io/json.h"
#include "shop/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ANCHOR_MAX = 256 };

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

/* ---- the anchor: "audit <seq> <hash>" and an end of line */

static bool
anchor_parse(struct span text, struct audit_mark *out)
{
	struct span line, word, seq;

	return span_cut(&text, '\n', &line) && text.n == 0 &&
	       span_cut(&line, ' ', &word) && span_is(word, "audit") &&
	       span_cut(&line, ' ', &seq) &&
	       num_u64(seq, UINT64_MAX, &out->seq) == RC_OK &&
	       hex_bytes(line, out->hash, sizeof(out->hash)) == RC_OK;
}

/* *was is NULL when there is no such file yet. */
static enum rc
anchor_read(struct ctl *c, const char *file, const struct audit_mark **was)
{
	struct audit_mark *m = ARENA_NEW(c->cx->arena, struct audit_mark);
	const char *why = "";
	struct span text;

	*was = NULL;
	if (access(file, F_OK) != 0 && errno == ENOENT)
		return RC_OK;
	if (file_text(c->cx->arena, file, ANCHOR_MAX, &text, &why) != RC_OK)
		return program_say(c->program, "%s", why);
	if (!anchor_parse(text, m))
		return program_say(c->program, "%s: not an anchor", file);
	*was = m;
	return RC_OK;
}

static enum rc
anchor_write(struct ctl *c, const char *file, const struct audit_mark *now)
{
	struct arena *a = c->cx->arena;
	const char *fresh = arena_fmt(a, "%s.new", file);
	const char *text = arena_fmt(a, "audit %" PRIu64 " %s\n", now->seq,
	    hex_text(a, now->hash, sizeof(now->hash)));
	int fd, bad;

	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bad = fd < 0 ? errno : file_write_out(fd, span_str(text));
	if (bad == 0 && rename(fresh, file) != 0)
		bad = errno;
	if (bad == 0) {
		file_sync_folder(file);
		return RC_OK;
	}
	(void)unlink(fresh);
	return program_say(c->program, "%s: %s", file, strerror(bad));
}

static bool
chain_holds(const struct invariant *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (str_eq(v[i].id, "I12"))
			return holds(&v[i]);
	return false;
}

int
ctl_verify(struct ctl *c, char **args)
{
	bool json = ctl_flag(args, "--json"), all = true, bad;
	const char *anchor = ctl_option(args, "--anchor", &bad);
	const struct audit_mark *was = NULL;
	const struct invariant *v;
	struct audit_mark now;
	size_t i, n;
	enum rc rc;

	if (bad || ctl_count(args) != 0)
		return CTL_USAGE;
	if (anchor != NULL && anchor_read(c, anchor, &was) != RC_OK)
		return CTL_BAD;
	rc = verify_since(c->cx, was, &now, &v, &n);
	if (rc != RC_OK)
		return ctl_fail(c, rc, "verify");
	for (i = 0; i < n; i++) {
		if (!json)
			print_line(&v[i]);
		all = all && holds(&v[i]);
	}
	if (json)
		print_json(c->cx->arena, v, n);
	if (anchor != NULL && chain_holds(v, n) &&
	    anchor_write(c, anchor, &now) != RC_OK)
		return CTL_BAD;
	return all ? CTL_OK : CTL_BAD;
}
