/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catalogue pages in a memcached of its own: how old one may become, who
 * brings a new one, what an edit makes old and what not, what is not there.
 * Time is given, except for the 200 ms for which a generation is believed.
 */
#include "support/cachebox.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/hot.h"
#include "base/metric.h"
#include "base/time.h"
#include "shop/kept.h"

static struct settings set;
static int64_t begin;
static uint64_t merchants;

static void
ready(void)
{
	use(box_path, KEYS_A);
	set = *box_cx.set;
	set.cache_page_s = 10;
	box_cx.set = &set;
	box_cx.merchant = ++merchants; /* nothing of the test before */
	begin = box_cx.now;
}

static struct kept
page(const char *name, const char *product)
{
	return (struct kept){.page = {name, product}};
}

/* A request: RC_OK when it was served. */
static enum rc
ask(struct kept *k)
{
	struct page_name name = k->page;

	*k = (struct kept){.page = name};
	return kept_get(&box_cx, k);
}

static void
render(struct kept *k, const char *text)
{
	kept_put(&box_cx, k, span_str(text), digest_of(span_str(text)));
}

static void
fill(struct kept *k, const char *text)
{
	assert_int_equal(ask(k), RC_NOTFOUND);
	render(k, text);
}

static void
shows(struct kept *k, const char *text)
{
	assert_int_equal(ask(k), RC_OK);
	assert_false(k->absent);
	assert_span(k->body, text);
	assert_true(k->digest == digest_of(span_str(text)));
}

static void
at(int64_t us)
{
	box_cx.now = box_cx.shown = begin + us;
}

static void
forget_generations(void)
{
	(void)usleep(250 * 1000);
}

static void
age_is_counted(void **state)
{
	struct kept k = page("/", NULL), other = page("/other", NULL);

	(void)state;
	ready();
	fill(&k, "home");
	assert_int_equal(ask(&other), RC_NOTFOUND);
	at(3 * US_PER_S);
	shows(&k, "home");
	assert_int_equal(k.age_us, 3 * US_PER_S);
	at(10 * US_PER_S);
	assert_int_equal(ask(&k), RC_NOTFOUND);
	drop();
}

/* What was counted before the page was begun makes it older. */
static void
as_old_as_its_numbers(void **state)
{
	struct kept k = page("/", NULL);

	(void)state;
	ready();
	assert_int_equal(ask(&k), RC_NOTFOUND);
	box_cx.shown = begin - 4 * US_PER_S;
	render(&k, "home");
	at(1 * US_PER_S);
	shows(&k, "home");
	assert_int_equal(k.age_us, 5 * US_PER_S);
	at(6 * US_PER_S);
	assert_int_equal(ask(&k), RC_NOTFOUND);
	drop();
}

static void
one_refreshes(void **state)
{
	struct kept k = page("/", NULL), first;
	uint64_t stale = metric_value(METRIC_cache_stale_total, NULL);
	int i, sent = 0;

	(void)state;
	ready();
	fill(&k, "old");
	first = k;
	at(95 * US_PER_S / 10); /* past any soft age, not past the end */
	for (i = 0; i < 10; i++) {
		k = page("/", NULL);
		if (ask(&k) == RC_OK) {
			assert_span(k.body, "old");
			continue;
		}
		sent++;
		first = k;
	}
	assert_int_equal(sent, 1);
	assert_int_equal(
	    metric_value(METRIC_cache_stale_total, NULL) - stale, 9);
	render(&first, "new");
	shows(&k, "new");
	assert_int_equal(k.age_us, 0);
	/* and the lease is free for the next time */
	at(19 * US_PER_S);
	assert_int_equal(ask(&k), RC_NOTFOUND);
	drop();
}

/* The soft age is drawn for each, and chance comes before it. */
static void
not_all_at_once(void **state)
{
	struct kept k;
	int i, due = 0;

	(void)state;
	ready();
	for (i = 0; i < 60; i++) {
		k = page(arena_fmt(ta, "/%d", i), NULL);
		fill(&k, "x");
	}
	at(75 * US_PER_S / 10);
	for (i = 0; i < 60; i++) {
		k = page(arena_fmt(ta, "/%d", i), NULL);
		due += ask(&k) != RC_OK;
	}
	assert_true(due > 5 && due < 55);
	drop();
}

