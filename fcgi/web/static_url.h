/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses of static files with content-hash names.  `make install` writes
 * <static_dir>/manifest.txt, one file a line:
 *
 *   css/base.css css/base.1f0c2a9b.css
 *
 * Templates see it as Static.base_css = "/static/css/base.1f0c2a9b.css" (base
 * name, bytes outside [0-9A-Za-z] become '_'; only files directly in css/,
 * js/ and img/) and Static.Base = "/static".
 * Without a manifest (a source tree) the files of css/ and js/ appear under
 * their own names.
 */
#ifndef KS_WEB_STATIC_URL_H
#define KS_WEB_STATIC_URL_H

#include "base/arena.h"
#include "base/rc.h"

struct static_map;
struct tnode;

/* keep: lives as long as the map.  RC_INVALID: a manifest that does not read;
 * *why says so. */
MUST_CHECK enum rc static_load(struct arena *keep, const char *dir,
    struct static_map **out, const char **why);
/* Fills Static.* of a page. */
void static_show(const struct static_map *m, struct tnode *data);
/* "css/base.css" gives its address; unknown files their plain one. */
const char *static_url(
    struct arena *a, const struct static_map *m, const char *file);

#endif
