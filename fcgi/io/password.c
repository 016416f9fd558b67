/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords of staff as PHC strings: argon2id where libargon2 is built in,
 * scrypt (OpenSSL) elsewhere.  Both kinds are checked by name, so a shop that
 * moves between builds only has its people log in once to be re-hashed.
 *
 * The parameters of a stored string are believed only up to a cap: a row that
 * somebody planted must not make the check eat the machine's memory.
 */
#include "io/crypt.h"
#include "io/crypt_int.h"

#include "base/hex.h"
#include "base/log.h"
#include "base/num.h"

#include <string.h>

#ifdef HAVE_ARGON2
#include <argon2.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
	ARGON_M = 19456, /* KiB; with t and p the OWASP minimum */
	ARGON_T = 2,
	ARGON_P = 1,
	SCRYPT_LN = 17, /* 128 MiB */
	SCRYPT_R = 8,
	SCRYPT_P = 1,
	SALT = 16,
	HASH = 32,
	CAP_KIB = 256 * 1024,
	CAP_T = 16,
	CAP_P = 8
};

/* From the second hash of a process on, glibc would keep the megabytes of it
 * for a third one: a worker that has seen two log-ins is as large as three. */
static void
give_memory_back(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

/* "m=19456,t=2,p=1" or "ln=17,r=8,p=1". */
struct cost {
	uint64_t memory, time, lanes;
};

static bool
cut_number(
    struct span *rest, char end, const char *name, uint64_t max, uint64_t *out)
{
	struct span part;
	size_t n = strlen(name);

	if (!span_cut(rest, end, &part) || part.n <= n ||
	    memcmp(part.p, name, n) != 0)
		return false;
	part.p += n;
	part.n -= n;
	return num_u64(part, max, out) == RC_OK && *out != 0;
}

/* ---- scrypt: $scrypt$ln=17,r=8,p=1$salt$hash, base64 without padding */

struct scrypt_text {
	struct cost cost; /* memory: ln, time: r, lanes: p */
	struct span salt, hash;
};

/* The PHC form has no padding; b64_bytes() wants it. */
static enum rc
b64_bare(struct arena *a, struct span s, struct span *out)
{
	char *p = arena_alloc(a, s.n + 4);
	size_t n = s.n;

	memcpy(p, s.p, s.n);
	while (n % 4 != 0)
		p[n++] = '=';
	return b64_bytes(a, (struct span){p, n}, out);
}

static enum rc
scrypt_parse(struct arena *a, struct span s, struct scrypt_text *out)
{
	struct span salt, hash;

	if (!cut_number(&s, ',', "ln=", 20, &out->cost.memory) ||
	    !cut_number(&s, ',', "r=", 32, &out->cost.time) ||
	    !cut_number(&s, '$', "p=", CAP_P, &out->cost.lanes) ||
	    ((UINT64_C(128) << out->cost.memory) * out->cost.time) / 1024 >
		CAP_KIB ||
	    !span_cut(&s, '$', &salt) || !span_cut(&s, '$', &hash) ||
	    s.n != 0 || b64_bare(a, salt, &out->salt) != RC_OK ||
	    b64_bare(a, hash, &out->hash) != RC_OK || out->salt.n < 8 ||
	    out->hash.n != HASH)
		return RC_INVALID;
	return RC_OK;
}

static enum rc
scrypt_check(struct span password, struct span text, bool *rehash)
{
	struct arena *a = arena_new(512, 64 * 1024);
	struct scrypt_text t;
	uint8_t hash[HASH];
	enum rc rc;

	rc = scrypt_parse(a, text, &t);
	if (rc != RC_OK) {
		log_event(
		    LOG_ERROR, "password_unreadable", LF_STR("kind", "scrypt"));
		arena_free(a);
		return RC_FAIL;
	}
	crypt_scrypt(password, t.salt, UINT64_C(1) << t.cost.memory,
	    (uint32_t)t.cost.time, (uint32_t)t.cost.lanes, hash, HASH);
	rc = crypt_equal((struct span){(char *)hash, HASH}, t.hash) ? RC_OK
								    : RC_DENIED;
	crypt_wipe(hash, sizeof(hash));
	*rehash = t.cost.memory != SCRYPT_LN || t.cost.time != SCRYPT_R ||
		  t.cost.lanes != SCRYPT_P;
#ifdef HAVE_ARGON2
	*rehash = true;
#endif
	arena_free(a);
	return rc;
}

#ifndef HAVE_ARGON2
static const char *
b64_bare_text(struct arena *a, const void *p, size_t n)
{
	char *s = b64_text(a, p, n);
	size_t len = strlen(s);

	while (len != 0 && s[len - 1] == '=')
		s[--len] = '\0';
	return s;
}

enum rc
crypt_password_hash(struct arena *a, struct span password, const char **phc)
{
	uint8_t salt[SALT], hash[HASH];

	crypt_random(salt, sizeof(salt));
	crypt_scrypt(password, (struct span){(char *)salt, SALT},
	    UINT64_C(1) << SCRYPT_LN, SCRYPT_R, SCRYPT_P, hash, HASH);
	*phc = arena_fmt(a, "$scrypt$ln=%d,r=%d,p=%d$%s$%s", SCRYPT_LN,
	    SCRYPT_R, SCRYPT_P, b64_bare_text(a, salt, SALT),
	    b64_bare_text(a, hash, HASH));
	crypt_wipe(hash, sizeof(hash));
	give_memory_back();
	return RC_OK;
}

static enum rc
argon_check(struct span password, const char *phc, bool *rehash)
{
	(void)password;
	(void)phc;
	(void)rehash;
	log_event(LOG_ERROR, "password_unreadable", LF_STR("kind", "argon2id"),
	    LF_STR("why", "built without libargon2"));
	return RC_FAIL;
}
#else
enum rc
crypt_password_hash(struct arena *a, struct span password, const char **phc)
{
	uint8_t salt[SALT];
	char text[160];
	int bad;

	crypt_random(salt, sizeof(salt));
	bad = argon2id_hash_encoded(ARGON_T, ARGON_M, ARGON_P, password.p,
	    password.n, salt, SALT, HASH, text, sizeof(text));
	give_memory_back();
	if (bad != ARGON2_OK) {
		log_event(LOG_ERROR, "password_hash",
		    LF_STR("argon2", argon2_error_message(bad)));
		return RC_FAIL;
	}
	*phc = arena_str(a, text);
	return RC_OK;
}

/* $argon2id$v=19$m=19456,t=2,p=1$salt$hash */
static bool
argon_cost(const char *phc, struct cost *c)
{
	struct span s = span_str(phc + strlen("$argon2id$"));
	uint64_t version;

	return cut_number(&s, '$', "v=", 0x13, &version) &&
	       cut_number(&s, ',', "m=", CAP_KIB, &c->memory) &&
	       cut_number(&s, ',', "t=", CAP_T, &c->time) &&
	       cut_number(&s, '$', "p=", CAP_P, &c->lanes);
}

static enum rc
argon_check(struct span password, const char *phc, bool *rehash)
{
	struct cost c;
	int bad;

	bad = argon_cost(phc, &c) ? argon2id_verify(phc, password.p, password.n)
				  : ARGON2_DECODING_FAIL;
	if (bad == ARGON2_VERIFY_MISMATCH)
		return RC_DENIED;
	if (bad != ARGON2_OK) {
		log_event(LOG_ERROR, "password_unreadable",
		    LF_STR("kind", "argon2id"),
		    LF_STR("argon2", argon2_error_message(bad)));
		return RC_FAIL;
	}
	*rehash =
	    c.memory != ARGON_M || c.time != ARGON_T || c.lanes != ARGON_P;
	return RC_OK;
}
#endif

static enum rc
check_by_kind(struct span password, const char *phc, bool *rehash)
{
	static const char scrypt[] = "$scrypt$";

	if (str_starts(phc, "$argon2id$"))
		return argon_check(password, phc, rehash);
	if (str_starts(phc, scrypt))
		return scrypt_check(
		    password, span_str(phc + strlen(scrypt)), rehash);
	log_event(LOG_ERROR, "password_unreadable", LF_STR("kind", "unknown"));
	return RC_FAIL;
}

enum rc
crypt_password_check(struct span password, const char *phc, bool *rehash)
{
	enum rc rc;

	*rehash = false;
	rc = check_by_kind(password, phc, rehash);
	give_memory_back();
	return rc;
}
