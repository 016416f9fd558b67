/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcurl against small servers in children of this test: what is sent, what
 * comes back, which failures are which, and the addresses that are refused.
 */
#include "support/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/breaker.h"
#include "base/buf.h"
#include "base/metric.h"
#include "base/slots.h"
#include "base/time.h"
#include "io/crypt.h"
#include "io/httpc.h"

static struct settings *set;
static struct ctx cx;
static struct arena *keep;
static pid_t server, tls_server;
static int port, tls_port;

/* ---- a server that does what the path says */

static int
listen_on(int *out)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*out = ntohs(at.sin_port);
	return fd;
}

static void
many(FILE *f, size_t n)
{
	while (n-- != 0)
		(void)fputc('x', f);
}

static void
answer(FILE *f, const char *path, const char *request)
{
	int i;

	if (strcmp(path, "/echo") == 0)
		(void)fprintf(f,
		    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n"
		    "X-One: 1\r\nx-TWO:  two words \r\n\r\n%s",
		    strlen(request), request);
	else if (strcmp(path, "/404") == 0)
		(void)fprintf(
		    f, "HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone");
	else if (strcmp(path, "/redirect") == 0)
		(void)fprintf(f, "HTTP/1.1 302 Found\r\n"
				 "Location: http://127.0.0.1:1/\r\n"
				 "Content-Length: 0\r\n\r\n");
	else if (strcmp(path, "/empty") == 0)
		(void)fprintf(f, "HTTP/1.1 204 None\r\n\r\n");
	else if (strcmp(path, "/early") == 0)
		(void)fprintf(f, "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n"
				 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
				 "X-Late: 1\r\n\r\nok");
	else if (strcmp(path, "/big") == 0)
		(void)fprintf(f, "HTTP/1.1 200 OK\r\n"
				 "Content-Length: 1048576\r\n\r\n"),
		    many(f, 1048576);
	else if (strcmp(path, "/bigger") == 0)
		(void)fprintf(f, "HTTP/1.1 200 OK\r\n"
				 "Content-Length: 1048577\r\n\r\n"),
		    many(f, 1048577);
	else if (strcmp(path, "/endless") == 0)
		(void)fprintf(f, "HTTP/1.1 200 OK\r\n"
				 "Connection: close\r\n\r\n"),
		    many(f, 2 << 20);
	else if (strcmp(path, "/headers") == 0) {
		(void)fprintf(f, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
		for (i = 0; i < 100; i++)
			(void)fprintf(f, "X-%d: y\r\n", i);
		(void)fprintf(f, "\r\n");
	} else if (strcmp(path, "/cut") == 0)
		(void)fprintf(
		    f, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
	else if (strcmp(path, "/slow") == 0)
		(void)usleep(700000);
	else if (strcmp(path, "/junk") == 0)
		(void)fprintf(f, "220 I am no web server\r\n");
	(void)fflush(f);
}

/* Reads one request, with its body. */
static bool
read_request(FILE *f, struct buf *b)
{
	char line[8192];
	size_t body = 0;

	while (fgets(line, sizeof(line), f) != NULL) {
		buf_str(b, line);
		(void)sscanf(line, "Content-Length: %zu", &body);
		if (strcmp(line, "\r\n") != 0)
			continue;
		while (body-- != 0)
			buf_chr(b, (char)fgetc(f));
		return true;
	}
	return false;
}

static void
serve(int fd)
{
	struct arena *a = arena_new(65536, 16 << 20);
	char path[100];
	struct buf b;
	FILE *f;
	int c;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGCHLD, SIG_IGN);
	while ((c = accept(fd, NULL, NULL)) >= 0) {
		if (fork() != 0) {
			(void)close(c);
			continue;
		}
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		f = fdopen(c, "r+");
		buf_init(&b, a, 8192, 1 << 20);
		if (read_request(f, &b) &&
		    sscanf(buf_text(&b), "%*s %99s", path) == 1) {
			(void)fseek(f, 0, SEEK_CUR);
			answer(f, path, buf_text(&b));
		}
		(void)fclose(f);
		_exit(0);
	}
	_exit(0);
}

/* A server with a certificate that nobody signed. */
static void
serve_tls(int fd)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	X509 *x = X509_new();
	X509_NAME *name;
	SSL *ssl;
	int c;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), -60);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	(void)X509_set_pubkey(x, key);
	name = X509_get_subject_name(x);
	(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"127.0.0.1", -1, -1, 0);
	(void)X509_set_issuer_name(x, name);
	(void)X509_sign(x, key, EVP_sha256());
	(void)SSL_CTX_use_certificate(ctx, x);
	(void)SSL_CTX_use_PrivateKey(ctx, key);
	while ((c = accept(fd, NULL, NULL)) >= 0) {
		ssl = SSL_new(ctx);
		(void)SSL_set_fd(ssl, c);
		(void)SSL_accept(ssl);
		SSL_free(ssl);
		(void)close(c);
	}
	_exit(0);
}

