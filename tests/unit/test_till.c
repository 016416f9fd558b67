/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims and settlements over a wire: what is written is read the same, what
 * is cut, bent or made up is refused; and the frames they travel in.
 */
#include "support/test.h"

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/time.h"
#include "io/fcgi.h"
#include "io/frame.h"
#include "pay/verdict.h"
#include "shop/till.h"
#include "shop/till_wire.h"

#define NO "26112800ABCDEFGHJKMNPQRS"

static struct claim
a_claim(void)
{
	struct claim c = {
	    .no = NO,
	    .product = 7,
	    .sku = UINT64_MAX,
	    .coupon = 9,
	    .channel = 3,
	    .kind = SKU_MANUAL,
	    .newest = true,
	    .qty = LIM_QTY,
	    .buyer_limit = 2,
	    .list = MONEY(INT64_MAX),
	    .total = MONEY(0),
	    .cost = MONEY(-1),
	    .currency = "CNY",
	    .contact = "buyer@example.com",
	    .product_name = "Gold \xe9\x87\x91",
	    .sku_name = "",
	    .sku_code = "GOLD-10",
	    .lang = "zh-CN",
	    .has_lookup = true,
	    .address_n = 8,
	    .created = 1,
	    .expires = INT64_MAX,
	    .offer = UINT64_MAX - 1,
	    .inputs = {{"player", "Player id", "12345"}, {"b", "B", ""}},
	    .n_inputs = 2,
	};

	memset(c.form_key, 1, sizeof(c.form_key));
	memset(c.contact_hash, 2, sizeof(c.contact_hash));
	memset(c.buyer_hash, 3, sizeof(c.buyer_hash));
	memset(c.lookup_hash, 4, sizeof(c.lookup_hash));
	memset(c.address, 5, 8);
	return c;
}

static struct span
written(const struct claim *c)
{
	struct buf b;

	buf_init(&b, ta, 64, FRAME_MAX);
	till_put_claim(&b, 42, c);
	assert_false(b.bad);
	return (struct span){b.p, b.len};
}

static void
claim_reads_as_it_was_written(void **state)
{
	struct claim in = a_claim(), out;
	enum till_kind kind;
	int64_t until;
	size_t i;

	(void)state;
	assert_int_equal(till_look(written(&in), &kind, &until), RC_OK);
	assert_int_equal(kind, TILL_CLAIM);
	assert_int_equal(until, 42);
	assert_int_equal(till_get_claim(ta, written(&in), &out), RC_OK);
	for (i = 0; i < in.n_inputs; i++) {
		assert_string_equal(in.inputs[i].name, out.inputs[i].name);
		assert_string_equal(in.inputs[i].label, out.inputs[i].label);
		assert_string_equal(in.inputs[i].value, out.inputs[i].value);
		in.inputs[i] = out.inputs[i] = (struct claim_input){0};
	}
	/* written again it is the same to the last byte */
	assert_string_equal(in.no, out.no);
	assert_string_equal(in.product_name, out.product_name);
	assert_int_equal(out.kind, SKU_MANUAL);
	assert_true(out.newest && out.has_lookup && !out.wait);
	assert_memory_equal(in.buyer_hash, out.buyer_hash, 32);
	assert_int_equal(out.expires, INT64_MAX);
	assert_int_equal(out.cost.minor, -1);
	in.n_inputs = out.n_inputs = 0;
	assert_true(span_eq(written(&in), written(&out)));
}

static void
cut_or_longer_is_refused(void **state)
{
	struct claim c = a_claim(), out;
	struct span whole = written(&c), cut = whole;
	char *longer = arena_alloc(ta, whole.n + 1);

	(void)state;
	for (cut.n = 0; cut.n < whole.n; cut.n++)
		assert_int_equal(till_get_claim(ta, cut, &out), RC_INVALID);
	memcpy(longer, whole.p, whole.n);
	assert_int_equal(
	    till_get_claim(ta, (struct span){longer, whole.n + 1}, &out),
	    RC_INVALID);
}

/* No byte that is changed can make a field longer than its room; what is
 * still read has all texts ended and all enums inside. */
static void
bent_is_bounded(void **state)
{
	struct claim c = a_claim(), out;
	struct span whole = written(&c);
	char *bent = arena_dup(ta, whole.p, whole.n);
	size_t i, at;

	(void)state;
	test_seed();
	for (i = 0; i < 20000; i++) {
		at = test_below(whole.n);
		bent[at] = (char)test_below(256);
		if (till_get_claim(ta, (struct span){bent, whole.n}, &out) ==
		    RC_OK) {
			assert_in_range(out.kind, SKU_CARD, SKU_MANUAL);
			assert_in_range(out.qty, 1, LIM_QTY);
			assert_in_range(out.n_inputs, 0, LIM_INPUTS);
			assert_in_range(out.address_n, 0, 16);
			assert_int_equal(strlen(out.no), LIM_ORDER_NO);
			assert_true(strlen(out.contact) < sizeof(out.contact));
		}
		bent[at] = whole.p[at];
	}
}

