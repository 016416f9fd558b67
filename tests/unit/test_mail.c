/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a message, the file transport, and SMTP against a small server
 * in a child of this test.  Python's own parser, where it is there, reads the
 * same message.
 */
#include "support/test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hex.h"
#include "base/time.h"
#include "io/crypt.h"
#include "io/mail.h"
#include "io/mail_text.h"

static struct settings *set;
static struct ctx cx;
static struct arena *keep;

static struct mail
mail(void)
{
	struct mail m = {.to = "buyer@example.com",
	    .subject = "Your order",
	    .text = "Hello\n.\nBye\n",
	    .message_id = "outbox-42"};

	return m;
}

static const char *
message(struct mail m)
{
	struct span text;

	assert_int_equal(mail_message(&cx, &m, &text), RC_OK);
	assert_false(span_has_nul(text));
	return arena_dup(ta, text.p, text.n);
}

/* ---- the bytes */

static void
plain_message(void **state)
{
	(void)state;
	assert_string_equal(message(mail()),
	    "Date: Sat, 31 Jan 2026 12:00:03 +0000\r\n"
	    "From: shop@example.org\r\n"
	    "To: buyer@example.com\r\n"
	    "Subject: Your order\r\n"
	    "Message-ID: <outbox-42@example.org>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "\r\n"
	    "SGVsbG8KLgpCeWUK\r\n");
}

/* Every line is short, ends in CRLF and is ASCII. */
static void
check_lines(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		assert_true((unsigned char)*s < 127);
		if (*s == '\r') {
			assert_int_equal(s[1], '\n');
			assert_true(n <= 76);
			n = 0;
			s++;
			continue;
		}
		assert_true(*s >= ' ');
		n++;
	}
	assert_int_equal(n, 0);
}

static void
two_bodies(void **state)
{
	struct mail m = mail();
	const char *s, *mark, *p;
	char *end;
	int n = 0;

	(void)state;
	m.html = "<p>\xe4\xbd\xa0\xe5\xa5\xbd</p>";
	s = message(m);
	check_lines(s);
	p = strstr(s, "boundary=\"");
	assert_non_null(p);
	mark = arena_str(ta, p + strlen("boundary=\""));
	end = strchr(mark, '"');
	assert_non_null(end);
	*end = '\0';
	for (p = s; (p = strstr(p, arena_fmt(ta, "--%s", mark))) != NULL; p++)
		n++;
	assert_int_equal(n, 3);
	assert_true(str_ends(s, arena_fmt(ta, "--%s--\r\n", mark)));
	assert_non_null(strstr(s, "Content-Type: text/html; charset=utf-8"));
	assert_non_null(strstr(s, "PHA+5L2g5aW9PC9wPg=="));
}

/* The subject again, from the encoded words. */
static const char *
decode_subject(const char *s)
{
	const char *p = strstr(s, "\r\nSubject: ") + strlen("\r\nSubject: ");
	struct buf out;
	struct span part;
	size_t n;

	buf_init(&out, ta, 64, 4096);
	while (str_starts(p, "=?UTF-8?B?")) {
		p += strlen("=?UTF-8?B?");
		n = strcspn(p, "?");
		assert_true(n + 12 <= 75); /* RFC 2047 section 2 */
		assert_int_equal(
		    b64_bytes(ta, (struct span){p, n}, &part), RC_OK);
		/* whole characters in each word, section 5 */
		assert_true((part.p[0] & 0xc0) != 0x80);
		buf_add(&out, part.p, part.n);
		p += n;
		assert_true(str_starts(p, "?="));
		p += 2;
		if (str_starts(p, "\r\n "))
			p += 3;
	}
	assert_true(str_starts(p, "\r\nMessage-ID: "));
	return buf_text(&out);
}

