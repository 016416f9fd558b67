/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A settings file of any bytes: taken or refused with one line of reason, and
 * what was taken, written as a file again, is taken as the same.
 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/settings.h"

static const char *
file_of(struct arena *a, struct span text)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("settings", MFD_CLOEXEC);
		MUST(fd >= 0 && fchmod(fd, 0600) == 0);
	}
	MUST(ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, text.p, text.n, 0) == (ssize_t)text.n);
	return arena_fmt(a, "/proc/self/fd/%d", fd);
}

/* As `keystallctl settings` prints it; secrets are not shown. */
static struct span
printed(struct arena *a, const struct settings *s)
{
	char *p = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&p, &n);
	struct span copy;

	MUST(f != NULL);
	settings_print(f, s);
	MUST(fclose(f) == 0);
	copy = (struct span){arena_dup(a, p, n), n};
	free(p);
	return copy;
}

/* "name = value" lines; a text of several lines cannot be shown as one. */
static bool
rewritten(struct arena *a, struct span text, struct span *out)
{
	struct span line;
	struct buf b;

	buf_init(&b, a, text.n, text.n + 1);
	while (span_cut(&text, '\n', &line)) {
		if (line.n == 0)
			continue;
		if (memmem(line.p, line.n, " = ", 3) == NULL)
			return false;
		if (memmem(line.p, line.n, "(unset)", 7) != NULL ||
		    memmem(line.p, line.n, "(set)", 5) != NULL)
			continue;
		buf_add(&b, line.p, line.n);
		buf_chr(&b, '\n');
	}
	*out = (struct span){buf_text(&b), b.len};
	return !b.bad;
}

void
fuzz_settings(struct arena *a, struct span in)
{
	const struct settings *s = NULL, *again = NULL;
	struct span first, text;
	const char *why = NULL;

	/* a file named in the input may be anything on this machine */
	if (memmem(in.p, in.n, "_file", 5) != NULL ||
	    memmem(in.p, in.n, "<<", 2) != NULL ||
	    memmem(in.p, in.n, "set)", 4) != NULL)
		return;
	if (settings_load(a, file_of(a, in), &s, &why) != RC_OK) {
		MUST(why != NULL && strchr(why, '\n') == NULL);
		return;
	}
	MUST(s->workers >= 0 && s->workers <= 256);
	MUST(!str_empty(s->pool) && !str_empty(s->site_url));
	first = printed(a, s);
	if (!rewritten(a, first, &text))
		return;
	MUST(settings_load(a, file_of(a, text), &again, &why) == RC_OK);
	MUST(settings_restart_needed(s, s) == NULL);
	MUST(again->workers == s->workers && str_eq(again->pool, s->pool));
	MUST(str_eq(again->site_url, s->site_url));
	MUST(str_eq(again->mail_from, s->mail_from));
}
