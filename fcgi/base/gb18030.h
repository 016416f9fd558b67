/* SPDX-License-Identifier: Apache-2.0 */
/* Text of Chinese gateways' files, which is not always UTF-8. */
#ifndef KS_BASE_GB18030_H
#define KS_BASE_GB18030_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

/* GB 18030 (and so GBK, GB 2312) to UTF-8.  RC_INVALID: it is not that, or
 * this C library does not know the encoding. */
MUST_CHECK enum rc gb18030_text(
    struct arena *a, struct span in, struct span *out);

#endif
