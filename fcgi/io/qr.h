/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code as one inline SVG (libqrencode): one <path> of row runs, no
 * style, no script, viewBox in modules with a quiet zone of 4. */
#ifndef KS_IO_QR_H
#define KS_IO_QR_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

/* RC_INVALID: the text is too long for a QR code (error correction M). */
MUST_CHECK enum rc qr_svg(
    struct arena *a, struct span text, const char *label, const char **svg);

#endif
