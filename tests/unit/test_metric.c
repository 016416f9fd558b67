/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/metric.h"

static const char *
page(void)
{
	struct buf b;

	buf_init(&b, ta, 4096, 8 << 20);
	metric_print(&b);
	assert_false(b.bad);
	return buf_text(&b);
}

#define assert_has(line) assert_non_null(strstr(page(), line))

/* A program of its own: counts n, says what it sees. */
static int
program(const char *dir, uint64_t n)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		metric_add(METRIC_mails_total, "sent", n);
		if (metric_open(dir) != RC_OK)
			_exit(99);
		metric_add(METRIC_cache_hits_total, NULL, n);
		_exit((int)(metric_value(METRIC_cache_hits_total, NULL) * 10 +
			    metric_value(METRIC_mails_total, "sent")));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Pools and jobs are programs that do not know each other. */
static void
programs_share_a_file(void **state)
{
	const char *dir = test_dir();

	(void)state;
	assert_int_equal(program(dir, 2), 22);
	assert_int_equal(program(dir, 3), 55);
	assert_int_equal(program(arena_fmt(ta, "%s/no/folder", dir), 4), 44);
	assert_int_equal(program(dir, 1), 66);
}

static void
before_sharing_counts_are_kept(void **state)
{
	(void)state;
	metric_add(METRIC_cache_hits_total, NULL, 3);
	assert_int_equal(metric_open(NULL), RC_OK);
	assert_int_equal(metric_open(NULL), RC_OK);
	assert_int_equal(metric_value(METRIC_cache_hits_total, NULL), 3);
	assert_has("# TYPE keystall_cache_hits_total counter\n"
		   "keystall_cache_hits_total 3\n");
	assert_has("keystall_cache_misses_total 0\n");
}

static void
labels_make_series(void **state)
{
	(void)state;
	metric_add(METRIC_http_requests_total, "/p/{slug},200", 2);
	metric_add(METRIC_http_requests_total, "/p/{slug},404", 1);
	metric_add(METRIC_http_requests_total, "/p/{slug},200", 1);
	metric_add(METRIC_orders_total, "pa\"id\\\n", 1);
	assert_int_equal(
	    metric_value(METRIC_http_requests_total, "/p/{slug},200"), 3);
	assert_int_equal(
	    metric_value(METRIC_http_requests_total, "/none,200"), 0);
	assert_has("keystall_http_requests_total{route=\"/p/{slug}\","
		   "code=\"200\"} 3\n");
	assert_has("keystall_orders_total{state=\"pa\\\"id\\\\\\n\"} 1\n");
	assert_null(strstr(page(), "other"));
}

static void
gauges_go_both_ways(void **state)
{
	(void)state;
	metric_gauge_add(METRIC_outbox_oldest_seconds, NULL, 2);
	metric_gauge_add(METRIC_outbox_oldest_seconds, NULL, -3);
	metric_set(METRIC_breaker_state, "mail", 2);
	assert_has("keystall_outbox_oldest_seconds -1\n");
	assert_has("keystall_breaker_state{name=\"mail\"} 2\n");
}

static void
histograms_are_cumulative(void **state)
{
	(void)state;
	metric_observe(METRIC_sql_seconds, NULL, 400);
	metric_observe(METRIC_sql_seconds, NULL, 500);
	metric_observe(METRIC_sql_seconds, NULL, 501);
	metric_observe(METRIC_sql_seconds, NULL, 60 * 1000 * 1000);
	assert_has("keystall_sql_seconds_bucket{le=\"0.000500\"} 2\n");
	assert_has("keystall_sql_seconds_bucket{le=\"0.001000\"} 3\n");
	assert_has("keystall_sql_seconds_bucket{le=\"10.000000\"} 3\n");
	assert_has("keystall_sql_seconds_bucket{le=\"+Inf\"} 4\n");
	assert_has("keystall_sql_seconds_sum 60.001401\n");
	assert_has("keystall_sql_seconds_count 4\n");
	assert_int_equal(metric_value(METRIC_sql_seconds, NULL), 4);
	metric_observe(METRIC_till_batch_size, NULL, 5);
	assert_has("keystall_till_batch_size_bucket{le=\"4\"} 0\n");
	assert_has("keystall_till_batch_size_bucket{le=\"8\"} 1\n");
	assert_has("keystall_till_batch_size_sum 5\n");
}

static void
children_count_into_the_same_memory(void **state)
{
	enum { CHILDREN = 4, EACH = 20000 };
	int i, k;

	(void)state;
	for (i = 0; i < CHILDREN; i++) {
		if (fork() == 0) {
			for (k = 0; k < EACH; k++) {
				metric_add(METRIC_sql_retries_total, NULL, 1);
				metric_add(METRIC_mails_total,
				    k % 2 == 0 ? "ok" : "failed", 1);
			}
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	assert_int_equal(
	    metric_value(METRIC_sql_retries_total, NULL), CHILDREN * EACH);
	assert_int_equal(metric_value(METRIC_mails_total, "ok") +
			     metric_value(METRIC_mails_total, "failed"),
	    CHILDREN * EACH);
}

/* Labels that a stranger could make up do not fill the memory. */
static void
series_are_bounded(void **state)
{
	const char *p;
	int i, lines = 0, listed = 0;

	(void)state;
	for (i = 0; i < 5000; i++)
		metric_add(
		    METRIC_notices_total, arena_fmt(ta, "channel%d,ok", i), 1);
	for (p = page(); (p = strstr(p, "\nkeystall_notices_total{")) != NULL;
	     p++)
		lines++;
	assert_true(lines > 200 && lines <= 256);
	assert_has("keystall_notices_total{channel=\"other\","
		   "verdict=\"other\"} ");
	for (i = 0; i < 5000; i++)
		if (strstr(page(), "channel0") != NULL)
			break;
	for (i = 0; i < 300; i++)
		listed += metric_value(METRIC_notices_total,
			      arena_fmt(ta, "channel%d,ok", i)) == 1;
	assert_true(listed > 200);
	/* too long for a slot */
	metric_add(METRIC_rate_limited_total, arena_fmt(ta, "%0200d", 0), 7);
	assert_has("keystall_rate_limited_total{kind=\"other\"} 7\n");
}

static void
wrong_kind(void *arg)
{
	(void)arg;
	metric_add(METRIC_outbox_oldest_seconds, NULL, 1);
}

static void
missing_label(void *arg)
{
	(void)arg;
	metric_add(METRIC_orders_total, NULL, 1);
}

static void
misuse_is_a_bug(void **state)
{
	(void)state;
	assert_true(test_aborts(wrong_kind, NULL));
	assert_true(test_aborts(missing_label, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(programs_share_a_file),
	    TEST(before_sharing_counts_are_kept),
	    TEST(labels_make_series),
	    TEST(gauges_go_both_ways),
	    TEST(histograms_are_cumulative),
	    TEST(children_count_into_the_same_memory),
	    TEST(series_are_bounded),
	    TEST(misuse_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