static pid_t
start(void (*fn)(int), int *at)
{
	int fd = listen_on(at);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		fn(fd);
	(void)close(fd);
	return pid;
}

static const char *
url(const char *path)
{
	return arena_fmt(ta, "http://127.0.0.1:%d%s", port, path);
}

/* The breakers are closed again. */
static void
fresh(void)
{
	cx.deadline = 0;
	assert_int_equal(breaker_open(), RC_OK);
}

static enum rc
get(const char *where, struct http_answer *out)
{
	struct http_call call = {.method = "GET", .url = where};

	memset(out, 0, sizeof(*out));
	return http_do(&cx, &call, out);
}

/* ---- the tests */

static void
get_and_post(void **state)
{
	static const char *const headers[] = {
	    "X-Sign: abc", "Content-Type: application/json", NULL};
	struct http_call call = {.method = "POST",
	    .url = url("/echo"),
	    .headers = headers,
	    .body = SPAN_LIT("{\"a\":1}")};
	struct http_answer a;

	(void)state;
	assert_int_equal(get(url("/echo"), &a), RC_OK);
	assert_int_equal(a.status, 200);
	assert_true(str_starts(a.body.p, "GET /echo HTTP/1.1\r\n"));
	assert_non_null(strstr(a.body.p, "User-Agent: keystall\r\n"));
	assert_int_equal(a.body.p[a.body.n], 0);
	assert_string_equal(http_answer_header(&a, "x-one"), "1");
	assert_string_equal(http_answer_header(&a, "x-two"), "two words");
	assert_null(http_answer_header(&a, "x-on"));
	assert_null(http_answer_header(&a, "x-none"));

	assert_int_equal(http_do(&cx, &call, &a), RC_OK);
	assert_true(str_starts(a.body.p, "POST /echo HTTP/1.1\r\n"));
	assert_non_null(strstr(a.body.p, "X-Sign: abc\r\n"));
	assert_non_null(strstr(a.body.p, "Content-Length: 7\r\n"));
	assert_null(strstr(a.body.p, "Expect:"));
	assert_null(strstr(a.body.p, "x-www-form-urlencoded"));
	assert_true(str_ends(a.body.p, "\r\n\r\n{\"a\":1}"));
	/* An empty POST, and then a GET: nothing is left of the one before. */
	call.body = SPAN_LIT("");
	call.headers = NULL;
	assert_int_equal(http_do(&cx, &call, &a), RC_OK);
	assert_non_null(strstr(a.body.p, "Content-Length: 0\r\n"));
	assert_int_equal(get(url("/echo"), &a), RC_OK);
	assert_true(str_starts(a.body.p, "GET "));
	assert_null(strstr(a.body.p, "X-Sign"));
	call.method = "DELETE";
	assert_int_equal(http_do(&cx, &call, &a), RC_OK);
	assert_true(str_starts(a.body.p, "DELETE /echo "));
}

static void
any_status_is_an_answer(void **state)
{
	struct http_answer a;

	(void)state;
	assert_int_equal(get(url("/404"), &a), RC_OK);
	assert_int_equal(a.status, 404);
	assert_span(a.body, "gone");
	assert_int_equal(get(url("/redirect"), &a), RC_OK);
	assert_int_equal(a.status, 302); /* not followed */
	assert_int_equal(get(url("/empty"), &a), RC_OK);
	assert_int_equal(a.status, 204);
	assert_int_equal(a.body.n, 0);
	assert_int_equal(get(url("/early"), &a), RC_OK);
	assert_int_equal(a.status, 200);
	assert_null(http_answer_header(&a, "x-early"));
	assert_string_equal(http_answer_header(&a, "x-late"), "1");
}

static void
sizes(void **state)
{
	struct http_answer a;

	(void)state;
	assert_int_equal(get(url("/big"), &a), RC_OK);
	assert_int_equal(a.body.n, 1048576);
	assert_int_equal(get(url("/bigger"), &a), RC_FAIL);
	assert_null(a.body.p); /* untouched */
	assert_int_equal(get(url("/endless"), &a), RC_FAIL);
	assert_int_equal(get(url("/headers"), &a), RC_FAIL);
}

