/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vector_run PATH...: plays vector files against the gateway adapters.
 *
 * One line a vector, "ok PATH" or "FAIL PATH reason", then "N passed, N
 * failed".  Exit 1 if any failed or none was found.  Nothing is skipped: a
 * file that cannot be read or understood is a failure.
 */
#include "vector/vector.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/crypt.h"

enum { ARENA_FIRST = 1 << 20, ARENA_CAP = 64 << 20, DEPTH = 16 };

static unsigned passed, failed;

static const char *
play(struct ctx *cx, const char *path)
{
	struct vec v = {.cx = cx, .a = cx->arena};
	const char *bad = vec_read(&v, path);
	vec_fn fn;

	if (bad != NULL)
		return bad;
	if ((fn = vec_kind(v.kind)) == NULL)
		return arena_fmt(v.a, "unknown kind %s", v.kind);
	return fn(&v);
}

static void
run_file(struct ctx *cx, const char *path)
{
	const char *bad;

	ctx_begin(cx, NULL);
	bad = play(cx, path);
	if (bad == NULL) {
		passed++;
		printf("ok %s\n", path);
	} else {
		failed++;
		printf("FAIL %s %s\n", path, bad);
	}
	ctx_end(cx);
}

static int
no_dots(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
run_path(struct ctx *cx, struct arena *names, const char *path, int depth)
{
	struct dirent **entry;
	struct stat st;
	int n, i;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		run_file(cx, path);
		return;
	}
	n = depth < DEPTH ? scandir(path, &entry, no_dots, by_bytes) : -1;
	if (n < 0) {
		failed++;
		printf("FAIL %s cannot be read\n", path);
		return;
	}
	for (i = 0; i < n; i++) {
		char *below = arena_fmt(names, "%s/%s", path, entry[i]->d_name);

		if (str_ends(below, ".json") ||
		    (stat(below, &st) == 0 && S_ISDIR(st.st_mode)))
			run_path(cx, names, below, depth + 1);
		free(entry[i]);
	}
	free(entry);
}

int
main(int argc, char **argv)
{
	struct arena *keep = arena_new(ARENA_FIRST, ARENA_CAP);
	struct arena *names = arena_new(ARENA_FIRST, ARENA_CAP);
	struct ctx cx;
	int i;

	if (argc < 2) {
		fprintf(stderr, "usage: vector_run PATH...\n");
		return 2;
	}
	crypt_init();
	ctx_init(&cx, keep, settings_defaults(keep));
	for (i = 1; i < argc; i++)
		run_path(&cx, names, argv[i], 0);
	printf("%u passed, %u failed\n", passed, failed);
	ctx_release(&cx);
	arena_free(names);
	arena_free(keep);
	return failed != 0 || passed == 0 ? 1 : 0;
}
