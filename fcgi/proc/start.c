/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The common beginning of the programs (start.h).
 *
 * Order matters: a socket may need root; keys and log belong to the user that
 * root becomes.
 */
#include "proc/start.h"

#include "base/bug.h"
#include "base/log.h"
#include "io/cache.h"
#include "io/crypt.h"
#include "io/db.h"
#include "shop/start.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

enum { KEEP_BLOCK = 64 * 1024, KEEP_MAX = 64 * 1024 * 1024 };

enum rc
program_say(const struct program *p, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", p->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return RC_INVALID;
}

enum rc
program_options(struct program *p, int argc, char **argv)
{
	int i;

	p->config = KS_CONF_FILE;
	p->keep = arena_new(KEEP_BLOCK, KEEP_MAX);
	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (str_eq(argv[i], "-c") && i + 1 < argc)
			p->config = argv[++i];
		else if (str_eq(argv[i], "--once"))
			p->once = true;
		else
			return program_say(p, "unknown option %s", argv[i]);
	}
	p->args = argv + i;
	return RC_OK;
}

enum rc
program_start(struct program *p, int argc, char **argv)
{
	const char *why = "";
	enum rc rc = program_options(p, argc, argv);

	if (rc != RC_OK)
		return rc;
	rc = settings_load(p->keep, p->config, &p->set, &why);
	if (rc != RC_OK)
		return program_say(p, "%s", why);
	return RC_OK;
}

void
program_hold_hup(void)
{
	sigset_t hup;

	sigemptyset(&hup);
	sigaddset(&hup, SIGHUP);
	BUG_ON(sigprocmask(SIG_BLOCK, &hup, NULL) != 0);
}

static enum log_level
level_of(const char *name)
{
	return str_eq(name, "debug")   ? LOG_DEBUG
	       : str_eq(name, "warn")  ? LOG_WARN
	       : str_eq(name, "error") ? LOG_ERROR
				       : LOG_INFO;
}

enum rc
program_log(struct program *p)
{
	const char *file = p->set->log_file;

	log_program(p->log_name);
	if (log_open(*file == '\0' ? NULL : file,
		level_of(p->set->log_level)) != RC_OK)
		return program_say(p, "cannot write the log %s", file);
	return RC_OK;
}

enum rc
program_keys(struct program *p)
{
	const char *why = "";

	crypt_init();
	shop_start();
	if (*p->set->key_file == '\0')
		return program_say(p,
		    "%s: key_file is not set; `keystallctl key create` makes "
		    "one",
		    p->config);
	if (keyring_load(p->keep, p->set->key_file, &p->keys, &why) != RC_OK)
		return program_say(p, "%s", why);
	return RC_OK;
}

void
program_ctx(const struct program *p, struct ctx *cx)
{
	crypt_child();
	ctx_init(cx, p->keep, p->set);
	cx->keys = p->keys;
	cx->db = db_new(cx);
	cx->cache = cache_new(cx);
}

void
program_end(struct program *p)
{
	if (p->keep != NULL)
		arena_free(p->keep);
}
