/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key file, made and changed.
 *
 * A file that exists is never written into: a new one is made beside it and
 * takes its place, so that whoever reads finds the old keys or the new ones.
 * The new one's name is also the lock: two changes at a time would lose a key.
 */
#include "io/crypt_int.h"
#include "io/file.h"
#include "io/keyring_int.h"

#include "base/buf.h"
#include "base/bug.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
put_key_line(struct buf *b, const char *what)
{
	static const char digit[] = "0123456789abcdef";
	uint8_t key[CRYPT_KEY];
	size_t i;

	crypt_random(key, sizeof(key));
	buf_str(b, what);
	for (i = 0; i < CRYPT_KEY; i++) {
		buf_chr(b, digit[key[i] >> 4]);
		buf_chr(b, digit[key[i] & 15]);
	}
	buf_chr(b, '\n');
	crypt_wipe(key, sizeof(key));
}

static enum rc
write_new(const char *file, struct span text, const char **why)
{
	int fd, bad;

	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		*why = strerror(errno);
		return errno == EEXIST ? RC_CONFLICT : RC_FAIL;
	}
	bad = file_write_out(fd, text);
	if (bad == 0)
		return RC_OK;
	(void)unlink(file);
	*why = strerror(bad);
	return RC_FAIL;
}

enum rc
keyring_create(const char *file, const char **why)
{
	char text[512];
	struct buf b;
	enum rc rc;

	buf_fixed(&b, text, sizeof(text));
	buf_str(&b, "# Who has this file and the database can read the "
		    "cards; who loses this\n# file has lost them.  Keep a "
		    "copy in a safe place.\n");
	put_key_line(&b, "mac ");
	put_key_line(&b, "card 1 ");
	BUG_ON(b.bad);
	rc = write_new(file, (struct span){b.p, b.len}, why);
	crypt_wipe(text, sizeof(text));
	if (rc == RC_OK)
		file_sync_folder(file);
	return rc;
}

/* ---- changing it */

struct change {
	char file[PATH_MAX], fresh[PATH_MAX]; /* where it really is, its heir */
	struct vault *v, *heir; /* what stands in it, and what shall */
	struct buf out;         /* over the heir's text */
	uint32_t id;            /* the key that goes */
};

/* NULL, or why not. */
typedef const char *(*change_fn)(struct change *c);

static const char *
add_line(struct change *c)
{
	uint32_t newest = keyfile_newest(c->v);
	char what[24];

	if (newest == UINT32_MAX)
		return "card keys have used up all numbers";
	buf_add(&c->out, c->v->text, c->v->n_text);
	if (c->v->text[c->v->n_text - 1] != '\n')
		buf_chr(&c->out, '\n');
	(void)snprintf(what, sizeof(what), "card %" PRIu32 " ", newest + 1);
	put_key_line(&c->out, what);
	if (c->out.bad || c->v->n_cards == KEYRING_CARDS)
		return "the file is full";
	return NULL;
}

/* The file has been read, so its lines are good. */
static bool
is_key_line(struct span line, uint32_t id)
{
	struct span word;
	uint64_t n;

	line = span_trim(line);
	if (!span_cut(&line, ' ', &word) || !span_is(word, "card"))
		return false;
	line = span_trim(line);
	return span_cut(&line, ' ', &word) &&
	       num_u64(word, UINT32_MAX, &n) == RC_OK && n == id;
}

/* Everything else stays as it is, comments too. */
static const char *
drop_line(struct change *c)
{
	const char *end = c->v->text + c->v->n_text, *next;
	struct span rest = {c->v->text, c->v->n_text}, line;
	bool found = false;

	if (keyfile_newest(c->v) == c->id)
		return "cards are sealed under the newest key: add one first";
	while (rest.n != 0 && span_cut(&rest, '\n', &line)) {
		next = line.p + line.n;
		if (next < end)
			next++; /* its end of line goes with it */
		if (is_key_line(line, c->id))
			found = true;
		else
			buf_add(&c->out, line.p, (size_t)(next - line.p));
	}
	return found ? NULL : "there is no card key with this number";
}

/* The owner stays, because root changes a file that the service reads; so
 * does the mode. */
static const char *
fill_fresh(struct change *c, int fd, change_fn edit)
{
	const char *why;
	unsigned line;
	int bad;

	why = keyfile_read(c->file, c->v, &line);
	if (why == NULL)
		why = edit(c);
	if (why == NULL && c->v->seen.st_uid != geteuid() &&
	    fchown(fd, c->v->seen.st_uid, c->v->seen.st_gid) != 0)
		why = strerror(errno);
	if (why == NULL && fchmod(fd, c->v->seen.st_mode & 0700) != 0)
		why = strerror(errno);
	if (why != NULL) {
		(void)close(fd);
		return why;
	}
	bad = file_write_out(fd, (struct span){c->out.p, c->out.len});
	return bad == 0 ? NULL : strerror(bad);
}

/* Somewhere to put zeros once the name is the new file's; -1 with *why. */
static int
open_old(const struct change *c, const char **why)
{
	int fd;

	if (c->v->seen.st_nlink != 1) {
		*why = "it has another name (a hard link), which would keep "
		       "the key";
		return -1;
	}
	fd = open(c->file, O_WRONLY | O_CLOEXEC);
	if (fd < 0 && errno == EACCES && chmod(c->file, 0600) == 0)
		fd = open(c->file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		*why = strerror(errno);
	return fd;
}

/* What a file system writes elsewhere, or keeps, is out of reach. */
static void
blank_old(const struct change *c, int fd)
{
	static const char zero[KEYFILE_MAX];

	(void)file_write_out(
	    fd, (struct span){zero, (size_t)c->v->seen.st_size});
}

static const char *
replace(struct change *c, int fd, change_fn edit, bool blank)
{
	const char *why;
	int old = -1;

	why = fill_fresh(c, fd, edit);
	if (why == NULL && blank)
		old = open_old(c, &why);
	if (why == NULL && rename(c->fresh, c->file) != 0)
		why = strerror(errno);
	if (why == NULL) {
		file_sync_folder(c->file);
		if (old >= 0)
			blank_old(c, old);
		return NULL;
	}
	if (old >= 0)
		(void)close(old);
	(void)unlink(c->fresh);
	return why;
}

static enum rc
change(
    const char *file, uint32_t id, change_fn edit, bool blank, const char **why)
{
	struct change c = {.id = id};
	int fd;

	if (realpath(file, c.file) == NULL) {
		*why = strerror(errno);
		return RC_INVALID;
	}
	if (snprintf(c.fresh, sizeof(c.fresh), "%s.new", c.file) >=
	    (int)sizeof(c.fresh)) {
		*why = "the name is too long";
		return RC_INVALID;
	}
	fd = open(c.fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		*why = errno == EEXIST ? "is being changed; or remove the "
					 "file .new beside it"
				       : strerror(errno);
		return errno == EEXIST ? RC_CONFLICT : RC_FAIL;
	}
	c.v = keyfile_vault();
	c.heir = keyfile_vault();
	buf_fixed(&c.out, c.heir->text, KEYFILE_MAX);
	*why = replace(&c, fd, edit, blank);
	keyfile_vault_free(c.heir);
	keyfile_vault_free(c.v);
	return *why == NULL ? RC_OK : RC_INVALID;
}

enum rc
keyring_add_card_key(const char *file, const char **why)
{
	return change(file, 0, add_line, false, why);
}

enum rc
keyring_drop_card_key(const char *file, uint32_t id, const char **why)
{
	return change(file, id, drop_line, true, why);
}
