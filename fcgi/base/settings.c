/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of settings.def as a table of offsets; reading goes over that table
 * only, so a new setting needs no code.  What cannot be said by a range is
 * checked in settings_check.c.
 *
 * Strict on purpose: a mistyped name that is ignored is a shop that runs with
 * another setting than its owner believes.
 */
#include "base/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/num.h"
#include "base/settings_row.h"
#include "base/str.h"
#include "base/utf8.h"

enum { FILE_MAX = 256 * 1024, SECRET_MAX = 4096 };

/* The member is taken out of struct settings by offset; rows tell its type. */
/* clang-format off */
const struct setting_row setting_row[] = {
#define SETTING_DIV(t) {.kind = SETTING_K_DIV, .text = (t)},
#define SETTING_INT(n, d, lo, hi, f, t) {.kind = SETTING_K_INT, .name = #n, .at = offsetof(struct settings, n), .num = (d), .min = (lo), .max = (hi), .flags = (f), .text = (t)},
#define SETTING_STR(n, d, f, t) {.kind = SETTING_K_STR, .name = #n, .at = offsetof(struct settings, n), .str = (d), .flags = (f), .text = (t)},
#define SETTING_BOOL(n, d, f, t) {.kind = SETTING_K_BOOL, .name = #n, .at = offsetof(struct settings, n), .num = (d), .flags = (f), .text = (t)},
#define SETTING_ENUM(n, d, v, f, t) {.kind = SETTING_K_ENUM, .name = #n, .at = offsetof(struct settings, n), .str = (d), .values = (v), .flags = (f), .text = (t)},
#include "base/settings.def"
#undef SETTING_DIV
#undef SETTING_INT
#undef SETTING_STR
#undef SETTING_BOOL
#undef SETTING_ENUM
};
/* clang-format on */
const size_t setting_rows = sizeof(setting_row) / sizeof(setting_row[0]);

struct reader {
	struct arena *arena;
	struct settings *s;
	const char *file;
	struct span rest; /* of the file */
	unsigned line;
	bool *seen; /* by row */
	const char **why;
};

static enum rc
refuse(struct reader *r, const char *name, const char *reason)
{
	if (name == NULL)
		*r->why =
		    arena_fmt(r->arena, "%s:%u: %s", r->file, r->line, reason);
	else
		*r->why = arena_fmt(
		    r->arena, "%s:%u: %s: %s", r->file, r->line, name, reason);
	return RC_INVALID;
}

const char *
setting_str(const struct settings *s, const struct setting_row *row)
{
	const char *v;

	memcpy(&v, (const char *)s + row->at, sizeof(v));
	return v;
}

int64_t
setting_int(const struct settings *s, const struct setting_row *row)
{
	int64_t v;
	bool b;

	if (row->kind == SETTING_K_INT) {
		memcpy(&v, (const char *)s + row->at, sizeof(v));
		return v;
	}
	memcpy(&b, (const char *)s + row->at, sizeof(b));
	return b;
}

static void
set_str(struct settings *s, const struct setting_row *row, const char *v)
{
	memcpy((char *)s + row->at, &v, sizeof(v));
}

static void
set_int(struct settings *s, const struct setting_row *row, int64_t v)
{
	bool b = v != 0;

	if (row->kind == SETTING_K_INT)
		memcpy((char *)s + row->at, &v, sizeof(v));
	else
		memcpy((char *)s + row->at, &b, sizeof(b));
}

static struct settings *
defaults(struct arena *a)
{
	struct settings *s = ARENA_NEW(a, struct settings);
	size_t i;

	for (i = 0; i < setting_rows; i++) {
		const struct setting_row *row = &setting_row[i];

		if (row->kind == SETTING_K_STR || row->kind == SETTING_K_ENUM)
			set_str(s, row, row->str);
		else if (row->kind != SETTING_K_DIV)
			set_int(s, row, row->num);
	}
	s->file = "";
	return s;
}

const struct settings *
settings_defaults(struct arena *a)
{
	return defaults(a);
}

static const struct setting_row *
row_of(struct span name)
{
	size_t i;

	for (i = 0; i < setting_rows; i++)
		if (setting_row[i].kind != SETTING_K_DIV &&
		    span_is(name, setting_row[i].name))
			return &setting_row[i];
	return NULL;
}