static void
no_answer(void **state)
{
	struct http_call call = {
	    .method = "POST", .url = url("/slow"), .timeout_ms = 300};
	int64_t start_us = time_mono_us();
	struct http_answer a;

	(void)state;
	fresh();
	assert_int_equal(http_do(&cx, &call, &a), RC_BUSY);
	assert_true(time_mono_us() - start_us < 20 * US_PER_S);
	/* The unit's own deadline is shorter than the call's. */
	start_us = time_mono_us();
	call.timeout_ms = 60000;
	cx.deadline = start_us + 200000;
	assert_int_equal(http_do(&cx, &call, &a), RC_BUSY);
	assert_true(time_mono_us() - start_us < 20 * US_PER_S);
	cx.deadline = 0;
	assert_int_equal(get("http://127.0.0.1:1/", &a), RC_BUSY);
	assert_int_equal(get("http://no-such-host.invalid/", &a), RC_BUSY);
}

/* Three times without an answer: no fourth call is made, whoever asks. */
static void
left_alone_for_a_while(void **state)
{
	struct http_call call = {
	    .method = "GET", .url = url("/slow"), .timeout_ms = 50};
	struct http_answer a;
	int i;

	(void)state;
	fresh();
	for (i = 0; i < BREAKER_TRIP; i++)
		assert_int_equal(http_do(&cx, &call, &a), RC_BUSY);
	assert_int_equal(
	    metric_value(METRIC_calls_refused_total, "breaker"), 0);
	assert_int_equal(get(url("/echo"), &a), RC_BUSY);
	assert_int_equal(
	    metric_value(METRIC_calls_refused_total, "breaker"), 1);
	assert_int_equal(metric_value(METRIC_breaker_state,
			     arena_fmt(ta, "127.0.0.1:%d", port)),
	    BREAKER_OPEN);
}

/* Where a visitor waits, a slot is needed; elsewhere it is not. */
static void
few_wait_at_a_time(void **state)
{
	int slot = slots_take(SLOTS_GATEWAY);
	struct http_answer a;

	(void)state;
	fresh();
	assert_int_equal(slot, 0);
	cx.deadline = time_mono_us() + 10 * US_PER_S;
	assert_int_equal(get(url("/echo"), &a), RC_BUSY);
	assert_int_equal(metric_value(METRIC_calls_refused_total, "slots"), 1);
	cx.deadline = 0;
	assert_int_equal(get(url("/echo"), &a), RC_OK);
	slots_give(SLOTS_GATEWAY, slot);
	cx.deadline = time_mono_us() + 10 * US_PER_S;
	assert_int_equal(get(url("/echo"), &a), RC_OK);
	/* and it was given back */
	assert_int_equal(slots_take(SLOTS_GATEWAY), 0);
	slots_give(SLOTS_GATEWAY, 0);
}

static void
broken_answers(void **state)
{
	struct http_answer a;

	(void)state;
	fresh();
	assert_int_equal(get(url("/cut"), &a), RC_BUSY);
	assert_int_equal(get(url("/junk"), &a), RC_FAIL);
	assert_int_equal(get(url("/nothing"), &a), RC_BUSY);
}

static void
bad_requests(void **state)
{
	static const char *const bad[] = {"file:///etc/passwd",
	    "ftp://127.0.0.1/", "gopher://127.0.0.1/", "scp://127.0.0.1/",
	    "http://", "http://user:pw@127.0.0.1/", "127.0.0.1",
	    "http://127.0.0.1/\r\nX: y", ""};
	static const char *const inject[] = {"X: a\r\nY: b", NULL};
	static const char *const bare[] = {"NoColon", NULL};
	struct http_call call = {
	    .method = "GET", .url = url("/echo"), .headers = inject};
	struct http_answer a;
	size_t i;

	(void)state;
	fresh();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(get(bad[i], &a), RC_DENIED);
	assert_int_equal(http_do(&cx, &call, &a), RC_FAIL);
	call.headers = bare;
	assert_int_equal(http_do(&cx, &call, &a), RC_FAIL);
}

