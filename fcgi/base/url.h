/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding, RFC 3986 section 2, and form encoding. */
#ifndef KS_BASE_URL_H
#define KS_BASE_URL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

/* Unreserved characters stay, all else is %XX (upper case). */
void url_encode(struct buf *b, struct span s);
char *url_encoded(struct arena *a, const char *s);
/* Decodes once.  plus: '+' is a blank.  RC_INVALID on a broken escape. */
MUST_CHECK enum rc url_decode(
    struct arena *a, struct span s, bool plus, struct span *out);
/* A path of this site: starts with one '/', no '//', no '\', no control
 * character, no "..": safe in a Location header. */
bool url_is_local_path(const char *s);
/* http or https, a host, no userinfo, no control or blank. */
bool url_is_http(const char *s);
/* Splits "https://host:port/path"; host without port. */
MUST_CHECK enum rc url_split(struct arena *a, const char *url, bool *https,
    const char **host, unsigned *port, const char **path);

#endif
