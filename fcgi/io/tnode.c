/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of one page, as the tree that ClearSilver reads.
 *
 * hdf_set_value() asks malloc three times a field, and all of it is freed a
 * moment later: a third of the time of a page.  So the nodes are made here,
 * in the arena, with the fields that ClearSilver looks at; they are never
 * given to hdf_destroy().
 *
 * The price: `set:` in a template may hang memory of malloc on a node (a new
 * child, a new value).  Our own nodes carry a mark, and after each rendering
 * tnode_sweep() takes off what is not ours.
 */
#include "io/neo.h"

#include "base/bug.h"

#include <limits.h>
#include <string.h>

enum { DEPTH_MAX = 32 };

/* Its address, in a field that ClearSilver uses on a root only. */
static char mark;

static struct tnode *
node_new(struct arena *a, const char *name, size_t n, HDF *top)
{
	struct tnode *t = ARENA_NEW(a, struct tnode);

	BUG_ON(n > INT_MAX);
	t->arena = a;
	t->h.name = name == NULL ? NULL : arena_dup(a, name, n);
	t->h.name_len = (int)n;
	t->h.top = top == NULL ? &t->h : top;
	t->h.fileload_ctx = &mark;
	return t;
}

struct tnode *
tnode_new(struct arena *a)
{
	return node_new(a, NULL, 0, NULL);
}

static struct tnode *
child_add(struct tnode *parent, const char *name, size_t n)
{
	struct tnode *t = node_new(parent->arena, name, n, parent->h.top);

	if (parent->h.child == NULL)
		parent->h.child = &t->h;
	else
		parent->h.last_child->next = &t->h;
	parent->h.last_child = &t->h;
	return t;
}

static struct tnode *
child_get(struct tnode *parent, const char *name, size_t n)
{
	HDF *h;

	BUG_ON(n == 0); /* "", "a..b", "a." */
	for (h = parent->h.child; h != NULL; h = h->next)
		if ((size_t)h->name_len == n && memcmp(h->name, name, n) == 0)
			return (struct tnode *)h;
	return child_add(parent, name, n);
}

struct tnode *
tnode_child(struct tnode *n, const char *name)
{
	const char *dot;
	unsigned depth = 0;

	while ((dot = strchr(name, '.')) != NULL) {
		BUG_ON(++depth > DEPTH_MAX);
		n = child_get(n, name, (size_t)(dot - name));
		name = dot + 1;
	}
	return child_get(n, name, strlen(name));
}

enum { DIGITS = 24 }; /* of 64 bits, with a sign */

/* Written from the end; gives where it begins. */
static char *
digits(char text[DIGITS], uint64_t n)
{
	char *p = text + DIGITS;

	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	return p;
}

struct tnode *
tnode_item(struct tnode *n, const char *list)
{
	struct tnode *l = tnode_child(n, list);
	char text[DIGITS], *p = digits(text, l->items++);

	return child_add(l, p, (size_t)(text + DIGITS - p));
}

/* value is in the arena already. */
static void
put(struct tnode *n, const char *name, char *value)
{
	struct tnode *t = tnode_child(n, name);

	t->h.value = value;
	t->h.alloc_value = 0;
}

void
tnode_set(struct tnode *n, const char *name, const char *value)
{
	put(n, name, arena_str(n->arena, value == NULL ? "" : value));
}

void
tnode_refer(struct tnode *n, const char *name, const char *value)
{
	/* ClearSilver frees what alloc_value says and writes to no value */
	union {
		const char *given;
		char *kept;
	} u = {value};

	put(n, name, u.kept);
}

/* ClearSilver's texts end at a NUL, so that is where this one ends too. */
void
tnode_span(struct tnode *n, const char *name, struct span value)
{
	put(n, name, arena_dup(n->arena, value.p, value.n));
}

void
tnode_int(struct tnode *n, const char *name, int64_t value)
{
	uint64_t size = (uint64_t)value;
	char text[DIGITS], *p;

	p = digits(text, value < 0 ? 0 - size : size);
	if (value < 0)
		*--p = '-';
	put(n, name, arena_dup(n->arena, p, (size_t)(text + DIGITS - p)));
}

void
tnode_bool(struct tnode *n, const char *name, bool value)
{
	put(n, name, arena_dup(n->arena, value ? "1" : "0", 1));
}

void
tnode_fmt(struct tnode *n, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(n, name, arena_vfmt(n->arena, fmt, ap));
	va_end(ap);
}

static void
text_write(const char *s, struct buf *out)
{
	if (s != NULL)
		buf_add(out, s, strlen(s) + 1);
	else
		buf_chr(out, '\1'); /* no text is not the empty one */
}

static void
write_below(const HDF *n, struct buf *out)
{
	const HDF *h;

	for (h = n->child; h != NULL; h = h->next) {
		text_write(h->name, out);
		text_write(h->value, out);
		write_below(h, out);
	}
	buf_chr(out, '\0'); /* where the children end */
}

void
tnode_write(const struct tnode *n, struct buf *out)
{
	write_below(&n->h, out);
}

static bool
is_ours(const HDF *h)
{
	return h->fileload_ctx == &mark;
}

/* hdf_destroy() wants a root. */
static void
destroy_foreign(HDF *h)
{
	h->top = h;
	h->next = NULL;
	hdf_destroy(&h);
}

static void
sweep(HDF *n, unsigned depth)
{
	HDF **at, *h, *last = NULL;

	BUG_ON(depth > DEPTH_MAX);
	if (n->alloc_value) {
		free(n->value);
		n->value = NULL;
		n->alloc_value = 0;
	}
	if (n->hash != NULL)
		ne_hash_destroy(&n->hash);
	n->last_hp = n->last_hs = NULL;
	at = &n->child;
	while ((h = *at) != NULL) {
		if (is_ours(h)) {
			sweep(h, depth + 1);
			last = h;
			at = &h->next;
		} else {
			*at = h->next;
			destroy_foreign(h);
		}
	}
	n->last_child = last;
}

void
tnode_sweep(struct tnode *root)
{
	sweep(&root->h, 0);
}
