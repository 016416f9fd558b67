/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key file: read, made, and given another card key.
 *
 * It is refused when others can read it or when a key is one out of a manual.
 * The bytes of the keys go into pages of their own that are not swapped and
 * not dumped, and that are wiped when the arena that owns the ring ends.  A
 * file that exists is never written into: a new one takes its place.
 */
#include "io/crypt_int.h"
#include "io/keyring_int.h"

#include "base/buf.h"
#include "base/bug.h"
#include "base/hex.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct vault *
vault_new(void)
{
	struct vault *v;

	v = mmap(NULL, sizeof(*v), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (v == MAP_FAILED)
		no_memory(sizeof(*v));
	/* Both may be refused (RLIMIT_MEMLOCK): then keys can be swapped,
	 * which is what any other program risks. */
	(void)mlock(v, sizeof(*v));
	(void)madvise(v, sizeof(*v), MADV_DONTDUMP);
	return v;
}

static void
vault_free(void *arg)
{
	struct vault *v = arg;
	size_t i;

	for (i = 0; i < KEYRING_LABELS; i++)
		hmac_key_close(v->label[i].mac);
	crypt_wipe(v, sizeof(*v));
	(void)munmap(v, sizeof(*v));
}

/* A key that stands in a manual is nobody's secret: all bytes the same, or
 * counting up or down. */
static bool
key_is_sample(const uint8_t key[CRYPT_KEY])
{
	uint8_t step = (uint8_t)(key[1] - key[0]);
	size_t i;

	if (step != 0 && step != 1 && step != 0xff && step != 0x11)
		return false;
	for (i = 1; i < CRYPT_KEY; i++)
		if ((uint8_t)(key[i] - key[i - 1]) != step)
			return false;
	return true;
}

static const char *
read_key(struct span hex, uint8_t out[CRYPT_KEY])
{
	if (hex_bytes(hex, out, CRYPT_KEY) != RC_OK)
		return "a key is 64 hex digits";
	if (key_is_sample(out))
		return "this is a sample key, not a secret one";
	return NULL;
}

static const char *
read_card_key(struct keyring *k, struct span rest)
{
	struct card_key *c = &k->v->card[k->v->n_cards];
	struct span id;
	uint64_t n;
	size_t i;

	if (!span_cut(&rest, ' ', &id) ||
	    num_u64(id, UINT32_MAX, &n) != RC_OK || n == 0)
		return "card: wants a number from 1 and a key";
	if (k->v->n_cards == KEYRING_CARDS)
		return "too many card keys";
	for (i = 0; i < k->v->n_cards; i++)
		if (k->v->card[i].id == n)
			return "two card keys with this number";
	c->id = (uint32_t)n;
	k->v->n_cards++;
	return read_key(span_trim(rest), c->key);
}

static const char *
read_line(struct keyring *k, struct span line, bool *root)
{
	struct span word;

	if (line.n != 0 && line.p[line.n - 1] == '\r')
		line.n--;
	line = span_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return NULL;
	(void)span_cut(&line, ' ', &word);
	line = span_trim(line);
	if (span_is(word, "card"))
		return read_card_key(k, line);
	if (!span_is(word, "mac"))
		return "neither mac nor card";
	if (*root)
		return "mac stands here twice";
	*root = true;
	return read_key(line, k->v->root);
}

/* NULL, or what is wrong; *line is where. */
static const char *
read_lines(struct keyring *k, size_t n, unsigned *line)
{
	struct span text = {k->v->text, n}, part;
	const char *why = NULL;
	bool root = false;

	*line = 0;
	if (span_has_nul(text))
		return "not a text file";
	while (why == NULL && text.n != 0 && span_cut(&text, '\n', &part)) {
		(*line)++;
		why = read_line(k, part, &root);
	}
	if (why == NULL && !root)
		why = "no line `mac`";
	if (why == NULL && k->v->n_cards == 0)
		why = "no line `card`";
	return why;
}

/* Into p, at most KEYFILE_MAX - 1 bytes.  NULL, or what is wrong. */
static const char *
slurp(const char *file, char *p, size_t *n)
{
	const char *why = NULL;
	struct stat st;
	ssize_t got;
	int fd;

	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return strerror(errno);
	*n = 0;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		why = "not a file";
	else if ((st.st_mode & 077) != 0)
		why = "others can read it: chmod 600";
	else if (st.st_uid != geteuid() && st.st_uid != 0)
		why = "it belongs to somebody else";
	else if (st.st_size >= KEYFILE_MAX)
		why = "too long";
	while (why == NULL && *n < KEYFILE_MAX - 1) {
		got = read(fd, p + *n, KEYFILE_MAX - 1 - *n);
		if (got < 0)
			why = strerror(errno);
		if (got <= 0)
			break;
		*n += (size_t)got;
	}
	(void)close(fd);
	return why;
}

enum rc
keyring_load(struct arena *keep, const char *file, const struct keyring **out,
    const char **why)
{
	struct keyring *k = ARENA_NEW(keep, struct keyring);
	const char *bad;
	unsigned line = 0;
	size_t n;

	k->v = vault_new();
	bad = slurp(file, k->v->text, &n);
	if (bad == NULL)
		bad = read_lines(k, n, &line);
	crypt_wipe(k->v->text, KEYFILE_MAX);
	if (bad != NULL) {
		vault_free(k->v);
		*why = line == 0
			   ? arena_fmt(keep, "%s: %s", file, bad)
			   : arena_fmt(keep, "%s:%u: %s", file, line, bad);
		return RC_INVALID;
	}
	arena_defer(keep, vault_free, k->v);
	*out = k;
	return RC_OK;
}

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

/* Writes, syncs and closes; the file is of use only if all of that worked.
 * Returns 0 or an errno. */
static int
write_out(int fd, struct span text)
{
	int bad = 0;
	ssize_t did;

	while (bad == 0 && text.n != 0) {
		did = write(fd, text.p, text.n);
		if (did < 0 && errno != EINTR)
			bad = errno;
		if (did > 0) {
			text.p += did;
			text.n -= (size_t)did;
		}
	}
	if (bad == 0 && fsync(fd) != 0)
		bad = errno;
	if (close(fd) != 0 && bad == 0)
		bad = errno;
	return bad;
}

static void
sync_folder(const char *file)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(file, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - file);
	int fd;

	if (n >= sizeof(dir))
		return;
	memcpy(dir, file, n);
	dir[n] = '\0';
	if (n == 0)
		(void)snprintf(dir, sizeof(dir), slash == NULL ? "." : "/");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	(void)close(fd);
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
	bad = write_out(fd, text);
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
		sync_folder(file);
	return rc;
}

