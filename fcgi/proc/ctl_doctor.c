/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keystallctl doctor: looks around the shop and says in one line each what is
 * fine, what is weak and what is wrong; exit 1 when something is wrong.
 *
 * Here: the settings, files and sockets of this machine.  What stands behind
 * the shop is looked at in shop/doctor.c.
 */
#include "proc/ctl.h"

#include "base/str.h"
#include "shop/doctor.h"
#include "web/web.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OTHERS = 07 };

static void
look_site(struct ctx *cx, findings *f)
{
	const struct settings *s = cx->set;

	if (!str_starts(s->site_url, "https://"))
		finding_add(cx, f, FINDING_WARN, "site",
		    "site_url is %s: without HTTPS anybody on the way reads "
		    "the cards",
		    s->site_url);
	if (str_eq(s->cookie_secure, "off"))
		finding_add(cx, f, FINDING_WARN, "site",
		    "cookie_secure is off: cookies travel in the clear");
	if (str_eq(s->admin_prefix, "/admin"))
		finding_add(cx, f, FINDING_NOTE, "site",
		    "admin_prefix is the usual one");
	if (s->gateway_private_hosts)
		finding_add(cx, f, FINDING_WARN, "site",
		    "gateway_private_hosts is on: for tests and a gateway of "
		    "your own only");
	if (str_eq(s->mail_transport, "off"))
		finding_add(cx, f, FINDING_WARN, "mail",
		    "mail_transport is off: buyers get no link to their "
		    "order");
	if (*s->db_socket == '\0' && str_eq(s->db_tls, "off") &&
	    !str_eq(s->db_host, "127.0.0.1") && !str_eq(s->db_host, "::1"))
		finding_add(cx, f, FINDING_WARN, "database",
		    "db_tls is off and the server is elsewhere: passwords "
		    "and orders travel in the clear");
}

static void
look_private(struct ctx *cx, findings *f, const char *what, const char *path)
{
	struct stat st;

	if (*path == '\0')
		return;
	if (stat(path, &st) != 0) {
		finding_add(
		    cx, f, FINDING_WARN, what, "%s: %s", path, strerror(errno));
		return;
	}
	if ((st.st_mode & OTHERS) != 0)
		finding_add(cx, f, FINDING_WARN, what,
		    "%s can be read or written by everybody (mode %04o)", path,
		    (unsigned)st.st_mode & 07777);
	else
		finding_add(cx, f, FINDING_OK, what, "%s", path);
}

static void
look_files(struct ctx *cx, findings *f)
{
	const struct settings *s = cx->set;

	look_private(cx, f, "settings", s->file);
	look_private(cx, f, "keys", s->key_file);
	look_private(cx, f, "log", s->log_file);
	look_private(cx, f, "socket", s->listen);
	look_private(cx, f, "spool", s->spool_dir);
	if (*s->spool_dir == '\0')
		finding_add(
		    cx, f, FINDING_WARN, "spool", "spool_dir is not set");
	else if (access(s->spool_dir, W_OK) != 0)
		finding_add(cx, f, FINDING_BAD, "spool", "%s: %s", s->spool_dir,
		    strerror(errno));
}

/* Whoever can write a template runs code as the shop. */
static void
look_templates(struct ctl *c, findings *f)
{
	struct ctx *cx = c->cx;
	const struct settings *s = cx->set;
	struct web *web;
	const char *why = "";

	if (web_open(cx->arena, s, NULL, &web, &why) != RC_OK) {
		finding_add(cx, f, FINDING_BAD, "templates", "%s", why);
		return;
	}
	web_close(web);
	if (access(s->templates_dir, W_OK) == 0)
		finding_add(cx, f, FINDING_NOTE, "templates",
		    "%s can be written by the shop's own user: better it "
		    "cannot",
		    s->templates_dir);
	else
		finding_add(
		    cx, f, FINDING_OK, "templates", "%s", s->templates_dir);
}

int
ctl_doctor(struct ctl *c, char **args)
{
	static const char *const level[] = {[FINDING_OK] = "ok  ",
	    [FINDING_NOTE] = "note",
	    [FINDING_WARN] = "WARN",
	    [FINDING_BAD] = "BAD "};
	findings f = {0};
	bool bad = false;
	size_t i;

	if (ctl_count(args) != 0)
		return CTL_USAGE;
	look_site(c->cx, &f);
	look_files(c->cx, &f);
	look_templates(c, &f);
	doctor_look(c->cx, &f);
	for (i = 0; i < f.n; i++) {
		printf("%s %-10s %s\n", level[f.v[i].level], f.v[i].what,
		    f.v[i].text);
		bad = bad || f.v[i].level == FINDING_BAD;
	}
	return bad ? CTL_BAD : CTL_OK;
}