static void
edits_end_what_they_touch(void **state)
{
	struct kept list = page("/", NULL), a = page("/p/a", "a"),
		    b = page("/p/b", "b");

	(void)state;
	ready();
	fill(&list, "list");
	fill(&a, "a");
	fill(&b, "b");
	page_cache_bump(&box_cx, "a");
	forget_generations();
	shows(&b, "b");
	assert_int_equal(ask(&list), RC_NOTFOUND);
	shows(&list, "list"); /* to the others, until it is there */
	list.leased = true;   /* as he who was sent */
	assert_int_equal(ask(&a), RC_NOTFOUND);
	render(&a, "a, edited");
	shows(&a, "a, edited");
	page_cache_bump(&box_cx, NULL);
	forget_generations();
	assert_int_equal(ask(&a), RC_NOTFOUND);
	assert_int_equal(ask(&b), RC_NOTFOUND);
	drop();
}

/* An edit while the page is rendered: what is kept is old already. */
static void
edited_meanwhile(void **state)
{
	struct kept k = page("/p/a", "a");

	(void)state;
	ready();
	assert_int_equal(ask(&k), RC_NOTFOUND);
	page_cache_bump(&box_cx, "a");
	render(&k, "before the edit");
	forget_generations();
	assert_int_equal(ask(&k), RC_NOTFOUND);
	drop();
}

static void
what_is_not_there(void **state)
{
	struct kept k = page("/p/junk", "junk");

	(void)state;
	ready();
	assert_int_equal(ask(&k), RC_NOTFOUND);
	kept_absent(&box_cx, &k);
	at(14 * US_PER_S);
	assert_int_equal(ask(&k), RC_OK);
	assert_true(k.absent);
	at(60 * US_PER_S);
	assert_int_equal(ask(&k), RC_NOTFOUND);
	/* once more, and then it is made: nobody is told no again */
	kept_absent(&box_cx, &k);
	page_cache_bump(&box_cx, "junk");
	forget_generations();
	assert_int_equal(ask(&k), RC_NOTFOUND);
	assert_int_equal(ask(&k), RC_NOTFOUND);
	drop();
}

static void
a_flushed_server_forgets(void **state)
{
	struct kept k = page("/", NULL);
	int i;

	(void)state;
	ready();
	for (i = 0; i < 5; i++) {
		if (ask(&k) != RC_OK)
			render(&k, "home");
		assert_span(talk(SPAN_LIT("flush_all\r\n"), "\r\n"), "OK\r\n");
		assert_int_equal(ask(&k), RC_NOTFOUND);
	}
	drop();
}

/* Who may not show what was read before has it made, and others get that. */
static void
too_old_for_one(void **state)
{
	struct kept k = page("/", NULL);

	(void)state;
	ready();
	fill(&k, "old");
	at(1 * US_PER_S);
	box_cx.not_before = begin + 1;
	assert_int_equal(ask(&k), RC_NOTFOUND);
	box_cx.not_before = begin;
	shows(&k, "old");
	box_cx.not_before = begin + 1;
	assert_int_equal(ask(&k), RC_NOTFOUND);
	render(&k, "new");
	shows(&k, "new");
	box_cx.not_before = 0;
	shows(&k, "new");
	drop();
}

/* Somebody who wrote reads for himself; what he reads may serve all. */
static void
own_writes(void **state)
{
	struct kept k = page("/", NULL);

	(void)state;
	ready();
	fill(&k, "old");
	box_cx.sticky = true;
	assert_int_equal(ask(&k), RC_NOTFOUND);
	render(&k, "his");
	box_cx.sticky = false;
	shows(&k, "his");
	drop();
}

static void
no_server(void **state)
{
	struct kept k = page("/", NULL);

	(void)state;
	use_for("/nonexistent/socket", KEYS_A, SHORT_MS);
	set = *box_cx.set;
	set.cache_page_s = 10;
	box_cx.set = &set;
	fill(&k, "home");
	assert_int_equal(ask(&k), RC_NOTFOUND);
	drop();
}

/* ---- a page that another worker makes: these are last, for shared memory
 * stays.  The other worker is a signal: it comes while this one waits, or
 * before it does. */

static const char *made_key;
static bool made_well;

static void
is_made(int sig)
{
	struct span text = SPAN_LIT("made");
	struct hot_value v = {
	    .bytes = text, .digest = digest_of(text), .born = begin};
	int64_t now = time_mono_us();

	(void)sig;
	if (made_well)
		hot_put(span_str(made_key), &v, now, now + US_PER_S,
		    now + US_PER_S);
	hot_made(span_str(made_key));
}

