/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Error numbers of the server and of the library: what each means to the
 * caller, whether the connection survives it, and what may be logged of it.
 */
#include "io/db_int.h"

#include "base/bug.h"
#include "base/log.h"

/* clang-format off */
static const struct { unsigned no; enum db_err err; } meaning[] = {
	{ 1062, DE_DUPLICATE }, /* ER_DUP_ENTRY */
	{ 1586, DE_DUPLICATE }, /* ER_DUP_ENTRY_WITH_KEY_NAME */
	{ 1020, DE_AGAIN },	/* ER_CHECKREAD: innodb_snapshot_isolation */
	{ 1205, DE_AGAIN },	/* ER_LOCK_WAIT_TIMEOUT */
	{ 1213, DE_AGAIN },	/* ER_LOCK_DEADLOCK */
	{ 1317, DE_AGAIN },	/* ER_QUERY_INTERRUPTED */
	{ 1969, DE_AGAIN },	/* ER_STATEMENT_TIMEOUT (MariaDB) */
	{ 3024, DE_AGAIN },	/* ER_QUERY_TIMEOUT (MySQL) */
	{ 3572, DE_AGAIN },	/* ER_LOCK_NOWAIT */
	{ 1021, DE_AGAIN },	/* ER_DISK_FULL */
	{ 1114, DE_AGAIN },	/* ER_RECORD_FILE_FULL */
	{ 1047, DE_LOST },	/* a Galera node that is not ready */
	{ 1053, DE_LOST },	/* ER_SERVER_SHUTDOWN */
	{ 1080, DE_LOST },	/* ER_FORCING_CLOSE */
	{ 1158, DE_LOST },	/* ER_NET_READ_ERROR and its kin */
	{ 1159, DE_LOST },
	{ 1160, DE_LOST },
	{ 1161, DE_LOST },
	{ 1243, DE_LOST },	/* ER_UNKNOWN_STMT_HANDLER: another session */
	{ 1927, DE_LOST },	/* ER_CONNECTION_KILLED */
	{ 4031, DE_LOST },	/* ER_CLIENT_INTERACTION_TIMEOUT (MySQL) */
	{ 1290, DE_READONLY },	/* ER_OPTION_PREVENTS_STATEMENT */
	{ 1836, DE_READONLY },	/* ER_READ_ONLY_MODE */
	{ 1040, DE_FULL },	/* ER_CON_COUNT_ERROR */
	{ 1203, DE_FULL },	/* ER_TOO_MANY_USER_CONNECTIONS */
	{ 1226, DE_FULL },	/* ER_USER_LIMIT_REACHED */
	{ 1461, DE_FULL },	/* ER_MAX_PREPARED_STMT_COUNT_REACHED */
	{ 1615, DE_REPREPARE }, /* ER_NEED_REPREPARE */
	{ 1054, DE_SCHEMA },	/* ER_BAD_FIELD_ERROR */
	{ 1146, DE_SCHEMA },	/* ER_NO_SUCH_TABLE */
	{ 1267, DE_CHARSET },	/* ER_CANT_AGGREGATE_2COLLATIONS */
	{ 1270, DE_CHARSET },
	{ 1271, DE_CHARSET },
};
/* clang-format on */

enum db_err
db_err_of(unsigned no)
{
	size_t i;

	if (no == 0)
		return DE_NONE;
	/* 2000 ... are the library's own: gone away, lost, out of sync,
	 * malformed packet, TLS.  Whatever it is, the stream is not to be
	 * trusted any more. */
	if (no >= 2000 && no < 3000)
		return DE_LOST;
	for (i = 0; i < sizeof(meaning) / sizeof(meaning[0]); i++)
		if (meaning[i].no == no)
			return meaning[i].err;
	return DE_OTHER;
}

/* Messages about syntax, names and log-ins are ours to read; those about
 * rows ("Duplicate entry 'x'") quote values. */
static bool
text_is_safe(unsigned no)
{
	switch (no) {
	case 1044: /* access denied, of several kinds */
	case 1045:
	case 1049:
	case 1054:
	case 1064:
	case 1142:
	case 1143:
	case 1146:
	case 1193:
	case 1227:
		return true;
	default:
		return no >= 2000 && no < 3000;
	}
}

enum rc
db_fail(struct db_conn *c, const char *name, unsigned no, const char *state,
    const char *text)
{
	enum db_err err = db_err_of(no);
	enum rc rc = RC_FAIL;

	BUG_ON(err == DE_NONE);
	if (err == DE_DUPLICATE)
		return RC_CONFLICT;
	if (err == DE_CHARSET)
		return RC_INVALID;
	if (err != DE_OTHER && err != DE_SCHEMA)
		rc = RC_BUSY;
	log_event(rc == RC_BUSY ? LOG_WARN : LOG_ERROR, "db_error",
	    LF_STR("server", c->label), LF_STR("stmt", name),
	    LF_U64("errno", no), LF_STR("state", state),
	    LF_STR("text", text_is_safe(no) ? text : ""));
	if (err == DE_LOST || err == DE_READONLY || err == DE_FULL) {
		c->lost = err;
		c->late = conn_late();
		conn_drop(c);
	}
	return rc;
}
