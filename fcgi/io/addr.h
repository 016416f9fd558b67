/* SPDX-License-Identifier: Apache-2.0 */
/* Is this address one of the public network? */
#ifndef KS_IO_ADDR_H
#define KS_IO_ADDR_H

#include <stdbool.h>

struct sockaddr;

/* false for loopback, private, link-local, shared, documentation, multicast
 * and reserved networks, for IPv4 inside of IPv6, and for what is neither. */
bool addr_is_public(const struct sockaddr *sa);

/* The host of a URL: an address that is not public, in any notation that
 * resolvers know (0x7f000001, 127.1, [::1]), or this machine by name?  Other
 * names are not looked up here. */
bool addr_host_is_closed(const char *host);

#endif
