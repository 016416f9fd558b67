/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding turns encoding back; a local path leads nowhere else. */
#include "fuzz/fuzz.h"

#include "base/url.h"

void
fuzz_url(struct arena *a, struct span in)
{
	const char *s = arena_dup(a, in.p, in.n), *host, *path;
	struct span out;
	unsigned port;
	struct buf b;
	bool https;

	buf_init(&b, a, 64, 3 * in.n + 1);
	url_encode(&b, in);
	MUST(!b.bad);
	MUST(url_decode(a, (struct span){b.p, b.len}, true, &out) == RC_OK);
	MUST(span_eq(in, out));
	if (url_decode(a, in, false, &out) == RC_OK)
		MUST(out.n <= in.n);
	if (url_is_local_path(s))
		MUST(s[0] == '/' && s[1] != '/' && s[1] != '\\' &&
		     strpbrk(s, "\r\n\t \\") == NULL &&
		     memmem(s, strcspn(s, "?#"), "/../", 4) == NULL);
	if (url_split(a, s, &https, &host, &port, &path) == RC_OK) {
		MUST(url_is_http(s));
		MUST(host[0] != '\0' && strpbrk(host, "/@?# ") == NULL);
		MUST(port >= 1 && port <= 65535 && path[0] == '/');
	}
}