static void
subjects(void **state)
{
	struct mail m = mail();
	struct buf b;
	int i, n;

	(void)state;
	m.subject = "\xe6\x82\xa8\xe7\x9a\x84\xe8\xae\xa2\xe5\x8d\x95 42";
	assert_string_equal(decode_subject(message(m)), m.subject);
	m.subject = "looks like =?UTF-8?B?eA==?= one";
	assert_string_equal(decode_subject(message(m)), m.subject);
	for (n = 1; n < 120; n++) {
		buf_init(&b, ta, 64, 4096);
		for (i = 0; i < n; i++)
			buf_str(&b, i % 3 == 0   ? "\xf0\x9f\x98\x80"
				    : i % 3 == 1 ? "\xe5\xa5\xbd"
						 : "e");
		m.subject = buf_text(&b);
		check_lines(message(m));
		assert_string_equal(decode_subject(message(m)), m.subject);
	}
	buf_init(&b, ta, 64, 4096);
	for (i = 0; i < 67; i++)
		buf_chr(&b, 'a');
	m.subject = buf_text(&b);
	check_lines(message(m));
	assert_string_equal(decode_subject(message(m)), m.subject);
}

static void
python_agrees(void **state)
{
	struct mail m = mail();
	const char *file, *py;
	char out[400] = "";
	size_t n;
	FILE *f;

	(void)state;
	if (system("command -v python3 >/dev/null") != 0)
		return;
	m.subject = "\xe8\xae\xa2\xe5\x8d\x95 \xe2\x80\x9cVPN\xe2\x80\x9d "
		    "\xe5\xb7\xb2\xe5\x8f\x91\xe8\xb4\xa7 \xe2\x80\x94 your "
		    "order has been delivered, thank you";
	m.html = "<b>\xe4\xbd\xa0</b>";
	file = test_file("m.eml", message(m), 0600);
	py = test_file("p.py",
	    "import email, email.policy, sys\n"
	    "m = email.message_from_binary_file(open(sys.argv[1], 'rb'),"
	    " policy=email.policy.default)\n"
	    "sys.stdout.reconfigure(encoding='utf-8')\n"
	    "p, h = m.iter_parts()\n"
	    "print(m['subject'], m['to'], m['message-id'], len(m.defects),\n"
	    "  p.get_content(), h.get_content(), sep='|')\n",
	    0600);
	f = popen(arena_fmt(ta, "python3 %s %s", py, file), "r");
	assert_non_null(f);
	n = fread(out, 1, sizeof(out) - 1, f);
	out[n] = '\0';
	assert_int_equal(pclose(f), 0);
	assert_string_equal(
	    out, arena_fmt(ta,
		     "%s|buyer@example.com|<outbox-42@example.org>|0|%s|"
		     "%s\n",
		     m.subject, m.text, m.html));
}

/* ---- what is refused */

static void
injection(void **state)
{
	static const char *const to[] = {"", "x", "a@b\r\nBcc: c@d.e",
	    "a@b.c\nX: y", "a@b.c, d@e.f", "<a@b.c>", "a@b.c>", "a b@c.d",
	    "\"a\"@b.c", "a@b.c\r"};
	static const char *const subject[] = {
	    "x\r\nBcc: a@b.c", "x\ny", "x\ry", "", "\xff", "a\x7f"};
	static const char *const id[] = {
	    "", "a>b", "a b", "a\r\nX: y", "../../etc/x", "a/b"};
	struct mail m;
	size_t i;

	(void)state;
	set->mail_transport = "file";
	set->spool_dir = test_dir();
	for (i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		m = mail();
		m.to = to[i];
		assert_int_equal(mail_send(&cx, &m), RC_INVALID);
	}
	for (i = 0; i < sizeof(subject) / sizeof(subject[0]); i++) {
		m = mail();
		m.subject = subject[i];
		if (subject[i][0] != '\0')
			assert_int_equal(mail_send(&cx, &m), RC_INVALID);
	}
	for (i = 0; i < sizeof(id) / sizeof(id[0]); i++) {
		m = mail();
		m.message_id = id[i];
		assert_int_equal(mail_send(&cx, &m), RC_INVALID);
	}
	m = mail();
	set->mail_from = "shop@example.org\r\nX: y";
	assert_int_equal(mail_send(&cx, &m), RC_INVALID);
	set->mail_from = "";
	assert_int_equal(mail_send(&cx, &m), RC_INVALID);
	set->mail_transport = "off";
	assert_int_equal(mail_send(&cx, &m), RC_NOTFOUND);
}

