/* SPDX-License-Identifier: Apache-2.0 */
/* What passes is safe in a header line and in an SMTP command. */
#include "fuzz/fuzz.h"

#include "base/email.h"
#include "base/limits.h"

void
fuzz_email(struct arena *a, struct span in)
{
	const char *s = arena_dup(a, in.p, in.n), *p;

	if (!mail_address_ok(s))
		return;
	MUST(strlen(s) <= LIM_EMAIL);
	for (p = s; *p != '\0'; p++)
		MUST(*p > ' ' && *p <= '~' &&
		     strchr("<>()[],;:\\\"", *p) == NULL);
	MUST(strchr(s, '@') == strrchr(s, '@'));
	MUST(strstr(s, "..") == NULL && s[0] != '.' && s[0] != '@');
}
