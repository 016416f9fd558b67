/* SPDX-License-Identifier: Apache-2.0 */
/* A small file as one text in the arena, and writing one for good. */
#ifndef KS_IO_FILE_H
#define KS_IO_FILE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

/* RC_INVALID: not there, not a file, not readable, longer than max, or it
 * holds a NUL; *why is "file: reason" in a.  A NUL stands behind the text. */
MUST_CHECK enum rc file_text(struct arena *a, const char *file, size_t max,
    struct span *out, const char **why);

/* Writes, syncs and closes; the file is of use only if all of that worked.
 * Returns 0 or an errno. */
int file_write_out(int fd, struct span text);
/* After a rename in the folder of file; what cannot be synced is not. */
void file_sync_folder(const char *file);

#endif