/* ---- into a file */

static unsigned
files_in(const char *dir, char *last, size_t room)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	unsigned n = 0;

	if (d == NULL)
		return 0;
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(last, room, "%s", e->d_name);
		n++;
	}
	(void)closedir(d);
	return n;
}

static void
file_transport(void **state)
{
	const char *dir = arena_fmt(ta, "%s/mail", test_dir());
	struct mail m = mail();
	char name[256] = "", text[2000] = "";
	FILE *f;

	(void)state;
	set->mail_transport = "file";
	set->spool_dir = test_dir();
	assert_int_equal(mail_send(&cx, &m), RC_OK);
	assert_int_equal(files_in(dir, name, sizeof(name)), 1);
	assert_true(str_ends(name, "-outbox-42.eml"));
	f = fopen(arena_fmt(ta, "%s/%s", dir, name), "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	(void)fclose(f);
	assert_string_equal(text, message(m));
	/* Sent twice is seen twice. */
	cx.now++;
	assert_int_equal(mail_send(&cx, &m), RC_OK);
	assert_int_equal(files_in(dir, name, sizeof(name)), 2);
	set->spool_dir = "/nonexistent";
	assert_int_equal(mail_send(&cx, &m), RC_BUSY);
}

/* ---- by SMTP */

struct smtp {
	int fd, port;
	pid_t pid;
	const char *log; /* what the client said */
};

/* One connection after the other; rcpt is the answer to RCPT TO. */
static void
smtp_serve(int listen_fd, const char *log, const char *rcpt)
{
	char line[4096];
	FILE *in, *out = fopen(log, "w");
	bool data = false;
	int fd;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	while ((fd = accept(listen_fd, NULL, NULL)) >= 0) {
		in = fdopen(fd, "r");
		(void)dprintf(fd, "220 test\r\n");
		while (fgets(line, sizeof(line), in) != NULL) {
			(void)fputs(line, out);
			(void)fflush(out);
			if (data) {
				data = strcmp(line, ".\r\n") != 0;
				if (!data)
					(void)dprintf(fd, "250 queued\r\n");
			} else if (strncmp(line, "DATA", 4) == 0) {
				data = true;
				(void)dprintf(fd, "354 go\r\n");
			} else if (strncmp(line, "RCPT", 4) == 0) {
				(void)dprintf(fd, "%s\r\n", rcpt);
			} else if (strncmp(line, "QUIT", 4) == 0) {
				(void)dprintf(fd, "221 bye\r\n");
			} else {
				(void)dprintf(fd, "250 ok\r\n");
			}
		}
		(void)fclose(in);
	}
	_exit(0);
}

static struct smtp
smtp_start(const char *rcpt)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(at);
	static int count;
	struct smtp s;

	s.log = arena_fmt(ta, "%s/smtp%d.log", test_dir(), count++);
	s.fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s.fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(s.fd, 8), 0);
	assert_int_equal(getsockname(s.fd, (struct sockaddr *)&at, &n), 0);
	s.port = ntohs(at.sin_port);
	s.pid = fork();
	assert_true(s.pid >= 0);
	if (s.pid == 0)
		smtp_serve(s.fd, s.log, rcpt);
	set->mail_transport = "smtp";
	set->smtp_url = arena_fmt(keep, "smtp://127.0.0.1:%d", s.port);
	return s;
}

