/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A form that was sent and comes back as hidden fields behind a button: pages
 * that ask no database know no more of it than what it held.
 */
#ifndef KS_WEB_RESEND_H
#define KS_WEB_RESEND_H

struct response;
struct tnode;

/* FormToken, and Fields.N {Name Value} of all others but `but` (NULL: none). */
void resend_fields(struct response *rs, struct tnode *n, const char *but);

#endif
