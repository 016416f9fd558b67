# SPDX-License-Identifier: Apache-2.0
# The arrows of STYLE section 3: who may include what.  One message a wrong
# include.  Foreign headers belong to io, one library a file.
BEGIN {
	# layer -> headers by prefix
	may["base"] = "base/"
	may["io"] = "base/ io/"
	may["store"] = "base/ store/ io/db.h io/cache.h io/ctx.h"
	may["pay"] = "base/ pay/ io/crypt.h io/httpc.h io/json.h io/ctx.h io/cert.h"
	may["shop"] = "base/ shop/ store/ pay/ io/ctx.h io/crypt.h"
	may["web"] = "base/ web/ shop/ io/ctx.h io/fcgi.h io/tmpl.h io/json.h io/qr.h io/gzip.h"
	may["proc"] = "base/ proc/ shop/ io/ web/web.h web/router.h"
	may["cmd"] = "base/ proc/"

	# what has been committed is sent from here and nowhere else
	also["shop/outbox_send.c"] = "io/cache.h io/httpc.h"
	# a worker hands its claim to another process of the same shop
	also["shop/till.c"] = "io/frame.h"
	# Markdown is rendered where texts are saved; the demo shop is a file
	also["shop/edit_check.c"] = "io/markdown.h"
	also["shop/seed_int.h"] = "io/tmpl.h"
	also["shop/hook_send.c"] = "io/httpc.h"
	also["shop/hook_event.c"] = "io/json.h"
	also["shop/mail_words.c"] = "io/tmpl.h"
	also["shop/webhook.c"] = "io/addr.h"
	also["shop/mail_order.c"] = "io/mail.h io/tmpl.h"

	# library -> pattern of its headers
	lib["libmariadb"] = "^(mysql|mariadb|errmsg|mysqld_error)"
	lib["libmemcached"] = "^libmemcached"
	lib["ClearSilver"] = "^ClearSilver/"
	lib["libfcgi"] = "^(fcgi|fastcgi)"
	lib["OpenSSL"] = "^openssl/"
	lib["libargon2"] = "^argon2"
	lib["libcurl"] = "^curl/"
	lib["jansson"] = "^jansson"
	lib["libqrencode"] = "^qrencode"
	lib["cmark-gfm"] = "^cmark"
	lib["zlib"] = "^zlib"
	lib["libcrypt"] = "^crypt[.]h"
	# headers only, and no more than a data structure
	lib["uthash"] = "^ut(hash|list|array|string)"
	# a fallback in the same place as what it stands in for
	pair["io/password.c"] = "OpenSSL libargon2"
}
FNR == 1 { layer = layer_of(FILENAME); me = name_of(FILENAME); seen = "" }
/^[ \t]*#[ \t]*include[ \t]*"/ {
	h = $0; sub(/^[^"]*"/, "", h); sub(/".*$/, "", h)
	if (!allowed(layer, h) && !listed(also[me], h))
		printf "%s:%d: %s may not include %s\n", FILENAME, FNR, layer, h
	if (h ~ /[.]c$/)
		printf "%s:%d: includes a .c file\n", FILENAME, FNR
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	h = $0; sub(/^[^<]*</, "", h); sub(/>.*$/, "", h)
	for (l in lib) {
		if (h !~ lib[l]) continue
		if (layer != "io" && !(l == "uthash" && layer == "base"))
			printf "%s:%d: %s belongs to io\n", FILENAME, FNR, h
		else if (seen != "" && seen != l && !(listed(pair[me], l) && listed(pair[me], seen)))
			printf "%s:%d: a second library beside %s: %s\n", FILENAME, FNR, seen, h
		seen = l
	}
}
function allowed(layer, h,    n, i, w) {
	n = split(may[layer], w, " ")
	for (i = 1; i <= n; i++)
		if (h == w[i] || (w[i] ~ /\/$/ && index(h, w[i]) == 1))
			return 1
	return 0
}
function listed(list, h) { return index(" " list " ", " " h " ") != 0 }