/* ---- values */

static bool
one_of(const char *values, struct span v)
{
	struct span rest = span_str(values), one;

	while (span_cut(&rest, '|', &one))
		if (span_eq(one, v))
			return true;
	return false;
}

static enum rc
take_int(struct reader *r, const struct setting_row *row, struct span v)
{
	int64_t n;

	if (num_i64(v, row->min, row->max, &n) != RC_OK)
		return refuse(r, row->name,
		    arena_fmt(r->arena, "must be a number from %lld to %lld",
			(long long)row->min, (long long)row->max));
	set_int(r->s, row, n);
	return RC_OK;
}

static enum rc
take_bool(struct reader *r, const struct setting_row *row, struct span v)
{
	if (!span_is(v, "on") && !span_is(v, "off"))
		return refuse(r, row->name, "must be on or off");
	set_int(r->s, row, span_is(v, "on"));
	return RC_OK;
}

static enum rc
take_enum(struct reader *r, const struct setting_row *row, struct span v)
{
	if (!one_of(row->values, v))
		return refuse(r, row->name,
		    arena_fmt(r->arena, "must be one of %s", row->values));
	set_str(r->s, row, arena_dup(r->arena, v.p, v.n));
	return RC_OK;
}

static enum rc
take(struct reader *r, struct span name, struct span v)
{
	const struct setting_row *row = row_of(name);
	const char *reason;

	if (row == NULL)
		return refuse(
		    r, arena_dup(r->arena, name.p, name.n), "no such setting");
	if (r->seen[row - setting_row])
		return refuse(r, row->name, "is set twice");
	r->seen[row - setting_row] = true;
	if (!utf8_text(v, v.n))
		return refuse(r, row->name, "holds control characters");
	if (row->kind == SETTING_K_INT)
		return take_int(r, row, v);
	if (row->kind == SETTING_K_BOOL)
		return take_bool(r, row, v);
	if (row->kind == SETTING_K_ENUM)
		return take_enum(r, row, v);
	set_str(r->s, row, arena_dup(r->arena, v.p, v.n));
	reason = setting_reason(row->name, setting_str(r->s, row));
	return reason == NULL ? RC_OK : refuse(r, row->name, reason);
}

/* ---- lines: what hdf_read_file() takes, of flat files */