static void
fields_have_limits(void **state)
{
	struct claim c = a_claim(), out;

	(void)state;
	c.qty = 0;
	assert_int_equal(till_get_claim(ta, written(&c), &out), RC_INVALID);
	c.qty = LIM_QTY + 1;
	assert_int_equal(till_get_claim(ta, written(&c), &out), RC_INVALID);
	c = a_claim();
	c.no[3] = '\0';
	assert_int_equal(till_get_claim(ta, written(&c), &out), RC_INVALID);
	c = a_claim();
	c.address_n = 17;
	assert_int_equal(till_get_claim(ta, written(&c), &out), RC_INVALID);
	c = a_claim();
	c.kind = (enum sku_kind)3;
	assert_int_equal(till_get_claim(ta, written(&c), &out), RC_INVALID);
}

static void
settlement_reads_as_it_was_written(void **state)
{
	struct verdict v;
	struct paid out, in = {
			     .source = SETTLE_NOTICE,
			     .channel = 3,
			     .order_no = NO,
			     .gateway = gateway_find("epay"),
			     .verdict = &v,
			     .txn = "T1",
			     .method = "GET",
			     .query = SPAN_LIT("a=b\0c"),
			     .judged_by = UINT64_MAX - 2,
			     .headers = SPAN_LIT("x: y\n"),
			 };
	enum till_kind kind;
	int64_t until;
	struct span cut;
	struct buf b;

	(void)state;
	verdict_init(&v);
	v.outcome = PAY_PAID;
	v.why = WHY_OK;
	v.signature_valid = v.has_amount = true;
	v.order_no = NO;
	v.txn = "T1";
	v.amount = MONEY(1234);
	memcpy(v.currency, "CNY", 4);
	buf_init(&b, ta, 64, FRAME_MAX);
	till_put_paid(&b, 43, &in);
	assert_int_equal(
	    till_look((struct span){b.p, b.len}, &kind, &until), RC_OK);
	assert_int_equal(kind, TILL_PAID);
	assert_int_equal(
	    till_get_paid(ta, (struct span){b.p, b.len}, &out), RC_OK);
	assert_ptr_equal(out.gateway, in.gateway);
	assert_string_equal(out.order_no, NO);
	assert_true(span_eq(out.query, in.query));
	assert_true(span_eq(out.headers, in.headers));
	assert_int_equal(out.body.n, 0);
	assert_int_equal(out.verdict->outcome, PAY_PAID);
	assert_int_equal(out.verdict->amount.minor, 1234);
	assert_string_equal(out.verdict->currency, "CNY");
	assert_string_equal(out.verdict->txn, "T1");
	assert_null(out.detail);
	assert_true(out.judged_by == in.judged_by);
	for (cut = (struct span){b.p, 0}; cut.n < b.len; cut.n++)
		assert_int_equal(till_get_paid(ta, cut, &out), RC_INVALID);
}

static void
answers(void **state)
{
	struct claim c = a_claim();
	struct paid p = {.reason = "before"};
	const char *position = "";
	struct buf b;

	(void)state;
	buf_init(&b, ta, 64, FRAME_ANSWER_MAX);
	till_put_refusal(&b);
	assert_int_equal(
	    till_get_claimed(ta, (struct span){b.p, b.len}, &c, &position),
	    RC_NOTFOUND);
	assert_int_equal(
	    till_get_settled(ta, (struct span){b.p, b.len}, &p, &position),
	    RC_NOTFOUND);
	assert_string_equal(p.reason, "before");

	c.rc = RC_CONFLICT;
	c.why = CLAIM_COUPON;
	c.order = 77;
	buf_init(&b, ta, 64, FRAME_ANSWER_MAX);
	till_put_claimed(&b, &c, "0-1-99");
	c = a_claim();
	assert_int_equal(
	    till_get_claimed(ta, (struct span){b.p, b.len}, &c, &position),
	    RC_OK);
	assert_int_equal(c.rc, RC_CONFLICT);
	assert_int_equal(c.why, CLAIM_COUPON);
	assert_int_equal(c.order, 77);
	assert_string_equal(position, "0-1-99");
	/* an answer to the other question */
	assert_int_equal(
	    till_get_settled(ta, (struct span){b.p, b.len}, &p, &position),
	    RC_INVALID);
	assert_int_equal(
	    till_get_claimed(ta, (struct span){b.p, b.len - 1}, &c, &position),
	    RC_INVALID);

	p = (struct paid){.rc = RC_DENIED, .why = WHY_ORDER, .reason = "order"};
	buf_init(&b, ta, 64, FRAME_ANSWER_MAX);
	till_put_settled(&b, &p, "");
	p = (struct paid){0};
	assert_int_equal(
	    till_get_settled(ta, (struct span){b.p, b.len}, &p, &position),
	    RC_OK);
	assert_int_equal(p.rc, RC_DENIED);
	assert_int_equal(p.why, WHY_ORDER);
	assert_string_equal(p.reason, "order");
	assert_false(p.stale);
	p.stale = true;
	buf_init(&b, ta, 64, FRAME_ANSWER_MAX);
	till_put_settled(&b, &p, "");
	p = (struct paid){0};
	assert_int_equal(
	    till_get_settled(ta, (struct span){b.p, b.len}, &p, &position),
	    RC_OK);
	assert_true(p.stale);
}

