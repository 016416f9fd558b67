/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keystallctl key: the key file, and the way from one card key to the next.
 *
 *   create    makes the file
 *   add-card  a new card key, for processes that start from then on
 *   reseal    from then on for all, and for the cards that are there, while
 *             the shop is open
 *   retire    the old key leaves the file
 *
 * Running workers take up a new key with the first card that they meet under
 * it.
 */
#include "proc/ctl.h"

#include "base/num.h"
#include "io/crypt.h"
#include "shop/reseal.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

enum {
	BATCH = 64,
	BATCH_MAX = 1000,
	PAUSE_MS = 20,
	PAUSE_MS_MAX = 60 * 1000,
	TRIES = 5,
	BUSY_MS = 200
};

static volatile sig_atomic_t stop;

static void
on_stop(int sig)
{
	(void)sig;
	stop = 1;
}

/* A part under way is brought to its end first. */
static void
watch_signals(void)
{
	struct sigaction sa = {.sa_handler = on_stop, .sa_flags = SA_RESTART};

	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
}

static void
pause_ms(unsigned ms)
{
	const struct timespec t = {
	    (time_t)(ms / 1000), (long)(ms % 1000) * 1000000};

	if (stop == 0)
		(void)nanosleep(&t, NULL);
}

/* ---- keys and context, which the row of ctl.c does not ask for */

typedef int (*with_keys)(struct ctl *c, char **args);

static int
have_keys(struct ctl *c, with_keys fn, char **args)
{
	struct ctx cx;
	int code;

	if (program_keys(c->program) != RC_OK)
		return START_BAD;
	program_ctx(c->program, &cx);
	ctx_begin(&cx, NULL);
	c->cx = &cx;
	code = fn(c, args);
	ctx_end(&cx);
	ctx_release(&cx);
	c->cx = NULL;
	return code;
}

static bool
number_option(char **args, const char *name, unsigned max, unsigned *out)
{
	bool bad;
	const char *text = ctl_option(args, name, &bad);
	uint64_t n;

	if (text == NULL)
		return !bad;
	if (num_u64(span_str(text), max, &n) != RC_OK)
		return false;
	*out = (unsigned)n;
	return true;
}

/* ---- reseal */

/* One part; a buyer's lock or a server that is gone for a moment is waited
 * for. */
static enum rc
part(struct ctl *c, struct reseal *r, unsigned batch, bool *more)
{
	enum rc rc = RC_BUSY;
	unsigned i;

	for (i = 0; rc == RC_BUSY && i < TRIES && stop == 0; i++) {
		if (i > 0)
			pause_ms(BUSY_MS);
		rc = reseal_some(c->cx, r, batch, more);
	}
	return rc;
}

static int
report(struct ctl *c, const struct reseal *r, bool stopped)
{
	uint64_t left;
	enum rc rc;

	printf("key %" PRIu32 "\nresealed %" PRIu64 "\nmoved %" PRIu64
	       "\nbroken %" PRIu64 "\n",
	    r->key, r->done, r->moved, r->broken);
	if (stopped) {
		program_say(c->program, "stopped; start it again to go on");
		return CTL_BAD;
	}
	rc = reseal_left(c->cx, r, &left);
	if (rc != RC_OK)
		return ctl_fail(c, rc, "reseal");
	printf("left %" PRIu64 "\n", left);
	if (left == 0)
		return CTL_OK;
	program_say(
	    c->program, "%" PRIu64 " cards are under an older key", left);
	return CTL_BAD;
}

static int
reseal(struct ctl *c, char **args)
{
	unsigned batch = BATCH, pause = PAUSE_MS;
	bool more = true;
	struct reseal r;
	enum rc rc, end;

	if (!number_option(args, "--batch", BATCH_MAX, &batch) || batch == 0 ||
	    !number_option(args, "--pause", PAUSE_MS_MAX, &pause) ||
	    ctl_count(args) != 1)
		return CTL_USAGE;
	watch_signals();
	rc = reseal_begin(c->cx, &r);
	if (rc != RC_OK)
		return ctl_fail(c, rc, "reseal");
	while (rc == RC_OK && more && stop == 0) {
		rc = part(c, &r, batch, &more);
		if (rc == RC_OK && more)
			pause_ms(pause);
	}
	end = reseal_end(c->cx, &r, more);
	if (stop != 0 && rc == RC_BUSY)
		rc = RC_OK;
	if (rc == RC_OK)
		rc = end;
	return rc == RC_OK ? report(c, &r, more) : ctl_fail(c, rc, "reseal");
}

/* ---- retire */

static int
retire(struct ctl *c, char **args)
{
	const char *file = c->program->set->key_file, *why = "";
	uint64_t id, n = 0;
	enum rc rc;

	if (ctl_count(args) != 2 ||
	    num_u64(span_str(args[1]), UINT32_MAX, &id) != RC_OK)
		return CTL_USAGE;
	if (!keyring_has_card_key(c->cx->keys, (uint32_t)id)) {
		program_say(c->program, "%s: no card key %" PRIu64, file, id);
		return CTL_BAD;
	}
	if (keyring_card_key_id(c->cx->keys) == id) {
		program_say(c->program,
		    "%s: card key %" PRIu64
		    " is the newest: `key add-card`, then `key reseal`",
		    file, id);
		return CTL_BAD;
	}
	rc = retire_check(c->cx, (uint32_t)id, &n);
	if (rc == RC_CONFLICT && n != 0) {
		program_say(c->program,
		    "%" PRIu64 " cards are sealed under card key %" PRIu64
		    ": `keystallctl key reseal` first",
		    n, id);
		return CTL_BAD;
	}
	if (rc != RC_OK)
		return ctl_fail(c, rc, "retire");
	if (keyring_drop_card_key(file, (uint32_t)id, &why) != RC_OK) {
		program_say(c->program, "%s: %s", file, why);
		return CTL_BAD;
	}
	printf("%s\n", file);
	return CTL_OK;
}

/* ---- the file alone */

static int
make(struct ctl *c, bool new_file)
{
	const char *file = c->program->set->key_file, *why = "";
	enum rc rc;

	crypt_init();
	rc = new_file ? keyring_create(file, &why)
		      : keyring_add_card_key(file, &why);
	if (rc != RC_OK) {
		program_say(c->program, "%s: %s", file, why);
		return CTL_BAD;
	}
	printf("%s\n", file);
	return CTL_OK;
}

int
ctl_key(struct ctl *c, char **args)
{
	if (ctl_count(args) == 0)
		return CTL_USAGE;
	if (*c->program->set->key_file == '\0') {
		program_say(
		    c->program, "%s: key_file is not set", c->program->config);
		return CTL_BAD;
	}
	if (str_eq(args[0], "reseal"))
		return have_keys(c, reseal, args);
	if (str_eq(args[0], "retire"))
		return have_keys(c, retire, args);
	if (ctl_count(args) != 1 ||
	    (!str_eq(args[0], "create") && !str_eq(args[0], "add-card")))
		return CTL_USAGE;
	return make(c, str_eq(args[0], "create"));
}