static struct span
strip(struct span s)
{
	while (s.n != 0 && chr_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n != 0 && chr_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

static bool
next_line(struct reader *r, struct span *line)
{
	if (r->rest.n == 0 || !span_cut(&r->rest, '\n', line))
		return false;
	r->line++;
	return true;
}

/* name << EOM, lines, a line that begins with EOM and a blank or newline.
 * The text keeps the newline of its last line, as in ClearSilver. */
static enum rc
take_text(struct reader *r, struct span name, struct span mark)
{
	const char *start = r->rest.p;
	struct span line;

	if (mark.n == 0)
		return refuse(r, NULL, "<< needs a word that ends the text");
	while (next_line(r, &line)) {
		if (line.n < mark.n || memcmp(line.p, mark.p, mark.n) != 0)
			continue;
		if (line.n > mark.n ? chr_space(line.p[mark.n])
				    : r->rest.p != NULL)
			return take(r, name,
			    (struct span){start, (size_t)(line.p - start)});
	}
	return refuse(r, NULL, "the text is not ended");
}

static enum rc
take_line(struct reader *r, struct span line)
{
	struct span s = strip(line), name = {s.p, 0};

	if (s.n == 0 || (s.p[0] == '#' && !str_starts(s.p, "#include ")))
		return RC_OK;
	while (name.n < s.n && (chr_alnum(s.p[name.n]) || s.p[name.n] == '_'))
		name.n++;
	s = strip((struct span){s.p + name.n, s.n - name.n});
	if (name.n != 0 && s.n != 0 && s.p[0] == '=')
		return take(r, name, strip((struct span){s.p + 1, s.n - 1}));
	if (name.n != 0 && s.n > 1 && s.p[0] == '<' && s.p[1] == '<')
		return take_text(
		    r, name, strip((struct span){s.p + 2, s.n - 2}));
	return refuse(r, NULL, "must be name = value");
}

/* ---- files */

/* The whole file with a NUL behind it, and its mode. */
static enum rc
slurp(struct arena *a, const char *file, size_t max, struct span *out,
    mode_t *mode, const char **reason)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t got = 0;
	size_t n = 0;
	char *p;

	if (fd < 0 || fstat(fd, &st) != 0) {
		*reason = strerror(errno);
		if (fd >= 0)
			close(fd);
		return RC_INVALID;
	}
	p = arena_alloc(a, max + 1);
	while (n <= max && (got = read(fd, p + n, max + 1 - n)) > 0)
		n += (size_t)got;
	*reason = got < 0 ? strerror(errno) : "is too big";
	close(fd);
	if (got < 0 || n > max)
		return RC_INVALID;
	p[n] = '\0';
	*out = (struct span){p, n};
	*mode = st.st_mode;
	return RC_OK;
}

static enum rc
secret_from_file(struct reader *r, const struct setting_row *row,
    const struct setting_row *file_row)
{
	const char *file = setting_str(r->s, file_row), *reason;
	struct span text, line;
	mode_t mode;

	if (r->seen[row - setting_row])
		return refuse(r, row->name, "is set beside its _file");
	if (slurp(r->arena, file, SECRET_MAX, &text, &mode, &reason) != RC_OK)
		return refuse(r, file_row->name,
		    arena_fmt(r->arena, "%s: %s", file, reason));
	if ((mode & 07777 & ~(mode_t)0640) != 0)
		return refuse(r, file_row->name,
		    arena_fmt(r->arena,
			"%s must not be open to others: chmod 600", file));
	if (!span_cut(&text, '\n', &line) || strip(line).n == 0)
		return refuse(r, file_row->name,
		    arena_fmt(r->arena, "%s is empty", file));
	line = strip(line);
	if (!utf8_line(line, SECRET_MAX))
		return refuse(r, file_row->name, "holds odd characters");
	set_str(r->s, row, arena_dup(r->arena, line.p, line.n));
	return RC_OK;
}

/* X_file gives the value of the secret X. */
static enum rc
read_secrets(struct reader *r, mode_t mode)
{
	const struct setting_row *file_row;
	size_t i;
	enum rc rc;

	for (i = 0; i < setting_rows; i++) {
		const struct setting_row *row = &setting_row[i];
		const char *name;

		if ((row->flags & SECRET) == 0)
			continue;
		if (setting_str(r->s, row)[0] != '\0' && (mode & 07) != 0)
			return refuse(r, row->name,
			    "a file with a secret must not be open to "
			    "others: chmod 640");
		name = arena_fmt(r->arena, "%s_file", row->name);
		file_row = row_of(span_str(name));
		if (file_row == NULL || setting_str(r->s, file_row)[0] == '\0')
			continue;
		rc = secret_from_file(r, row, file_row);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc
settings_load(struct arena *a, const char *file, const struct settings **out,
    const char **why)
{
	struct reader r = {.arena = a, .s = defaults(a), .why = why};
	const char *reason;
	struct span line;
	mode_t mode;
	enum rc rc;

	r.file = arena_str(a, file);
	r.s->file = r.file;
	r.seen = ARENA_ARRAY(a, setting_rows, bool);
	if (slurp(a, file, FILE_MAX, &r.rest, &mode, &reason) != RC_OK) {
		*why = arena_fmt(a, "%s: %s", file, reason);
		return RC_INVALID;
	}
	if (span_has_nul(r.rest) || !utf8_valid(r.rest)) {
		*why = arena_fmt(a, "%s: is not UTF-8 text", file);
		return RC_INVALID;
	}
	while (next_line(&r, &line))
		if ((rc = take_line(&r, line)) != RC_OK)
			return rc;
	if ((rc = read_secrets(&r, mode)) != RC_OK)
		return rc;
	*out = r.s;
	return RC_OK;
}

const char *
settings_restart_needed(const struct settings *old, const struct settings *new)
{
	size_t i;

	for (i = 0; i < setting_rows; i++) {
		const struct setting_row *row = &setting_row[i];

		if ((row->flags & RESTART) == 0)
			continue;
		if (row->kind == SETTING_K_STR || row->kind == SETTING_K_ENUM
			? !str_eq(setting_str(old, row), setting_str(new, row))
			: setting_int(old, row) != setting_int(new, row))
			return row->name;
	}
	return NULL;
}