/* The old file's text and a line more, under another name, then in its
 * place.  The owner stays: root adds keys to a file that the service reads. */
static enum rc
append_card_key(const char *file, struct keyring *k, size_t n, const char **why)
{
	char fresh[PATH_MAX], what[24];
	struct stat st;
	struct buf b;
	enum rc rc;

	if (snprintf(fresh, sizeof(fresh), "%s.new", file) >=
	    (int)sizeof(fresh)) {
		*why = "the name is too long";
		return RC_INVALID;
	}
	buf_fixed(&b, k->v->text, KEYFILE_MAX);
	b.len = n;
	if (n != 0 && b.p[n - 1] != '\n')
		buf_chr(&b, '\n');
	(void)snprintf(what, sizeof(what), "card %" PRIu32 " ",
	    keyring_card_key_id(k) + 1);
	put_key_line(&b, what);
	if (b.bad || k->v->n_cards == KEYRING_CARDS) {
		*why = "the file is full";
		return RC_INVALID;
	}
	rc = write_new(fresh, (struct span){b.p, b.len}, why);
	if (rc != RC_OK)
		return rc;
	if (stat(file, &st) != 0 ||
	    (st.st_uid != geteuid() &&
		chown(fresh, st.st_uid, st.st_gid) != 0) ||
	    rename(fresh, file) != 0) {
		*why = strerror(errno);
		(void)unlink(fresh);
		return RC_FAIL;
	}
	sync_folder(file);
	return RC_OK;
}

enum rc
keyring_add_card_key(const char *file, const char **why)
{
	struct keyring k = {.v = vault_new()};
	enum rc rc = RC_INVALID;
	unsigned line;
	size_t n;

	*why = slurp(file, k.v->text, &n);
	if (*why == NULL)
		*why = read_lines(&k, n, &line);
	if (*why == NULL && keyring_card_key_id(&k) == UINT32_MAX)
		*why = "card keys have used up all numbers";
	if (*why == NULL)
		rc = append_card_key(file, &k, n, why);
	vault_free(k.v);
	return rc;
}