/* ------------------------------------------------------------ frames */

static const char *
socket_at(int *fd)
{
	const char *path = arena_fmt(ta, "%s/s", test_dir()), *why;

	(void)unlink(path);
	assert_int_equal(fcgi_listen(path, 0600, 8, NULL, fd, &why), RC_OK);
	return path;
}

static int64_t
in_ms(int ms)
{
	return time_mono_us() + ms * US_PER_MS;
}

/* A server that answers n questions with themselves, then dies over the next
 * one. */
static pid_t
serve(int listen_fd, unsigned n)
{
	struct frame_conn c = {.fd = -1};
	struct pollfd p = {.events = POLLIN};
	pid_t pid = fork();
	unsigned i;

	if (pid != 0)
		return pid;
	alarm(60);
	for (i = 0;; i++) {
		p.fd = c.fd >= 0 ? c.fd : listen_fd;
		poll(&p, 1, -1);
		if (c.fd < 0) {
			if (frame_accept(&c, ta, listen_fd) != RC_OK)
				c.fd = -1;
			i--;
			continue;
		}
		if (frame_take(&c) != RC_OK) {
			i--;
			continue;
		}
		if (i == n)
			_exit(0);
		frame_answer(&c, frame_question(&c));
	}
}

static void
frames_go_there_and_back(void **state)
{
	char *large = arena_alloc(ta, FRAME_MAX + 1), answer[FRAME_ANSWER_MAX];
	int fd = -1, listening;
	const char *path = socket_at(&listening);
	pid_t pid = serve(listening, 2);
	size_t got = 0;

	(void)state;
	assert_int_equal(
	    frame_ask(&fd, path, SPAN_LIT("hello"), in_ms(30000), answer, &got),
	    RC_OK);
	assert_int_equal(got, 5);
	assert_memory_equal(answer, "hello", 5);
	assert_true(fd >= 0);
	/* too large: nobody has it */
	assert_int_equal(
	    frame_ask(&fd, path, (struct span){large, FRAME_MAX + 1},
		in_ms(30000), answer, &got),
	    RC_NOTFOUND);
	assert_int_equal(
	    frame_ask(&fd, path, SPAN_LIT("again"), in_ms(30000), answer, &got),
	    RC_OK);
	/* it dies with the question in its hands */
	assert_int_equal(
	    frame_ask(&fd, path, SPAN_LIT("die"), in_ms(30000), answer, &got),
	    RC_FAIL);
	assert_int_equal(fd, -1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	/* the socket is there, nobody behind it */
	assert_int_equal(
	    frame_ask(&fd, path, SPAN_LIT("x"), in_ms(50), answer, &got),
	    RC_BUSY);
	close(listening);
	assert_int_equal(
	    frame_ask(&fd, path, SPAN_LIT("x"), in_ms(50), answer, &got),
	    RC_NOTFOUND);
}

static void
what_is_no_frame_is_hung_up_on(void **state)
{
	static const char zero[4] = {0}, huge[4] = {0, 0, 0, 127};
	const char *bad[] = {zero, huge};
	struct frame_conn c = {.fd = -1};
	int pair[2];
	size_t i;

	(void)state;
	c.p = arena_alloc(ta, FRAME_HEAD + FRAME_MAX);
	for (i = 0; i < 2; i++) {
		assert_int_equal(
		    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair),
		    0);
		c.fd = pair[0];
		c.n = c.ready = 0;
		assert_int_equal(write(pair[1], bad[i], 2), 2);
		assert_int_equal(frame_take(&c), RC_NOTFOUND);
		assert_int_equal(write(pair[1], bad[i] + 2, 2), 2);
		assert_int_equal(frame_take(&c), RC_FAIL);
		assert_int_equal(c.fd, -1);
		close(pair[1]);
	}
}

static void
where_the_till_is(void **state)
{
	struct settings set = {.till = true,
	    .workers = 4,
	    .pool = "storefront",
	    .till_socket = "",
	    .spool_dir = "/spool"};

	(void)state;
	assert_string_equal(till_path(ta, &set), "/spool/till-storefront.sock");
	set.till_socket = "/run/t.sock";
	assert_string_equal(till_path(ta, &set), "/run/t.sock");
	set.pool = "admin"; /* neither sells nor hears of payments */
	assert_string_equal(till_path(ta, &set), "");
	set.pool = "all";
	set.workers = 0; /* no master to have one */
	assert_string_equal(till_path(ta, &set), "");
	set.workers = 1;
	set.till = false;
	assert_string_equal(till_path(ta, &set), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(claim_reads_as_it_was_written),
	    TEST(cut_or_longer_is_refused),
	    TEST(bent_is_bounded),
	    TEST(fields_have_limits),
	    TEST(settlement_reads_as_it_was_written),
	    TEST(answers),
	    TEST(frames_go_there_and_back),
	    TEST(what_is_no_frame_is_hung_up_on),
	    TEST(where_the_till_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
