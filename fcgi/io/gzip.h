/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes in the gzip format (zlib), whole. */
#ifndef KS_IO_GZIP_H
#define KS_IO_GZIP_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

/* RC_FAIL: there is no memory for it; logged. */
MUST_CHECK enum rc gzip_pack(struct arena *a, struct span in, struct span *out);

#endif
