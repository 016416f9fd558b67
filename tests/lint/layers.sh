#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Dependencies go one way (layers.awk).
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"

lint() {
	find "$1/fcgi" -name '*.[ch]' -print | LC_ALL=C sort |
	    xargs "$AWK" -f "$here/c.awk" -f "$here/layers.awk"
}

finds "shop reaches for the database" \
    'a.c:1: shop may not include io/db.h' fcgi/shop/a.c <<'X'
#include "io/db.h"
X
finds "web skips shop" 'web may not include store/order.h' fcgi/web/a.c <<'X'
#include "base/rc.h"
  #  include "store/order.h"
X
finds "base looks up" 'base may not include io/ctx.h' fcgi/base/a.h <<'X'
#include "io/ctx.h"
X
finds "pay changes state" 'pay may not include store/tx.h' fcgi/pay/a.c <<'X'
#include "store/tx.h"
X
finds "a library outside io" 'a.c:1: mysql.h belongs to io' fcgi/store/a.c <<'X'
#include <mysql.h>
X
finds "two libraries in one file" 'second library beside jansson' fcgi/io/a.c <<'X'
#include <jansson.h>
#include <curl/curl.h>
X
finds "a .c file included" 'includes a .c file' fcgi/io/a.c <<'X'
#include "io/b.c"
X
takes "arrows of the table" fcgi/shop/a.c <<'X'
#include "shop/a.h"
#include "store/tx.h"
#include "pay/gateway.h"
#include "io/crypt.h"
#include <string.h>
X
clean "fcgi/ keeps to the layers" lint "$srcdir"
tap_end
