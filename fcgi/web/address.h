/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose address a request comes from.  X-Forwarded-For counts only when the
 * peer is a proxy that the settings name.
 */
#ifndef KS_WEB_ADDRESS_H
#define KS_WEB_ADDRESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/rc.h"

struct address_list; /* networks */

/* "127.0.0.1 10.0.0.0/8 fd00::/8": RC_INVALID and *why names the bad one. */
MUST_CHECK enum rc address_list_parse(struct arena *a, const char *text,
    const struct address_list **out, const char **why);
bool address_listed(const struct address_list *l, const char *address);

/* The client's address in the text form of inet_ntop(); an IPv4 address
 * mapped into IPv6 becomes plain.  peer: REMOTE_ADDR ("unix:" is this
 * machine); forwarded: X-Forwarded-For, looked at from its end while its
 * senders are trusted.  Never NULL. */
const char *address_client(struct arena *a, const struct address_list *trusted,
    const char *peer, const char *forwarded);
/* What limits count: the address, or the /64 of an IPv6 one. */
const char *address_network(struct arena *a, const char *address);
bool address_loopback(const char *address);

#endif
