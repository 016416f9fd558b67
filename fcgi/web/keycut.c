/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The blade of an order's key (keycut.h).  The last sixteen characters of the
 * number are its random part; each gives the depth of one cut.
 */
#include "web/keycut.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

enum {
	CUTS = 16,
	DEPTHS = 6,
	DEPTH_STEP = 3, /* units of the drawing */
	CUT_STEP = 9,
	CUT_FLAT = 5,
	CUT_FIRST = 56,
	EDGE = 40, /* the uncut lower edge */
	PATH_HINT = 512
};

/* Place in Crockford's alphabet, which has no I, L, O and U. */
static unsigned
value_of(char c)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	const char *at = c == '\0' ? NULL : strchr(alphabet, chr_upper(c));

	return at == NULL ? 0 : (unsigned)(at - alphabet);
}

const char *
keycut_path(struct arena *a, const char *order_no)
{
	size_t n = strlen(order_no), i;
	const char *at = n > CUTS ? order_no + n - CUTS : order_no;
	struct buf b;
	unsigned depth;
	int x;

	n = strlen(at);
	buf_init(&b, a, PATH_HINT, PATH_HINT);
	/* along the back to the tip, then the cuts from the tip to the bow */
	buf_str(&b, "M42 14H204l12 9-12 9");
	for (i = CUTS; i-- > 0;) {
		x = CUT_FIRST + (int)i * CUT_STEP;
		depth = value_of(i < n ? at[i] : '0') % DEPTHS;
		buf_fmt(&b, "L%d %dH%d", x + CUT_FLAT,
		    EDGE - (int)depth * DEPTH_STEP, x);
	}
	buf_fmt(&b, "L50 %dH42z", EDGE);
	return buf_text(&b);
}
