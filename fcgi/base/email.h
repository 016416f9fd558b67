/* SPDX-License-Identifier: Apache-2.0 */
/* Mail addresses as we accept them, which is less than RFC 5321 allows. */
#ifndef KS_BASE_EMAIL_H
#define KS_BASE_EMAIL_H

#include <stdbool.h>

/* local@domain: ASCII, at most LIM_EMAIL bytes.  The local part is a dot-atom
 * of at most 64 bytes (no quotes, no comments), the domain two or more labels
 * of letters, digits and inner hyphens.  What passes is safe in a header and
 * in an SMTP command. */
bool mail_address_ok(const char *s);

#endif
