/* SPDX-License-Identifier: Apache-2.0 */
/* See goods.h. */
#include "support/test.h"
#include "support/goods.h"

#include <glob.h>
#include <stdio.h>

#include "base/num.h"
#include "base/time.h"
#include "io/crypt.h"
#include "store/sqltext.h"
#include "support/dbserver.h"

#define KEYS                                                                   \
	"mac 8d3c7a10b2f4e65907d1c8a3fe2b49650c17d88e3a5b60f1942e7cd3b8a4f0"   \
	"16\n"                                                                 \
	"card 1 "                                                              \
	"11c4e9a27f830b5d6e92f1047ab8c35de0167f98b24a3c5d6e8f90a1b2c3d4e5\n"

static const char *db;
static uint64_t blocks;
static struct ctx made_cx;
static struct settings made_set, *made;

/* The rows that one file of the schema brings. */
static void
rows_of(const char *file)
{
	static char text[65536];
	FILE *f = fopen(file, "r");
	const struct sql_piece *p;
	const char *why;
	size_t n, i;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text), f);
	assert_true(n < sizeof(text));
	fclose(f);
	assert_int_equal(
	    sql_split(ta, (struct span){text, n}, &p, &n, &why), RC_OK);
	for (i = 0; i < n; i++)
		if (p[i].sql.n > 12 &&
		    memcmp(p[i].sql.p, "INSERT INTO ", 12) == 0)
			sql_primary("%.*s", (int)p[i].sql.n, p[i].sql.p);
}

static void
base_rows(void)
{
	glob_t g;
	size_t i;

	assert_int_equal(
	    glob(test_source("sql/schema/0*.sql"), 0, NULL, &g), 0);
	sql_primary("USE %s", db);
	for (i = 0; i < g.gl_pathc; i++)
		if (strstr(g.gl_pathv[i], "0000_") == NULL)
			rows_of(g.gl_pathv[i]);
	globfree(&g);
}

/* As empty as new: making a schema anew for each test would take seconds. */
static void
empty_again(void)
{
	const char *list = sql_primary(
	    "SELECT GROUP_CONCAT(table_name) FROM information_schema.tables "
	    "WHERE table_schema = '%s' AND table_name <> 'schema_version'",
	    db);
	struct span rest = span_str(list), part;

	sql_primary("START TRANSACTION"); /* one sync for all */
	while (span_cut(&rest, ',', &part))
		sql_primary("DELETE FROM %s.%.*s", db, (int)part.n, part.p);
	base_rows();
	sql_primary("COMMIT");
}

void
goods_setup(struct ctx *cx, struct settings **set, const char *name)
{
	const char *why = "";

	crypt_init();
	if (db == NULL) {
		db = name;
		dbserver_ctx_schema(cx, &made, name);
		made->replica_sockets = ""; /* reads see what was written */
		made_set = *made;
		made_cx = *cx;
		made_cx.db = NULL;
		dbserver_end(cx);
	} else {
		empty_again();
	}
	*made = made_set;
	*set = made;
	*cx = made_cx;
	cx->arena = ta;
	cx->now = time_now_us();
	if (keyring_load(ta, test_file("keys", KEYS, 0600), &cx->keys, &why) !=
	    RC_OK)
		fail_msg("%s", why);
	/* the process may still hold a block of ids of the test before */
	sql_primary("UPDATE %s.id_block SET next_id = %llu", name,
	    (unsigned long long)(blocks += 1000000));
	cx->lang = "zh-CN";
	cx->actor = ACTOR_SYSTEM;
}

static uint64_t
last_id(const char *table)
{
	uint64_t id = 0;

	if (num_u64(
		span_str(sql_primary("SELECT MAX(id) FROM %s.%s", db, table)),
		UINT64_MAX, &id) != RC_OK)
		fail_msg("no id in %s", table);
	return id;
}

uint64_t
goods_category(uint64_t parent, const char *slug, const char *name)
{
	sql_primary("INSERT INTO %s.category (merchant_id, parent_id, slug, "
		    "name, created_us) VALUES (1, %llu, '%s', '%s', 0)",
	    db, (unsigned long long)parent, slug, name);
	return last_id("category");
}

uint64_t
goods_product(
    uint64_t category, const char *slug, const char *name, const char *state)
{
	sql_primary("INSERT INTO %s.product (merchant_id, category_id, slug, "
		    "name, state, created_us, updated_us) "
		    "VALUES (1, %llu, '%s', '%s', '%s', 0, 0)",
	    db, (unsigned long long)category, slug, name, state);
	return last_id("product");
}

uint64_t
goods_sku(uint64_t product, const char *code, int64_t price, const char *kind)
{
	sql_primary("INSERT INTO %s.sku (merchant_id, product_id, code, name, "
		    "price_minor, kind, created_us) "
		    "VALUES (1, %llu, '%s', '%s', %lld, '%s', 0)",
	    db, (unsigned long long)product, code, code, (long long)price,
	    kind);
	return last_id("sku");
}

void
goods_next(struct ctx *cx)
{
	uint8_t raw[16];
	static const char hex[] = "0123456789abcdef";
	char *id = arena_alloc(ta, 33);
	size_t i;

	crypt_random(raw, sizeof(raw));
	for (i = 0; i < sizeof(raw); i++) {
		id[2 * i] = hex[raw[i] >> 4];
		id[2 * i + 1] = hex[raw[i] & 15];
	}
	cx->request_id = id;
	cx->now = time_now_us();
}
