/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not a client library: the declarations of Oracle's libmysqlclient 8 as far
 * as io/db_*.c use them, written from its manual.  Debian does not package
 * that library; tests/lint/mysql8.sh compiles our files against these, so
 * that the branches for it are seen by a compiler (DEPENDENCIES M12).
 */
#ifndef KS_TEST_MYSQL8_H
#define KS_TEST_MYSQL8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int my_socket;
typedef struct MYSQL {
	struct {
		my_socket fd;
	} net;
} MYSQL;
typedef struct MYSQL_STMT MYSQL_STMT;
typedef struct MYSQL_RES MYSQL_RES;
typedef char **MYSQL_ROW;

enum enum_field_types {
	MYSQL_TYPE_NULL = 6,
	MYSQL_TYPE_LONGLONG = 8,
	MYSQL_TYPE_BLOB = 252,
	MYSQL_TYPE_STRING = 254
};

typedef struct MYSQL_BIND {
	unsigned long *length;
	bool *is_null;
	void *buffer;
	bool *error;
	unsigned long buffer_length;
	enum enum_field_types buffer_type;
	bool is_unsigned;
} MYSQL_BIND;

enum mysql_option {
	MYSQL_OPT_CONNECT_TIMEOUT,
	MYSQL_OPT_PROTOCOL,
	MYSQL_SET_CHARSET_NAME,
	MYSQL_OPT_LOCAL_INFILE,
	MYSQL_OPT_READ_TIMEOUT,
	MYSQL_OPT_WRITE_TIMEOUT,
	MYSQL_OPT_SSL_CA,
	MYSQL_OPT_SSL_MODE
};
enum mysql_protocol_type { MYSQL_PROTOCOL_DEFAULT, MYSQL_PROTOCOL_TCP };
enum mysql_ssl_mode { SSL_MODE_DISABLED = 1, SSL_MODE_VERIFY_IDENTITY = 5 };
enum enum_session_state_type { SESSION_TRACK_SYSTEM_VARIABLES };

#define MYSQL_NO_DATA 100
#define MYSQL_DATA_TRUNCATED 101

MYSQL *mysql_init(MYSQL *my);
int mysql_options(MYSQL *my, enum mysql_option option, const void *arg);
MYSQL *mysql_real_connect(MYSQL *my, const char *host, const char *user,
    const char *password, const char *db, unsigned int port, const char *socket,
    unsigned long flags);
void mysql_close(MYSQL *my);
int mysql_ping(MYSQL *my);
unsigned int mysql_errno(MYSQL *my);
const char *mysql_error(MYSQL *my);
const char *mysql_sqlstate(MYSQL *my);
const char *mysql_get_server_info(MYSQL *my);
int mysql_real_query(MYSQL *my, const char *sql, unsigned long length);
MYSQL_RES *mysql_store_result(MYSQL *my);
MYSQL_ROW mysql_fetch_row(MYSQL_RES *res);
void mysql_free_result(MYSQL_RES *res);
int mysql_session_track_get_first(MYSQL *my, enum enum_session_state_type type,
    const char **data, size_t *length);
int mysql_session_track_get_next(MYSQL *my, enum enum_session_state_type type,
    const char **data, size_t *length);

MYSQL_STMT *mysql_stmt_init(MYSQL *my);
int mysql_stmt_prepare(MYSQL_STMT *st, const char *sql, unsigned long length);
int mysql_stmt_execute(MYSQL_STMT *st);
int mysql_stmt_fetch(MYSQL_STMT *st);
int mysql_stmt_fetch_column(MYSQL_STMT *st, MYSQL_BIND *bind,
    unsigned int column, unsigned long offset);
bool mysql_stmt_bind_param(MYSQL_STMT *st, MYSQL_BIND *bind);
bool mysql_stmt_bind_result(MYSQL_STMT *st, MYSQL_BIND *bind);
bool mysql_stmt_close(MYSQL_STMT *st);
unsigned long mysql_stmt_param_count(MYSQL_STMT *st);
unsigned int mysql_stmt_field_count(MYSQL_STMT *st);
uint64_t mysql_stmt_affected_rows(MYSQL_STMT *st);
uint64_t mysql_stmt_insert_id(MYSQL_STMT *st);
unsigned int mysql_stmt_errno(MYSQL_STMT *st);
const char *mysql_stmt_error(MYSQL_STMT *st);
const char *mysql_stmt_sqlstate(MYSQL_STMT *st);

#endif
