/* SPDX-License-Identifier: Apache-2.0 */
/* keystallctl migrate: brings the database to this version's schema; with
 * --status only says what is due (exit 1). */
#include "proc/ctl.h"

#include "shop/migrate.h"

#include <stdio.h>

static int
status(struct ctl *c)
{
	struct migrate_result r = {0};
	enum rc rc = migrate_check(c->cx, &r);

	if (rc == RC_OK) {
		printf("schema %u, nothing to do\n", r.to);
		return CTL_OK;
	}
	if (r.why == NULL)
		return ctl_fail(c, rc, "migrate");
	if (rc == RC_NOTFOUND)
		printf("%s\n", r.why);
	else
		program_say(c->program, "%s", r.why);
	return CTL_BAD;
}

int
ctl_migrate(struct ctl *c, char **args)
{
	struct migrate_result r = {0};
	bool only_look = ctl_flag(args, "--status");
	enum rc rc;

	if (ctl_count(args) != 0)
		return CTL_USAGE;
	if (only_look)
		return status(c);
	rc = migrate_run(c->cx, &r);
	if (rc != RC_OK && r.why != NULL) {
		program_say(c->program, "%s", r.why);
		return CTL_BAD;
	}
	if (rc != RC_OK)
		return ctl_fail(c, rc, "migrate");
	if (r.statements == 0)
		printf("schema %u, nothing to do\n", r.to);
	else
		printf("schema %u -> %u, %u statements\n", r.from, r.to,
		    r.statements);
	return CTL_OK;
}