/* Refused by address, whatever the name; nothing reaches the server. */
static void
private_networks(void **state)
{
	static const char *const host[] = {"127.0.0.1", "localhost", "[::1]",
	    "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]",
	    "169.254.169.254", "10.0.0.1", "192.168.1.1"};
	struct http_answer a;
	size_t i;

	(void)state;
	fresh();
	set->gateway_private_hosts = false;
	for (i = 0; i < sizeof(host) / sizeof(host[0]); i++) {
		/* a connection kept from before must not be used either */
		if (get(arena_fmt(ta, "http://%s:%d/echo", host[i], port),
			&a) != RC_DENIED)
			fail_msg("not refused: %s", host[i]);
	}
	set->gateway_private_hosts = true;
	assert_int_equal(get(url("/echo"), &a), RC_OK);
}

/* Webhooks have a rule of their own, and no connection of a gateway. */
static void
webhooks_are_judged_apart(void **state)
{
	struct http_call call = {.method = "POST",
	    .url = url("/echo"),
	    .body = SPAN_LIT("x"),
	    .webhook = true};
	struct http_answer a;

	(void)state;
	set->gateway_private_hosts = true;
	set->webhook_private_hosts = false;
	assert_int_equal(get(url("/echo"), &a), RC_OK); /* kept alive */
	assert_int_equal(http_do(&cx, &call, &a), RC_DENIED);
	set->webhook_private_hosts = true;
	assert_int_equal(http_do(&cx, &call, &a), RC_OK);
	set->gateway_private_hosts = false;
	assert_int_equal(http_do(&cx, &call, &a), RC_OK);
	call.body_max = 10; /* of the answer: the echo is longer */
	assert_int_equal(http_do(&cx, &call, &a), RC_FAIL);
	set->gateway_private_hosts = true;
	set->webhook_private_hosts = false;
	assert_int_equal(http_do(&cx, &call, &a), RC_DENIED);
}

static void
certificates_are_checked(void **state)
{
	struct http_call plain = {.method = "GET",
	    .url = arena_fmt(ta, "https://127.0.0.1:%d/", port),
	    .timeout_ms = 200};
	struct http_answer a;

	(void)state;
	fresh();
	assert_int_equal(
	    get(arena_fmt(ta, "https://127.0.0.1:%d/", tls_port), &a), RC_FAIL);
	/* not TLS at all */
	assert_int_equal(http_do(&cx, &plain, &a), RC_BUSY);
}

/* Nobody's environment sends our requests through a proxy (httpoxy). */
static void
no_proxy_of_the_environment(void **state)
{
	struct http_answer a;

	(void)state;
	fresh();
	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1/", 1), 0);
	assert_int_equal(setenv("ALL_PROXY", "http://127.0.0.1:1/", 1), 0);
	assert_int_equal(get(url("/echo"), &a), RC_OK);
	(void)unsetenv("http_proxy");
	(void)unsetenv("ALL_PROXY");
}

static enum rc
stand_in(struct ctx *c, const struct http_call *call, struct http_answer *out)
{
	(void)c;
	out->status = str_eq(call->method, "GET") ? 299 : 298;
	return RC_OK;
}

static void
in_a_transaction(void *arg)
{
	struct http_answer a;

	(void)arg;
	cx.tx_depth = 1;
	(void)!get(url("/echo"), &a);
}

static void
replaced_and_guarded(void **state)
{
	struct http_answer a;

	(void)state;
	http_replace(stand_in);
	assert_int_equal(get("anything", &a), RC_OK);
	assert_int_equal(a.status, 299);
	http_replace(NULL);
	assert_int_equal(get("anything", &a), RC_DENIED);
	assert_true(test_aborts(in_a_transaction, NULL));
}

static int
setup(void **state)
{
	(void)state;
	crypt_init();
	(void)signal(SIGPIPE, SIG_IGN);
	server = start(serve, &port);
	tls_server = start(serve_tls, &tls_port);
	keep = arena_new(64 * 1024, 8 << 20);
	set = ARENA_NEW(keep, struct settings);
	*set = *settings_defaults(keep);
	set->gateway_private_hosts = true;
	ctx_init(&cx, keep, set);
	ctx_begin(&cx, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)kill(server, SIGKILL);
	(void)kill(tls_server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	(void)waitpid(tls_server, NULL, 0);
	ctx_end(&cx);
	ctx_release(&cx);
	arena_free(keep);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(get_and_post),
	    TEST(any_status_is_an_answer),
	    TEST(sizes),
	    TEST(broken_answers),
	    TEST(no_answer),
	    TEST(left_alone_for_a_while),
	    TEST(few_wait_at_a_time),
	    TEST(bad_requests),
	    TEST(private_networks),
	    TEST(webhooks_are_judged_apart),
	    TEST(certificates_are_checked),
	    TEST(no_proxy_of_the_environment),
	    TEST(replaced_and_guarded),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
