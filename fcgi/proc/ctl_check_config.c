/* SPDX-License-Identifier: Apache-2.0 */
/* keystallctl check-config: everything that a start or a reload would load,
 * without starting anything. */
#include "proc/ctl.h"

#include "io/crypt.h"
#include "web/web.h"

#include <stdio.h>

int
ctl_check_config(struct ctl *c, char **args)
{
	struct program *p = c->program;
	const struct keyring *keys;
	struct web *web;
	const char *why = "";

	if (ctl_count(args) != 0)
		return CTL_USAGE;
	if (web_open(p->keep, p->set, NULL, &web, &why) != RC_OK) {
		program_say(p, "%s", why);
		return CTL_BAD;
	}
	web_close(web);
	crypt_init();
	if (*p->set->key_file == '\0') {
		program_say(p, "%s: key_file is not set", p->config);
		return CTL_BAD;
	}
	if (keyring_load(p->keep, p->set->key_file, &keys, &why) != RC_OK) {
		program_say(p, "%s", why);
		return CTL_BAD;
	}
	puts("ok");
	return CTL_OK;
}