static const char *
smtp_end(struct smtp *s)
{
	char *p = arena_alloc(ta, 65536);
	FILE *f;

	(void)usleep(50000);
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, NULL, 0);
	(void)close(s->fd);
	f = fopen(s->log, "r");
	if (f == NULL)
		return "";
	p[fread(p, 1, 65535, f)] = '\0';
	(void)fclose(f);
	return p;
}

static void
smtp_transport(void **state)
{
	struct smtp s = smtp_start("250 ok");
	struct mail m = mail();
	const char *said;

	(void)state;
	assert_int_equal(mail_send(&cx, &m), RC_OK);
	assert_int_equal(mail_send(&cx, &m), RC_OK);
	said = smtp_end(&s);
	assert_non_null(strstr(said, "MAIL FROM:<shop@example.org>"));
	assert_non_null(strstr(said, "RCPT TO:<buyer@example.com>"));
	assert_non_null(strstr(said, arena_fmt(ta, "%s.\r\n", message(m))));
}

static void
smtp_refusals(void **state)
{
	struct mail m = mail();
	struct smtp s;

	(void)state;
	s = smtp_start("550 no such user");
	assert_int_equal(mail_send(&cx, &m), RC_INVALID);
	assert_null(strstr(smtp_end(&s), "DATA"));
	s = smtp_start("452 come back later");
	assert_int_equal(mail_send(&cx, &m), RC_BUSY);
	(void)smtp_end(&s);
	/* nobody there */
	assert_int_equal(mail_send(&cx, &m), RC_BUSY);
	set->smtp_url = "file:///etc/passwd";
	assert_int_equal(mail_send(&cx, &m), RC_BUSY);
}

/* With a password but no TLS: the password stays here. */
static void
no_password_in_clear(void **state)
{
	struct smtp s = smtp_start("250 ok");
	struct mail m = mail();
	const char *said;

	(void)state;
	set->smtp_user = "shop";
	set->smtp_password = "s3cret";
	assert_int_equal(mail_send(&cx, &m), RC_BUSY);
	said = smtp_end(&s);
	assert_null(strstr(said, "AUTH"));
	assert_null(strstr(said, "s3cret"));
	assert_null(strstr(said, "MAIL FROM"));
	set->smtp_user = set->smtp_password = "";
}

static void
in_a_transaction(void *arg)
{
	struct mail m = mail();

	(void)arg;
	cx.tx_depth = 1;
	(void)!mail_send(&cx, &m);
}

static void
never_in_a_transaction(void **state)
{
	(void)state;
	assert_true(test_aborts(in_a_transaction, NULL));
}

static int
each(void **state)
{
	(void)test_arena_setup(state);
	set->mail_from = "shop@example.org";
	ctx_begin(&cx, NULL);
	return 0;
}

static int
each_end(void **state)
{
	ctx_end(&cx);
	return test_arena_teardown(state);
}

#define MAIL_TEST(fn) cmocka_unit_test_setup_teardown(fn, each, each_end)

static int
setup(void **state)
{
	(void)state;
	crypt_init();
	(void)signal(SIGPIPE, SIG_IGN);
	time_set_us(INT64_C(1769860803) * US_PER_S);
	keep = arena_new(64 * 1024, 8 << 20);
	set = ARENA_NEW(keep, struct settings);
	*set = *settings_defaults(keep);
	ctx_init(&cx, keep, set);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ctx_release(&cx);
	arena_free(keep);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    MAIL_TEST(plain_message),
	    MAIL_TEST(two_bodies),
	    MAIL_TEST(subjects),
	    MAIL_TEST(python_agrees),
	    MAIL_TEST(injection),
	    MAIL_TEST(file_transport),
	    MAIL_TEST(smtp_transport),
	    MAIL_TEST(smtp_refusals),
	    MAIL_TEST(no_password_in_clear),
	    MAIL_TEST(never_in_a_transaction),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
