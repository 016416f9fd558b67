/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ClearSilver: templates and HDF files.  Templates are parsed once per
 * process with Config.VarEscapeMode = html (asserted) and rendered many times
 * with fresh data.  NEOERR appears nowhere else.
 *
 * Data is a tree of named nodes.  Names are ours, never a user's; values are
 * text and are escaped by the template.
 */
#ifndef KS_IO_TMPL_H
#define KS_IO_TMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

struct tmpl;  /* the loaded set: templates, language catalogues */
struct tnode; /* a node of the data */

/* Parses every page under dir and the catalogues lang/<code>[.part].hdf.
 * RC_INVALID: *why names the file and line; nothing is changed. */
MUST_CHECK enum rc tmpl_load(
    const char *dir, struct tmpl **out, const char **why);
void tmpl_free(struct tmpl *t);

/* An empty data tree that dies with the arena. */
struct tnode *tnode_new(struct arena *a);
/* Dotted names: "Product.Name".  NULL text sets "". */
void tnode_set(struct tnode *n, const char *name, const char *value);
/* The text is not copied: it lives as long as the tree. */
void tnode_refer(struct tnode *n, const char *name, const char *value);
void tnode_span(struct tnode *n, const char *name, struct span value);
void tnode_int(struct tnode *n, const char *name, int64_t value);
void tnode_bool(struct tnode *n, const char *name, bool value); /* 1 or 0 */
void tnode_fmt(struct tnode *n, const char *name, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
struct tnode *tnode_child(struct tnode *n, const char *name);
/* The next element of a list: child named by its number, in order. */
struct tnode *tnode_item(struct tnode *n, const char *list);

/* Every rendering sees the one child of tree beside its own data: what is the
 * same on all pages.  The tree lives as long as t. */
void tmpl_share(struct tmpl *t, struct tnode *tree);

/* Names and texts of all that hangs below n, each with its NUL: two trees that
 * render differently give different bytes. */
void tnode_write(const struct tnode *n, struct buf *out);

/* name: "page/product.cs".  RC_FAIL: logged.  The text is added to out. */
MUST_CHECK enum rc tmpl_render(struct tmpl *t, const char *name,
    const char *lang, struct tnode *data, struct buf *out);
/* How long the text was the last time, 0 when there was none: for the memory of
 * the next. */
size_t tmpl_length(struct tmpl *t, const char *name);
/* One text of a catalogue ("checkout.title"); the key itself if absent. */
const char *tmpl_text(struct tmpl *t, const char *lang, const char *key);

/* HDF files as data (seed, channel files, static manifest): flat reading. */
struct hdf_doc;
MUST_CHECK enum rc hdf_doc_read(
    struct arena *a, const char *file, struct hdf_doc **out, const char **why);
/* A text that is in memory already; name is for the messages. */
MUST_CHECK enum rc hdf_doc_parse(struct arena *a, const char *name,
    struct span text, struct hdf_doc **out, const char **why);
const char *hdf_doc_get(struct hdf_doc *d, const char *name); /* or NULL */
/* Children of a node in order: fn(name, value-or-NULL, child doc). */
struct hdf_doc *hdf_doc_child(struct hdf_doc *d, const char *name);
struct hdf_doc *hdf_doc_first(struct hdf_doc *d); /* first child */
struct hdf_doc *hdf_doc_next(struct hdf_doc *d);  /* next sibling */
const char *hdf_doc_name(struct hdf_doc *d);
const char *hdf_doc_value(struct hdf_doc *d);

#endif
