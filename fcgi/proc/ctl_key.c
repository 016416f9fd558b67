/* SPDX-License-Identifier: Apache-2.0 */
/* keystallctl key: makes the key file, or a new card key in it.  Old card
 * keys stay, so that old cards can be read; new ones encrypt with the
 * newest.  Running workers know it after a restart. */
#include "proc/ctl.h"

#include "io/crypt.h"

#include <stdio.h>

int
ctl_key(struct ctl *c, char **args)
{
	const char *file = c->program->set->key_file, *why = "";
	enum rc rc;

	if (ctl_count(args) != 1)
		return CTL_USAGE;
	if (*file == '\0') {
		program_say(
		    c->program, "%s: key_file is not set", c->program->config);
		return CTL_BAD;
	}
	crypt_init();
	if (str_eq(args[0], "create"))
		rc = keyring_create(file, &why);
	else if (str_eq(args[0], "add-card"))
		rc = keyring_add_card_key(file, &why);
	else
		return CTL_USAGE;
	if (rc != RC_OK) {
		program_say(c->program, "%s: %s", file, why);
		return CTL_BAD;
	}
	printf("%s\n", file);
	return CTL_OK;
}
