/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The header lines of one part of a multipart body, and the parameters
 * ("; name=value") that Content-Disposition and Content-Type share.  For
 * multipart.c only.
 */
#ifndef KS_WEB_PART_HEAD_H
#define KS_WEB_PART_HEAD_H

#include "web/multipart.h"

struct part_reader {
	struct part_head head;
	bool disposition, type; /* seen */
	unsigned lines;
};

/* One line without its end, not empty. */
MUST_CHECK enum rc part_head_line(
    struct part_reader *r, struct arena *a, struct span line);
/* Before the body: everything needed has come. */
MUST_CHECK enum rc part_head_done(const struct part_reader *r);

#endif
