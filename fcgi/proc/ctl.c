/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of sub-commands (ctl.h) and what they share.
 *
 * Output for people and scripts goes to standard output, complaints to
 * standard error; 0 is success.  As root with `user` set the tool becomes
 * that user first, so that files it makes belong to the shop.
 */
#include "proc/ctl.h"

#include "base/log.h"
#include "proc/privs.h"

#include <stdio.h>
#include <string.h>

enum need { NEED_NOTHING, NEED_SETTINGS, NEED_KEYS };

/* clang-format off */
static const struct row {
	const char *name;
	enum need need;
	ctl_fn fn;
	const char *usage, *text;
} rows[] = {
	{ "migrate",      NEED_KEYS,     ctl_migrate,      "migrate [--status]", "bring the database to this version's schema" },
	{ "check-config", NEED_SETTINGS, ctl_check_config, "check-config", "settings, templates, keys and static files load" },
	{ "settings",     NEED_NOTHING,  ctl_settings,     "settings [--example]", "the settings in force, or the commented example" },
	{ "routes",       NEED_SETTINGS, ctl_routes,       "routes", "every route with its guards" },
	{ "verify",       NEED_KEYS,     ctl_verify,       "verify [--json] [--anchor FILE]", "prove the invariants on the live shop, read-only; FILE keeps where the audit log stood" },
	{ "doctor",       NEED_KEYS,     ctl_doctor,       "doctor", "look for weak or wrong settings around the shop" },
	{ "admin",        NEED_KEYS,     ctl_admin,        "admin create|reset-password|reset-2fa NAME [--role owner|staff]", "accounts of the panel; a password is read from standard input, or made and printed once" },
	{ "channel",      NEED_KEYS,     ctl_channel,      "channel list | set NAME FILE.hdf | test NAME", "accounts at gateways" },
	{ "cards",        NEED_KEYS,     ctl_cards,        "cards import --sku CODE [--batch NAME] FILE", "load cards into stock" },
	{ "seed",         NEED_KEYS,     ctl_seed,         "seed demo", "the demo shop: goods, texts, keys; what is there stays" },
	{ "key",          NEED_SETTINGS, ctl_key,          "key create | add-card | reseal [--batch N] [--pause MS] | retire ID", "make the key file, or a new card key in it; seal all cards under the newest; take a card key out that none needs" },
	{ "version",      NEED_NOTHING,  ctl_version,      "version [--build]", "what this is" },
};
/* clang-format on */

size_t
ctl_count(char **args)
{
	size_t n = 0;

	while (args[n] != NULL)
		n++;
	return n;
}

static void
take_out(char **args, size_t at, size_t n)
{
	memmove(args + at, args + at + n,
	    (ctl_count(args + at + n) + 1) * sizeof(*args));
}

const char *
ctl_option(char **args, const char *name, bool *bad)
{
	const char *value;
	size_t i;

	*bad = false;
	for (i = 0; args[i] != NULL; i++) {
		if (!str_eq(args[i], name))
			continue;
		value = args[i + 1];
		if (value == NULL) {
			*bad = true;
			return NULL;
		}
		take_out(args, i, 2);
		return value;
	}
	return NULL;
}

bool
ctl_flag(char **args, const char *name)
{
	size_t i;

	for (i = 0; args[i] != NULL; i++) {
		if (!str_eq(args[i], name))
			continue;
		take_out(args, i, 1);
		return true;
	}
	return false;
}

int
ctl_fail(const struct ctl *c, enum rc rc, const char *what)
{
	static const char *const why[RC__N] = {[RC_OK] = "done",
	    [RC_NOTFOUND] = "not found",
	    [RC_INVALID] = "not valid",
	    [RC_DENIED] = "not allowed",
	    [RC_CONFLICT] = "is there already, or has changed",
	    [RC_BUSY] = "no answer, try again",
	    [RC_FAIL] = "failed; the log says more"};

	program_say(c->program, "%s: %s", what, why[rc]);
	return CTL_BAD;
}

static void
usage(FILE *out)
{
	size_t i;

	fprintf(out, "usage: keystallctl [-c FILE] COMMAND ...\n\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fprintf(out, "  %s\n        %s\n", rows[i].usage, rows[i].text);
}

/* With keys there is a context: one unit of work per call. */
static int
call(const struct row *r, struct program *p, char **args)
{
	struct ctl c = {.program = p};
	struct ctx cx;
	int code;

	if (r->need == NEED_KEYS) {
		program_ctx(p, &cx);
		ctx_begin(&cx, NULL);
		c.cx = &cx;
	}
	code = r->fn(&c, args);
	if (code == CTL_USAGE)
		fprintf(stderr, "usage: keystallctl [-c FILE] %s\n", r->usage);
	if (fflush(stdout) != 0 || ferror(stdout))
		code = CTL_BAD;
	if (c.cx != NULL) {
		ctx_end(&cx);
		ctx_release(&cx);
	}
	return code;
}

static enum rc
prepare(const struct row *r, struct program *p)
{
	const char *why = "";

	if (r->need == NEED_NOTHING)
		return RC_OK;
	if (settings_load(p->keep, p->config, &p->set, &why) != RC_OK)
		return program_say(p, "%s", why);
	if (geteuid() == 0 && *p->set->user != '\0' && privs_drop(p) != RC_OK)
		return RC_INVALID;
	/* people read standard error, so the log of this run goes there and
	 * holds only what is wrong */
	log_program(p->log_name);
	if (log_open(NULL, LOG_WARN) != RC_OK)
		return RC_INVALID;
	return r->need == NEED_KEYS ? program_keys(p) : RC_OK;
}

static int
run(struct program *p)
{
	const char *name = p->args[0];
	size_t i;

	if (name == NULL) {
		usage(stderr);
		return CTL_USAGE;
	}
	if (str_eq(name, "help")) {
		usage(stdout);
		return CTL_OK;
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!str_eq(name, rows[i].name))
			continue;
		if (prepare(&rows[i], p) != RC_OK)
			return START_BAD;
		privs_harden();
		return call(&rows[i], p, p->args + 1);
	}
	program_say(p, "no such command: %s", name);
	usage(stderr);
	return CTL_USAGE;
}

int
ctl_main(int argc, char **argv)
{
	struct program p = {.name = "keystallctl", .log_name = "ctl"};
	int code = CTL_USAGE;

	if (program_options(&p, argc, argv) == RC_OK)
		code = run(&p);
	program_end(&p);
	return code;
}
