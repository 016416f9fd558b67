/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for texts that settings.def cannot say: modes, addresses, lists.
 * A wrong one shall be found at start, in the file and line where it stands,
 * and not when the first mail or the first replica needs it.
 */
#include <arpa/inet.h>
#include <string.h>

#include "base/num.h"
#include "base/settings_row.h"
#include "base/str.h"
#include "base/url.h"

enum { LINE_MAX_BYTES = 1024, PORT_MAX = 65535 };

/* Each blank-separated word of v passes. */
static bool
each(const char *v, bool (*ok)(const char *word))
{
	char word[LINE_MAX_BYTES];
	size_t n;

	for (;;) {
		while (chr_space(*v))
			v++;
		for (n = 0; v[n] != '\0' && !chr_space(v[n]); n++)
			;
		if (n == 0)
			return true;
		if (n >= sizeof(word))
			return false;
		memcpy(word, v, n);
		word[n] = '\0';
		if (!ok(word))
			return false;
		v += n;
	}
}

static bool
is_octal_mode(const char *v)
{
	size_t n = strspn(v, "01234567");

	return v[n] == '\0' && n >= 3 && n <= 4;
}

static bool
is_path(const char *v)
{
	return v[0] == '/';
}

/* host:port, [v6]:port */
static bool
is_host_port(const char *v)
{
	const char *colon = strrchr(v, ':');
	unsigned port;

	if (colon == NULL || colon == v)
		return false;
	if (v[0] == '[' ? colon[-1] != ']'
			: memchr(v, ':', (size_t)(colon - v)) != NULL)
		return false;
	return num_uint(colon + 1, PORT_MAX, &port) == RC_OK && port != 0;
}

static bool
is_server(const char *v)
{
	return is_path(v) || is_host_port(v);
}

/* An address, or a network as address/bits. */
static bool
is_network(const char *v)
{
	char addr[INET6_ADDRSTRLEN];
	unsigned char bin[sizeof(struct in6_addr)];
	size_t n = strcspn(v, "/");
	unsigned bits, max;

	if (n >= sizeof(addr))
		return false;
	memcpy(addr, v, n);
	addr[n] = '\0';
	if (inet_pton(AF_INET, addr, bin) == 1)
		max = 32;
	else if (inet_pton(AF_INET6, addr, bin) == 1)
		max = 128;
	else
		return false;
	return v[n] == '\0' || num_uint(v + n + 1, max, &bits) == RC_OK;
}

static bool
is_path_list(const char *v)
{
	return each(v, is_path);
}

static bool
is_host_list(const char *v)
{
	return each(v, is_host_port);
}

static bool
is_server_list(const char *v)
{
	return each(v, is_server);
}

static bool
is_network_list(const char *v)
{
	return each(v, is_network);
}

static bool
is_site(const char *v)
{
	return url_is_http(v) && !str_ends(v, "/") && strpbrk(v, "?#") == NULL;
}

static bool
is_prefix(const char *v)
{
	return url_is_local_path(v) && v[1] != '\0' && !str_ends(v, "/") &&
	       strpbrk(v, "?#%{}") == NULL;
}

static bool
is_shard(const char *v)
{
	return strlen(v) == 2 &&
	       strspn(v, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == 2;
}

static bool
is_smtp(const char *v)
{
	return str_starts(v, "smtp://") || str_starts(v, "smtps://");
}

static bool
is_mail(const char *v)
{
	const char *at = strchr(v, '@');

	return at != NULL && at != v && at[1] != '\0' &&
	       strpbrk(v, " \t\r\n<>,;\"") == NULL;
}

/* Empty values are not asked: they mean "none"; where that is no answer, the
 * row says so itself. */
/* clang-format off */
static const struct {
	const char *name;
	bool (*ok)(const char *v);
	bool needed;
	const char *reason;
} rule[] = {
	{"listen",          is_path,         false, "must be an absolute path"},
	{"listen_mode",     is_octal_mode,   true,  "must be an octal mode like 0660"},
	{"templates_dir",   is_path,         true,  "must be an absolute path"},
	{"static_dir",      is_path,         true,  "must be an absolute path"},
	{"schema_dir",      is_path,         true,  "must be an absolute path"},
	{"seed_dir",        is_path,         true,  "must be an absolute path"},
	{"key_file",        is_path,         false, "must be an absolute path"},
	{"spool_dir",       is_path,         false, "must be an absolute path"},
	{"till_socket",     is_path,         false, "must be an absolute path"},
	{"status_file",     is_path,         false, "must be an absolute path"},
	{"log_file",        is_path,         false, "must be an absolute path"},
	{"db_socket",       is_path,         false, "must be an absolute path"},
	{"replica_sockets", is_path_list,    false, "must be absolute paths, blank separated"},
	{"replica_hosts",   is_host_list,    false, "must be host:port, blank separated"},
	{"memcached",       is_server_list,  false, "must be /path or host:port, blank separated"},
	{"site_url",        is_site,         true,  "must be http://host or https://host without a slash at the end"},
	{"admin_prefix",    is_prefix,       true,  "must be a path like /admin"},
	{"trusted_proxies", is_network_list, false, "must be addresses or networks like 10.0.0.0/8, blank separated"},
	{"shard",           is_shard,        true,  "must be two characters of 0-9A-Z without I L O U"},
	{"smtp_url",        is_smtp,         false, "must begin with smtp:// or smtps://"},
	{"mail_from",       is_mail,         false, "must be a plain mail address"},
};
/* clang-format on */

const char *
setting_reason(const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < sizeof(rule) / sizeof(rule[0]); i++) {
		if (!str_eq(rule[i].name, name))
			continue;
		if (value[0] == '\0')
			return rule[i].needed ? "must not be empty" : NULL;
		return rule[i].ok(value) ? NULL : rule[i].reason;
	}
	return NULL;
}
