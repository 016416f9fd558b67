/* SPDX-License-Identifier: Apache-2.0 */
/* keystallctl settings, routes and version: what is built in, for people. */
#include "proc/ctl.h"

#include "web/web.h"

#include <stdio.h>

int
ctl_settings(struct ctl *c, char **args)
{
	const char *why = "";

	if (ctl_flag(args, "--example")) {
		settings_print_example(stdout);
		return CTL_OK;
	}
	if (ctl_count(args) != 0)
		return CTL_USAGE;
	if (settings_load(c->program->keep, c->program->config,
		&c->program->set, &why) != RC_OK) {
		program_say(c->program, "%s", why);
		return CTL_BAD;
	}
	settings_print(stdout, c->program->set);
	return CTL_OK;
}

int
ctl_routes(struct ctl *c, char **args)
{
	if (ctl_count(args) != 0)
		return CTL_USAGE;
	web_print_routes(stdout, c->program->set);
	return CTL_OK;
}

int
ctl_version(struct ctl *c, char **args)
{
	bool build = ctl_flag(args, "--build");

	(void)c;
	if (ctl_count(args) != 0)
		return CTL_USAGE;
	printf("%s\n", PACKAGE_STRING);
	if (build)
		printf("%s\n", KS_BUILD_FEATURES);
	return CTL_OK;
}
