/* SPDX-License-Identifier: Apache-2.0 */
/* GB 18030 by the C library's iconv (gb18030.h). */
#include "base/gb18030.h"

#include <iconv.h>

enum rc
gb18030_text(struct arena *a, struct span in, struct span *out)
{
	iconv_t cd = iconv_open("UTF-8", "GB18030");
	size_t room = in.n * 3 + 4, left = room, n = in.n, done;
	char *from = arena_dup(a, in.p, in.n);
	char *to = arena_alloc(a, room), *at = to;

	if (cd == (iconv_t)-1)
		return RC_INVALID;
	done = iconv(cd, &from, &n, &at, &left);
	(void)iconv_close(cd);
	if (done == (size_t)-1 || n != 0)
		return RC_INVALID;
	*out = (struct span){to, room - left};
	return RC_OK;
}
