/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the saved corpus through each target: what was found once stays found.
 * Prints TAP; an abort is an incomplete plan, which counts as an error. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>

static const struct {
	const char *name;
	void (*run)(struct arena *a, struct span in);
} target[] = {
#define TARGET(n) {#n, fuzz_##n},
#include "fuzz/targets.def"
#undef TARGET
};

enum { TARGETS = sizeof(target) / sizeof(target[0]), INPUT_MAX = 1 << 20 };

static unsigned
replay(struct arena *a, size_t t)
{
	const char *src = getenv("KS_SRCDIR");
	char path[1024];
	struct dirent *e;
	unsigned n = 0;
	char *text;
	FILE *f;
	DIR *d;

	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s",
	    src != NULL ? src : "..", target[t].name);
	d = opendir(path);
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s/%s",
		    src != NULL ? src : "..", target[t].name, e->d_name);
		f = fopen(path, "rb");
		if (f == NULL)
			return 0;
		text = arena_alloc(a, INPUT_MAX);
		target[t].run(
		    a, (struct span){text, fread(text, 1, INPUT_MAX, f)});
		fclose(f);
		arena_reset(a);
		n++;
	}
	if (d != NULL)
		closedir(d);
	return n;
}

int
main(void)
{
	struct arena *a = arena_new(64 * 1024, 64 * 1024 * 1024);
	unsigned n;
	size_t t;

	printf("1..%d\n", TARGETS);
	for (t = 0; t < TARGETS; t++) {
		printf("# %s\n", target[t].name);
		fflush(stdout);
		n = replay(a, t);
		printf("%sok %zu - %s: %u inputs\n", n != 0 ? "" : "not ",
		    t + 1, target[t].name, n);
	}
	arena_free(a);
	return 0;
}