static void
another_makes(const char *name)
{
	static const struct itimerval soon = {.it_value = {0, 5000}};

	made_key =
	    arena_fmt(ta, "%llu:%s", (unsigned long long)box_cx.merchant, name);
	assert_true(hot_make(span_str(made_key), time_mono_us()));
	(void)signal(SIGALRM, is_made);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
}

static void
anothers_page_is_waited_for(void **state)
{
	struct kept k = page("/", NULL);

	(void)state;
	ready();
	assert_int_equal(hot_open(8), RC_OK);
	made_well = true;
	another_makes("/");
	shows(&k, "made");
	assert_false(k.making);
	drop();
}

/* It comes after this one has looked, and before it takes the turn: it asks a
 * memcached that stands still meanwhile. */
static void
what_was_made_since_is_seen(void **state)
{
	struct kept k = page("/since", NULL);

	(void)state;
	ready();
	drop();
	use_for(box_path, KEYS_A, SHORT_MS);
	box_cx.merchant = merchants;
	made_well = true;
	assert_int_equal(kill(box_server, SIGSTOP), 0);
	another_makes("/since");
	shows(&k, "made");
	assert_false(k.making);
	assert_int_equal(kill(box_server, SIGCONT), 0);
	/* and the turn is nobody's */
	assert_true(hot_make(span_str(made_key), time_mono_us()));
	hot_made(span_str(made_key));
	drop();
}

/* Without a memcached, too, one brings a new page before the old one ends. */
static void
who_is_sent_does_not_bring_the_old_one(void **state)
{
	struct span old = SPAN_LIT("old");
	struct hot_value v = {.bytes = old, .digest = digest_of(old)};
	struct kept k = page("/", NULL);
	int64_t now;

	(void)state;
	ready();
	drop();
	use_for("/nonexistent/socket", KEYS_A, SHORT_MS);
	set = *box_cx.set;
	set.cache_page_s = 10;
	box_cx.set = &set;
	box_cx.merchant = merchants;
	v.born = box_cx.now;
	made_key = arena_fmt(ta, "%llu:/", (unsigned long long)box_cx.merchant);
	do { /* again, if this machine slept for the whole life of it */
		now = time_mono_us();
		hot_put(span_str(made_key), &v, now, now, now + US_PER_S);
		assert_int_equal(ask(&k), RC_NOTFOUND);
		assert_true(k.making);
	} while (time_mono_us() - now >= US_PER_S / 2);
	shows(&k, "old"); /* the others */
	/* but not who may show nothing of before */
	box_cx.not_before = v.born + 1;
	assert_int_equal(ask(&k), RC_NOTFOUND);
	box_cx.not_before = 0;
	shows(&k, "old");
	render(&k, "new");
	hot_made(span_str(made_key));
	shows(&k, "new");
	drop();
}

/* It was an error, or nothing that is kept: then everybody makes his own. */
static void
but_not_for_nothing(void **state)
{
	struct kept k = page("/", NULL);

	(void)state;
	ready();
	made_well = false;
	do { /* again, if it was there before we waited for it */
		if (k.making)
			kept_end(&box_cx, &k);
		another_makes("/");
		assert_int_equal(ask(&k), RC_NOTFOUND);
	} while (k.making);
	/* nobody is at it now */
	assert_int_equal(ask(&k), RC_NOTFOUND);
	assert_true(k.making);
	kept_end(&box_cx, &k);
	assert_int_equal(ask(&k), RC_NOTFOUND);
	assert_true(k.making);
	render(&k, "home");
	kept_end(&box_cx, &k);
	shows(&k, "home");
	drop();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(age_is_counted),
	    TEST(as_old_as_its_numbers),
	    TEST(one_refreshes),
	    TEST(not_all_at_once),
	    TEST(edits_end_what_they_touch),
	    TEST(edited_meanwhile),
	    TEST(what_is_not_there),
	    TEST(a_flushed_server_forgets),
	    TEST(too_old_for_one),
	    TEST(own_writes),
	    TEST(no_server),
	    TEST(anothers_page_is_waited_for),
	    TEST(what_was_made_since_is_seen),
	    TEST(who_is_sent_does_not_bring_the_old_one),
	    TEST(but_not_for_nothing),
	};

	return cmocka_run_group_tests(tests, box_setup, box_teardown);
}
