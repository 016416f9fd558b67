/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mail, by SMTP (libcurl) or into a file.
 *
 * What stands in a header is checked before anything is built, so no value
 * can begin a header of its own.  A password never goes over a line that is
 * not encrypted and whose other end is not who it should be; without one,
 * encryption is taken where the relay offers it.
 */
#include "io/mail.h"
#include "io/mail_text.h"

#include "base/bug.h"
#include "base/email.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>

enum { SUBJECT_MAX = 300, CONNECT_MS = 5000, TIMEOUT_MS = 30000 };

/* Each of these will stand in a header. */
static bool
mail_ok(const struct ctx *cx, const struct mail *m)
{
	const char *bad = NULL;

	if (!mail_address_ok(m->to))
		bad = "to";
	else if (!mail_address_ok(cx->set->mail_from))
		bad = "mail_from";
	else if (!utf8_line(span_str(m->subject), SUBJECT_MAX))
		bad = "subject";
	else if (!str_is_token(m->message_id, "._-", 100))
		bad = "message_id";
	if (bad != NULL)
		log_event(LOG_WARN, "mail_refused", LF_STR("because_of", bad));
	return bad == NULL;
}

/* ---- SMTP */

static size_t
give(char *p, size_t one, size_t n, void *arg)
{
	struct span *left = arg;

	n = one * n < left->n ? one * n : left->n;
	memcpy(p, left->p, n);
	left->p += n;
	left->n -= n;
	return n;
}

static CURLcode
set_login(CURL *c, const struct settings *set)
{
	bool tls = str_starts(set->smtp_url, "smtps://");
	bool login = !str_empty(set->smtp_user);
	CURLcode bad;

	bad = curl_easy_setopt(c, CURLOPT_USE_SSL,
	    (long)(login ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	/* Opportunistic TLS with whoever answers is no worse than none. */
	if (bad == CURLE_OK && !tls && !login)
		bad = curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	if (bad == CURLE_OK && !tls && !login)
		bad = curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	if (bad == CURLE_OK && login)
		bad = curl_easy_setopt(c, CURLOPT_USERNAME, set->smtp_user);
	if (bad == CURLE_OK && login)
		bad = curl_easy_setopt(c, CURLOPT_PASSWORD, set->smtp_password);
	return bad;
}

static CURLcode
set_envelope(
    CURL *c, struct ctx *cx, const struct curl_slist *to, struct span *text)
{
	const struct {
		CURLoption what;
		const void *value;
	} rule[] = {
	    {CURLOPT_URL, cx->set->smtp_url},
	    {CURLOPT_PROTOCOLS_STR, "smtp,smtps"},
	    {CURLOPT_PROXY, ""},
	    {CURLOPT_MAIL_FROM,
		arena_fmt(cx->arena, "<%s>", cx->set->mail_from)},
	    {CURLOPT_MAIL_RCPT, to},
	    {CURLOPT_READDATA, text},
	};
	CURLcode bad = CURLE_OK;
	size_t i;

	for (i = 0; i < sizeof(rule) / sizeof(rule[0]); i++)
		if (bad == CURLE_OK)
			bad = curl_easy_setopt(c, rule[i].what, rule[i].value);
	return bad;
}

static CURLcode
send_with(
    CURL *c, struct ctx *cx, const struct curl_slist *to, struct span text)
{
	CURLcode bad;

	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	(void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
	(void)curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	bad = set_envelope(c, cx, to, &text);
	if (bad == CURLE_OK)
		bad = set_login(c, cx->set);
	return bad == CURLE_OK ? curl_easy_perform(c) : bad;
}

/* 5xx to sender or recipient will be 5xx tomorrow; a refused login, a full
 * disk or no answer will not. */
static enum rc
rc_of(CURLcode bad, long code)
{
	if (bad == CURLE_OK)
		return RC_OK;
	if (bad != CURLE_LOGIN_DENIED && code >= 550 && code <= 559)
		return RC_INVALID;
	return RC_BUSY;
}

static enum rc
send_smtp(struct ctx *cx, const struct mail *m, struct span text)
{
	struct curl_slist *to;
	CURLcode bad;
	long code = 0;
	enum rc rc;
	CURL *c;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		BUG("libcurl does not start");
	c = curl_easy_init();
	to = curl_slist_append(NULL, arena_fmt(cx->arena, "<%s>", m->to));
	if (c == NULL || to == NULL)
		no_memory(0);
	bad = send_with(c, cx, to, text);
	(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
	rc = rc_of(bad, code);
	if (rc != RC_OK)
		log_event(LOG_WARN, "mail_not_sent",
		    LF_STR("why", curl_easy_strerror(bad)),
		    LF_INT("code", code), LF_STR("rc", rc_name(rc)));
	curl_slist_free_all(to);
	curl_easy_cleanup(c);
	return rc;
}

/* ---- a file a message */

static int
write_file(const char *file, struct span text)
{
	int fd, bad = 0;
	ssize_t n;

	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	while (bad == 0 && text.n != 0) {
		n = write(fd, text.p, text.n);
		if (n < 0 && errno != EINTR)
			bad = errno;
		if (n > 0) {
			text.p += n;
			text.n -= (size_t)n;
		}
	}
	if (close(fd) != 0 && bad == 0)
		bad = errno;
	return bad;
}

/* The name has the time in it: two mails of one message are two files. */
static enum rc
send_file(struct ctx *cx, const struct mail *m, struct span text)
{
	const char *dir = arena_fmt(cx->arena, "%s/mail", cx->set->spool_dir);
	const char *file = arena_fmt(
	    cx->arena, "%s/%" PRId64 "-%s.eml", dir, cx->now, m->message_id);
	const char *fresh = arena_fmt(cx->arena, "%s.new", file);
	int bad = 0;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		bad = errno;
	if (bad == 0)
		bad = write_file(fresh, text);
	if (bad == 0 && rename(fresh, file) != 0)
		bad = errno;
	if (bad == 0)
		return RC_OK;
	(void)unlink(fresh);
	log_event(LOG_WARN, "mail_not_sent", LF_STR("why", strerror(bad)));
	return RC_BUSY;
}

bool
mail_on(const struct ctx *cx)
{
	return !str_eq(cx->set->mail_transport, "off");
}

enum rc
mail_send(struct ctx *cx, const struct mail *m)
{
	const char *transport = cx->set->mail_transport;
	struct span text;

	BUG_ON(cx->tx_depth != 0);
	if (!mail_on(cx))
		return RC_NOTFOUND;
	if (!mail_ok(cx, m) || mail_message(cx, m, &text) != RC_OK)
		return RC_INVALID;
	if (str_eq(transport, "file"))
		return send_file(cx, m, text);
	return send_smtp(cx, m, text);
}
