/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the failure kinds, for logs and metrics. */
#include "base/rc.h"

const char *
rc_name(enum rc rc)
{
	static const char *const name[RC__N] = {
	    [RC_OK] = "ok",
	    [RC_NOTFOUND] = "notfound",
	    [RC_INVALID] = "invalid",
	    [RC_DENIED] = "denied",
	    [RC_CONFLICT] = "conflict",
	    [RC_BUSY] = "busy",
	    [RC_FAIL] = "fail",
	};

	if ((unsigned)rc >= RC__N)
		return "?";
	return name[rc];
}
