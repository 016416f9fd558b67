/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of keys that gateways give out: who may write them, when they are
 * asked for again, and that a channel of other settings has none.
 */
#include "support/counter.h"

#include "base/time.h"
#include "shop/channel.h"
#include "store/money.h"
#include "store/tx.h"

enum { PAUSE_S = 300 };
#define PAUSE (PAUSE_S * US_PER_S)

static uint64_t
channel_add(void)
{
	struct channel_row c = {.name = "wx",
	    .gateway = "wechatpay",
	    .title = "wx",
	    .title_en = "",
	    .state = "on",
	    .device = "all",
	    .currency = "CNY",
	    .fee_payer = "shop",
	    .options = ""};
	uint64_t id;

	assert_int_equal(channel_row_add(cx, &c, &id), RC_OK);
	return id;
}

/* What is due, RC_NOTFOUND: nothing. */
static enum rc
due(struct keys_due *out)
{
	const struct keys_due *k;
	size_t n;

	assert_int_equal(keys_due(cx, "wechatpay", 10, &k, &n), RC_OK);
	assert_true(n <= 1);
	if (n == 1)
		*out = *k;
	return n == 1 ? RC_OK : RC_NOTFOUND;
}

struct kept {
	uint64_t channel;
	unsigned version;
	const char *text;
};

static enum rc
keep_body(struct ctx *c, void *arg)
{
	const struct kept *k = arg;

	return keys_keep(c, k->channel, k->version, k->text);
}

static struct channel_row
row_of(uint64_t id)
{
	struct channel_row r;

	assert_int_equal(channel_row_by_id(cx, id, &r), RC_OK);
	return r;
}

static void
one_of_two_takes_it(void **state)
{
	struct keys_due first, again;
	uint64_t id = channel_add();

	(void)state;
	assert_int_equal(due(&first), RC_OK);
	assert_true(first.channel == id && !first.known);
	assert_int_equal(keys_take(cx, &first, cx->now + PAUSE), RC_OK);
	assert_int_equal(keys_take(cx, &first, cx->now + PAUSE), RC_CONFLICT);
	assert_int_equal(due(&again), RC_NOTFOUND);
	/* whoever took it has died: it comes back, and counts as a failure */
	cx->now += PAUSE;
	assert_int_equal(due(&again), RC_OK);
	assert_true(again.known && again.failed == 1);
	assert_int_equal(keys_take(cx, &again, cx->now + PAUSE), RC_OK);
	assert_int_equal(keys_take(cx, &again, cx->now + PAUSE), RC_CONFLICT);
	assert_int_equal(keys_done(cx, id, cx->now + 2 * PAUSE), RC_OK);
	/* he was only slow: it is not his any more */
	cx->now -= PAUSE;
	assert_int_equal(keys_done(cx, id, cx->now), RC_CONFLICT);
	cx->now += 3 * PAUSE;
	assert_int_equal(due(&again), RC_OK);
	assert_int_equal(again.failed, 0);
}

static void
what_is_kept_is_a_new_version(void **state)
{
	struct keys_due k;
	struct kept what = {channel_add(), 1, "A0\npem\n"};

	(void)state;
	assert_null(row_of(what.channel).fetched);
	assert_int_equal(due(&k), RC_OK);
	assert_int_equal(keys_take(cx, &k, cx->now + PAUSE), RC_OK);
	assert_int_equal(tx_run(cx, keep_body, &what), RC_OK);
	assert_string_equal(row_of(what.channel).fetched, "A0\npem\n");
	assert_int_equal(row_of(what.channel).version, 2);
	/* by settings that are not there any more: nothing is written */
	what.text = "B0\npem\n";
	assert_int_equal(tx_run(cx, keep_body, &what), RC_CONFLICT);
	assert_string_equal(row_of(what.channel).fetched, "A0\npem\n");
	/* by one whose time is over */
	what.version = 2;
	cx->now++;
	assert_int_equal(tx_run(cx, keep_body, &what), RC_CONFLICT);
	assert_int_equal(row_of(what.channel).version, 2);
	assert_int_equal(keys_forget(cx, what.channel), RC_OK);
	assert_null(row_of(what.channel).fetched);
	assert_int_equal(due(&k), RC_OK);
	assert_false(k.known);
}

static void
wishes_bring_it_no_nearer_than_the_pause(void **state)
{
	struct keys_due k;
	uint64_t id = channel_add();
	int i;

	(void)state;
	assert_int_equal(keys_wish(cx, id, PAUSE), RC_OK); /* it is due */
	assert_int_equal(due(&k), RC_OK);
	assert_int_equal(keys_take(cx, &k, cx->now + PAUSE), RC_OK);
	assert_int_equal(keys_done(cx, id, cx->now + 100 * PAUSE), RC_OK);
	for (i = 0; i < PAUSE_S; i++) {
		assert_int_equal(keys_wish(cx, id, PAUSE), RC_OK);
		assert_int_equal(due(&k), RC_NOTFOUND);
		cx->now += US_PER_S;
	}
	assert_int_equal(due(&k), RC_OK);
	assert_int_equal(keys_take(cx, &k, cx->now + PAUSE), RC_OK);
	assert_int_equal(keys_done(cx, id, cx->now + 100 * PAUSE), RC_OK);
	/* long after the last time: at once */
	cx->now += 50 * PAUSE;
	assert_int_equal(due(&k), RC_NOTFOUND);
	assert_int_equal(keys_wish(cx, id, PAUSE), RC_OK);
	assert_int_equal(due(&k), RC_OK);
}

/* Saved with these fields of EPay's; how many rows of keys are left. */
static void
save(const char *title, const struct channel_field *f, size_t n, unsigned left)
{
	struct channel c = {.name = "epay",
	    .gateway = "epay",
	    .title = title,
	    .title_en = "",
	    .device = "all",
	    .currency = "CNY",
	    .on = true};
	struct edit_error why = {0};

	assert_int_equal(channel_save(cx, &c, f, n, &why), RC_OK);
	assert_count("channel_keys", left);
}

static void
other_settings_forget_what_was_fetched(void **state)
{
	const struct channel_field same[] = {{"pid", PID}, {"key", ""}};
	const struct channel_field shop[] = {{"pid", "1002"}};
	const struct channel_field key[] = {{"key", "another-key-of-theirs-0"}};
	const char *add = "INSERT INTO channel_keys (channel_id, fetched, "
			  "due_us) SELECT id, 'A0', 1 FROM channel";

	(void)state;
	sql_primary("%s", add);
	save("another title", NULL, 0, 1);
	save("another title", same, 2, 1);
	save("another title", shop, 1, 0);
	sql_primary("%s", add);
	save("another title", key, 1, 0);
}

/* A request may meet two versions of a channel, and works on with the one it
 * began with.  (Freed memory is given out again at once, so the second account
 * would stand where the first one stood.) */
static void
an_account_lasts_as_long_as_its_request(void **state)
{
	struct channel before, after;

	(void)state;
	assert_int_equal(channel_load(cx, "epay", &before), RC_OK);
	assert_non_null(before.account);
	sql_primary("UPDATE channel SET version = version + 1");
	assert_int_equal(channel_load(cx, "epay", &after), RC_OK);
	assert_int_equal(after.version, before.version + 1);
	assert_ptr_not_equal(before.account, after.account);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(one_of_two_takes_it),
	    COUNTER_TEST(what_is_kept_is_a_new_version),
	    COUNTER_TEST(other_settings_forget_what_was_fetched),
	    COUNTER_TEST(an_account_lasts_as_long_as_its_request),
	    COUNTER_TEST(wishes_bring_it_no_nearer_than_the_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
