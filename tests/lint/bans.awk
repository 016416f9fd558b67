# SPDX-License-Identifier: Apache-2.0
# What C may not hold here.  Each rule of the style book that a pattern can
# see; a place that may break one is named in BEGIN, with the reason.
BEGIN {
	sql = "^[ \t]*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|TRUNCATE|GRANT|WITH|CALL) [A-Za-z@(*]"
	# what a session says about itself is not a statement of the shop
	sql_ok["io/db_conn.c"] = sql_ok["io/db_route.c"] = 1
	sql_ok["shop/doctor.c"] = 1 # asks the server about itself, as its admin
	html = "<(/?[a-z][a-z0-9]*[ />]|!doctype|!--)"
	html_ok["io/qr.c"] = 1       # an SVG, built from numbers only
	html_ok["io/tmpl.c"] = 1     # asks the engine to prove that it escapes
	html_ok["io/markdown.c"] = 1 # allow-list of what it may leave
	html_ok["io/json.c"] = 1     # a comment's example has none, "</" is escaped

	# banned.h's names, where they are owned
	own["base/time.c"] = "clock_gettime"
	own["base/bug.c"] = "abort"
	own["base/banned.h"] = "*"
	own["io/fcgi.c"] = "setenv getenv"
	own["pay/scalar.c"] = "strtod strtol"

	equal_ok["shop/staff_check.c"] = 1 # a new password that is the name

	# HTTP status numbers have one home; a gateway's own reply is the
	# gateway's word
	status = "^(200|201|204|206|301|302|303|304|307|308|400|401|403|404|405|409|410|411|413|414|415|422|429|431|500|501|502|503|504)$"
	status_ok["web/reply.h"] = status_ok["web/reply.c"] = 1
}
FNR == 1 {
	c_begin_file()
	layer = layer_of(FILENAME); me = name_of(FILENAME); in_enum = 0
	header = FILENAME ~ /[.]h$/; def = FILENAME ~ /[.]def$/
	if ($0 !~ /SPDX-License-Identifier: Apache-2.0/)
		say("no SPDX line on top")
}
{ c_line($0) }

c_slashes { say("// comment: write /* */") }
comment ~ /(^|[^A-Za-z])(TODO|FIXME|XXX|HACK)([^A-Za-z]|$)/ {
	say("a bare mark: write NEEDSWORK: and a sentence")
}
{
	for (i = 1; i <= lits; i++) {
		if (lit[i] ~ sql && !sql_ok[me])
			say("SQL text: sql/query/ is its place")
		if (lit[i] ~ html && !html_ok[me])
			say("HTML text: templates/ is its place")
	}
}
code ~ /^[ \t]+static[ \t]/ && !local_is_const(code) {
	say("a mutable static local outlives the request")
}
code ~ /(^|[^A-Za-z_])goto[ \t]/ && layer != "io" { say("goto outside io") }
code ~ /__attribute__\(\(cleanup/ && layer != "io" { say("cleanup attribute outside io") }
code ~ /^#[ \t]*(if|ifdef|ifndef|elif)([ \t]|$)/ && layer != "base" && layer != "io" && !(header && code ~ /#[ \t]*ifndef[ \t]+KS_/) {
	say("conditional compilation outside base and io")
}
code ~ /^#[ \t]*undef[ \t]/ && me !~ /[.]def$/ {
	split(code, w, /[ \t]+/)
	name = w[2]
	if (name ~ /^[a-z_0-9]+$/ && !listed(own[me], name) && own[me] != "*")
		say("takes back the ban on " name "; tests/lint/bans.awk lists who may")
}
code ~ /(^|[^a-z_])(memcmp|strcmp|strncmp|str_eq|span_eq|span_is) ?\(.*(signature|[^a-z]mac[^a-z]|digest|hmac|password|secret|[^a-z]token[^a-z])/ &&
    (layer == "web" || layer == "shop" || layer == "pay") && !equal_ok[me] {
	say("compare secrets with crypt_equal()")
}
code ~ /(^|[^a-z_])(float|double)([^a-z_]|$)/ && layer != "io" && layer != "base" && !float_ok() {
	say("floating point: money is int64")
}
# numbers
layer == "web" || layer == "pay" || layer == "shop" || layer == "store" || layer == "proc" {
	if (code ~ /(^|[^A-Za-z_])enum([ \t].*)?[{][^}]*$/) in_enum = 1
	s = code
	if (code ~ /(^|[^A-Za-z_])enum([ \t].*)?[{].*[}]/) s = ""
	while (match(s, /[A-Za-z_0-9.]+/)) {
		w1 = substr(s, RSTART, RLENGTH)
		s = substr(s, RSTART + RLENGTH)
		if (w1 !~ /^[0-9]/) continue
		number(w1)
	}
	if (code ~ /[}]/) in_enum = 0
}

function number(w1,    v) {
	v = tolower(w1)
	sub(/[ul]+$/, "", v)
	if (v ~ /^0x/ || v ~ /[.]/) return
	if (v ~ status && !status_ok[me] && !def && layer != "pay" && !in_enum &&
	    (layer == "web" || v !~ /00$/)) { # 500 pieces are no status
		say("status number " v ": web/reply.h has the names")
		return
	}
	if ((layer == "web" || layer == "pay") && v + 0 > 64 && !in_enum && !def && !status_ok[me])
		say("bare number " v ": name it, in base/limits.h if it bounds what comes from outside")
}
# JSON numbers of gateways come as doubles and leave as text at once.
function float_ok() { return me == "pay/scalar.c" || me == "shop/forecast.c" }
# const all the way: a pointer to const is itself mutable.
function local_is_const(s) {
	sub(/^[ \t]+static[ \t]+/, "", s)
	sub(/[{=].*$/, "", s)
	if (s ~ /[*]const [a-z_0-9]+[ ;\[]/) return 1
	return s ~ /^const / && s !~ /[*]/
}
function listed(list, h) { return index(" " list " ", " " h " ") != 0 }
function say(what) { printf "%s:%d: %s\n", FILENAME, FNR, what }
