/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What it costs a worker to tell a genuine notice from a forged one: the
 * deliveries of vector files, each verified many times by the adapter that
 * the live route calls, on the thread's CPU clock.
 *
 *     notice_cpu CALLS VECTOR...
 *
 * A delivery has one account for all its calls, as a worker keeps it.  What
 * the gateway's side costs when an adapter asks it (PayPal) is taken off; its
 * answers come from the vector.  Prints one line of JSON a vector; a verdict
 * that is not the vector's ends the program with 1.
 */
#include "vector/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/crypt.h"

enum {
	ARENA_FIRST = 1 << 20,
	ARENA_CAP = 64 << 20,
	WARM = 20,
	CALLS_MAX = 100 * 1000
};

static int64_t gateway_ns;
static unsigned gateway_calls;

static int64_t
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static enum rc
gateway_side(
    struct ctx *cx, const struct http_call *call, struct http_answer *out)
{
	int64_t start = cpu_ns();
	enum rc rc = vec_gateway(cx, call, out);

	gateway_ns += cpu_ns() - start;
	gateway_calls++;
	return rc;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* One notice from its bytes to the verdict. */
static int64_t
verify(struct ctx *cx, struct vec *v, const struct vec_delivery *d)
{
	bool want = json_flag(v->want, "signature_valid");
	int64_t start;
	struct verdict got;

	ctx_begin(cx, NULL);
	gateway_ns = 0;
	gateway_calls = 0;
	start = cpu_ns();
	gateway_notice(d->gateway, cx, d->account, &d->request, &got);
	start = cpu_ns() - start - gateway_ns;
	if (got.signature_valid != want) {
		fprintf(stderr, "notice_cpu: %s: signature_valid is %d (%d)\n",
		    json_text(v->j, "id"), got.signature_valid, (int)got.why);
		exit(1);
	}
	ctx_end(cx);
	return start;
}

static void
measure(struct ctx *cx, struct vec *v, size_t n, int64_t *ns)
{
	struct vec_delivery d;
	const char *bad = vec_delivery_begin(v, &d);
	size_t i;

	if (bad != NULL) {
		fprintf(stderr, "notice_cpu: %s\n", bad);
		exit(1);
	}
	http_replace(gateway_side);
	v->a = cx->arena; /* the gateway's answers go with the request */
	for (i = 0; i < WARM; i++)
		verify(cx, v, &d);
	for (i = 0; i < n; i++)
		ns[i] = verify(cx, v, &d);
	vec_delivery_end();
	qsort(ns, n, sizeof(*ns), by_value);
	printf("{\"gateway\": \"%s\", \"id\": \"%s\", \"genuine\": %s, "
	       "\"gateway_calls\": %u, \"p50_us\": %.3f, \"p99_us\": %.3f}\n",
	    d.gateway->name, json_text(v->j, "id"),
	    json_flag(v->want, "deliver") ? "true" : "false", gateway_calls,
	    (double)ns[n / 2] / 1e3, (double)ns[n * 99 / 100] / 1e3);
}

int
main(int argc, char **argv)
{
	struct arena *keep = arena_new(ARENA_FIRST, ARENA_CAP);
	size_t n = argc < 3 ? 0 : strtoul(argv[1], NULL, 10);
	int64_t *ns;
	struct ctx cx;
	int i;

	if (n < 1 || n > CALLS_MAX) {
		fprintf(stderr, "usage: notice_cpu CALLS VECTOR...\n");
		return 2;
	}
	ns = calloc(n, sizeof(*ns));
	if (ns == NULL)
		return 1;
	crypt_init();
	ctx_init(&cx, keep, settings_defaults(keep));
	for (i = 2; i < argc; i++) {
		struct vec v = {
		    .cx = &cx, .a = arena_new(ARENA_FIRST, ARENA_CAP)};
		struct arena *own = v.a;
		const char *bad = vec_read(&v, argv[i]);

		if (bad != NULL) {
			fprintf(stderr, "notice_cpu: %s %s\n", argv[i], bad);
			return 1;
		}
		measure(&cx, &v, n, ns);
		arena_free(own);
	}
	ctx_release(&cx);
	arena_free(keep);
	free(ns);
	return 0;
}
