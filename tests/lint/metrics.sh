#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Alert rules and the dashboard: well-formed, played through, and no name in
# them that metric.def does not make.
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"

# names FILE: what metric.def exposes; histograms in their three forms
names() {
	sed -n 's/^COUNTER *(\([a-z_]*\),.*/keystall_\1/p
	    s/^GAUGE *(\([a-z_]*\),.*/keystall_\1/p
	    s/^HISTOGRAM *(\([a-z_]*\),.*/keystall_\1_bucket\nkeystall_\1_sum\nkeystall_\1_count/p' "$1"
}
# lint TREE: names that are used and not made
lint() {
	names "$1/fcgi/base/metric.def" | LC_ALL=C sort -u >"$tmp/made"
	cat "$1"/conf/prometheus/*.yml "$1"/conf/grafana/*.json 2>/dev/null |
	    grep -o 'keystall_[a-z_]*' | LC_ALL=C sort -u |
	    LC_ALL=C comm -23 - "$tmp/made" | sed 's/$/: no such metric/'
}
# unseen TREE: metrics that no panel and no rule looks at
unseen() {
	sed -n 's/^[A-Z]* *(\([a-z_]*\),.*/\1/p' "$1/fcgi/base/metric.def" |
	while read -r name; do
		cat "$1"/conf/prometheus/keystall.rules.yml \
		    "$1"/conf/grafana/*.json 2>/dev/null |
		    grep -q "keystall_$name\(_bucket\|_sum\|_count\|[^a-z_]\)" ||
			echo "keystall_$name: on no panel"
	done
}
# panels FILE: ids that are not unique, panels without a datasource of ours
panels() {
	python3 - "$1" <<'END'
import json
import sys
board = json.load(open(sys.argv[1], encoding="utf-8"))
seen = set()
for p in board["panels"]:
    if p["id"] in seen:
        print("id", p["id"], "twice")
    seen.add(p["id"])
    if p["type"] != "row":
        asked = [p] + p["targets"]
        if any(a["datasource"]["uid"] != "${datasource}" for a in asked):
            print(p["title"], "has a data source of its own")
if not any(v["name"] == "datasource" for v in board["templating"]["list"]):
    print("no variable datasource")
END
}

command -v promtool >/dev/null ||
	tap_skip_all "no promtool (apt-get install prometheus)"
mkdir -p "$tmp/bad/fcgi/base" "$tmp/bad/conf/prometheus" "$tmp/bad/conf/grafana"
cp "$srcdir/fcgi/base/metric.def" "$tmp/bad/fcgi/base/"
echo 'expr: keystall_no_such_thing > 1' >"$tmp/bad/conf/prometheus/a.yml"
lint "$tmp/bad" | grep -q 'keystall_no_such_thing: no such metric'
tap_ok $? "found: a name that is no metric"
echo '{"panels":[{"id":1,"type":"row"},{"id":1,"type":"row"}],"templating":{"list":[]}}' >"$tmp/board"
panels "$tmp/board" | grep -q 'id 1 twice'
tap_ok $? "found: an id twice"
unseen "$tmp/bad" | grep -q 'keystall_workers: on no panel'
tap_ok $? "found: a metric that nobody looks at"
clean "names of rules and dashboard" lint "$srcdir"
clean "metrics that are looked at" unseen "$srcdir"
clean "panels of the dashboard" panels "$srcdir/conf/grafana/keystall.json"
cd "$srcdir/conf/prometheus" || exit 1
promtool check rules keystall.rules.yml >"$tmp/out" 2>&1
tap_ok $? "promtool check rules"
promtool test rules keystall.rules.test.yml >"$tmp/out" 2>&1
status=$?
[ $status -eq 0 ] || sed 's/^/# /' "$tmp/out"
tap_ok $status "promtool test rules"
tap_end
