/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One compressor a process, made with the first page: its tables are a quarter
 * of a megabyte, and asking for them anew costs as much as a small page.
 */
#include "io/gzip.h"

#include <limits.h>
#include <stdbool.h>

#include <zlib.h>

#include "base/bug.h"
#include "base/log.h"

enum {
	LEVEL = 6,
	WINDOW = 15 + 16, /* 32 KiB, in the format of gzip */
	MEMORY = 8
};

static z_stream packer;
static bool made;

static bool
packer_ready(void)
{
	if (made)
		return deflateReset(&packer) == Z_OK;
	made = deflateInit2(&packer, LEVEL, Z_DEFLATED, WINDOW, MEMORY,
		   Z_DEFAULT_STRATEGY) == Z_OK;
	return made;
}

enum rc
gzip_pack(struct arena *a, struct span in, struct span *out)
{
	union {
		const char *given;
		Bytef *next; /* zlib reads it only */
	} from = {in.p};
	uLong room;
	char *p;

	BUG_ON(in.n > UINT_MAX / 2);
	if (!packer_ready()) {
		log_event(LOG_WARN, "gzip_no_memory");
		return RC_FAIL;
	}
	room = deflateBound(&packer, (uLong)in.n);
	p = arena_alloc(a, room);
	packer.next_in = from.next;
	packer.avail_in = (uInt)in.n;
	packer.next_out = (Bytef *)p;
	packer.avail_out = (uInt)room;
	BUG_ON(deflate(&packer, Z_FINISH) != Z_STREAM_END);
	*out = (struct span){p, room - packer.avail_out};
	return RC_OK;
}
