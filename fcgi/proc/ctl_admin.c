/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keystallctl admin: accounts of the panel.
 *
 * A password comes on standard input (never in an argument: those show in
 * `ps`); at a terminal, or with nothing on standard input, one is made and
 * printed once.
 */
#include "proc/ctl.h"

#include "base/limits.h"
#include "shop/staff.h"
#include "shop/token.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One line of standard input, or a random password to show. */
static struct span
password(struct ctl *c, bool *made)
{
	char line[LIM_PASSWORD + 2] = "";
	uint8_t raw[TOKEN_RAW];
	size_t n;

	*made = false;
	if (!isatty(STDIN_FILENO) && fgets(line, sizeof(line), stdin) != NULL) {
		n = strcspn(line, "\r\n");
		if (n != 0)
			return (struct span){
			    arena_dup(c->cx->arena, line, n), n};
	}
	*made = true;
	token_random(raw);
	/* 24 characters of base64url: 144 bits */
	return (struct span){token_text(c->cx, raw), 24};
}

static void
show(bool made, struct span pw)
{
	if (made)
		printf("%.*s\n", (int)pw.n, pw.p);
}

static int
create(struct ctl *c, const char *name, const char *role)
{
	const char *why = "";
	bool made;
	struct span pw = password(c, &made);
	enum rc rc = staff_create(c->cx, name, pw, role, &why);

	if (rc == RC_INVALID && *why != '\0') {
		program_say(c->program, "%s: %s", name, why);
		return CTL_BAD;
	}
	if (rc != RC_OK)
		return ctl_fail(c, rc, name);
	show(made, pw);
	return CTL_OK;
}

static int
reset_password(struct ctl *c, const char *name)
{
	bool made;
	struct span pw = password(c, &made);
	enum rc rc = staff_reset_password(c->cx, name, pw);

	if (rc != RC_OK)
		return ctl_fail(c, rc, name);
	show(made, pw);
	return CTL_OK;
}

int
ctl_admin(struct ctl *c, char **args)
{
	bool bad;
	const char *role = ctl_option(args, "--role", &bad);
	enum rc rc;

	if (bad || ctl_count(args) != 2)
		return CTL_USAGE;
	if (role == NULL)
		role = "owner";
	if (str_eq(args[0], "create"))
		return create(c, args[1], role);
	if (str_eq(args[0], "reset-password"))
		return reset_password(c, args[1]);
	if (!str_eq(args[0], "reset-2fa"))
		return CTL_USAGE;
	rc = staff_reset_totp(c->cx, args[1]);
	return rc == RC_OK ? CTL_OK : ctl_fail(c, rc, args[1]);
}
