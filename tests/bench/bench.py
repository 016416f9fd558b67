# SPDX-License-Identifier: Apache-2.0
"""make bench: every subject interleaved with its limit, at least three times;
medians, spread and ratio as one table and as tests/bench/report.json."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

import rates
from imports import Imports
from market import SETTINGS
from past import Past
from rig import Rig

HERE = os.path.dirname(os.path.realpath(__file__))

# name: (unit, what limits it, True when less is better)
SUBJECTS = {
    "edge_page": ("pages/s", "static file, same size, same nginx", False),
    "cached_page": ("pages/s", "bare_fcgi, same bytes", False),
    "memcached_page": ("pages/s", "bare_fcgi, same bytes", False),
    "rendered_page": ("pages/s", "bare_fcgi, same bytes", False),
    "product_page": ("pages/s", "bare_fcgi, same bytes", False),
    "sold_out": ("answers/s", "bare_fcgi, same bytes", False),
    "place_pay": ("orders/s", "bare_sql, one transaction an order", False),
    "place_pay_large": ("orders/s", "place_pay, empty shop, same round",
                        False),
    "import": ("cards/s", "bare_import, 1,000 rows a commit", False),
    "render_cpu_us": ("us/page", "bar of the design", True),
}
RENDER_BAR_US = 100
IMPORT_MB = 64
LEFT_OUT = {"place_pay_large": "only with --large"}
NOTES = [
    "caps on unpaid orders and rate limits are off; mail is off; everything "
    "else as shipped",
    "place_pay: form tokens and pay pages are fetched outside the timed part; "
    "orders / (seconds of POST /order + seconds of the signed notices)",
    "sold_out: POST /order with a good form token for a SKU that has sold "
    "out, answered 409",
    "edge_page: anonymous visitors, nothing compressed on either side; the "
    "page's header lines are the shop's, the file's are nginx's",
    "cached_page: shared memory before memcached, as shipped; memcached_page: "
    "a storefront with hot_pages = 0; both past the edge cache",
    "render_cpu_us: CPU of the worker (user and system, FastCGI included) "
    "less that of its database client; with it: all_us in details",
]


class Table:
    """Runs of subjects and limits, by name."""

    def __init__(self):
        self.runs = {}

    def add(self, name, value, limit):
        self.runs.setdefault(name, []).append(
            {"value": round(value, 2), "limit_value": round(limit, 2)})
        say(f"  {name:16} {value:10.1f}   limit {limit:10.1f}")

    def subject(self, name):
        unit, limit, _ = SUBJECTS[name]
        runs = self.runs[name]
        values = [r["value"] for r in runs]
        value = statistics.median(values)
        top = statistics.median(r["limit_value"] for r in runs)
        return {"value": value, "unit": unit, "limit": limit,
                "limit_value": top, "ratio": round(value / top, 3),
                "by_round": round(statistics.median(
                    r["value"] / r["limit_value"] for r in runs), 3),
                "spread": round((max(values) - min(values)) / value, 3),
                "runs": runs}


def say(text):
    print(text, file=sys.stderr, flush=True)


def pages(rig, table, limits, args):
    """One round of all that wrk asks."""
    shop, inner, bare = rig.shop.port, rig.inner_port, rig.bare_port
    late, seconds = rig.late_script(), args.seconds

    got = rig.wrk(shop, "/", seconds)
    file = rig.wrk(bare, "/file.html", seconds)
    table.add("edge_page", got, file)
    limits["static_file"].append(round(file, 2))
    got = rig.wrk(inner, "/", seconds)
    home = rig.wrk(bare, "/home", seconds)
    table.add("cached_page", got, home)
    table.add("memcached_page", rig.wrk(rig.memcached_port, "/", seconds),
              rig.wrk(bare, "/home", seconds))
    table.add("rendered_page", rig.wrk(rig.rendered_port, "/",
                                       args.slow),
              rig.wrk(bare, "/home", seconds))
    table.add("product_page", rig.wrk(inner, f"/p/{rig.product}", seconds),
              rig.wrk(bare, "/product", seconds))
    table.add("sold_out",
              rig.wrk(inner, "/order", seconds, want=409, script=late),
              rig.wrk(bare, "/late", seconds, want=409, script=late))
    limits["bare_fcgi"].append(round(home, 2))


def warm_up(rig, args):
    say("warming up")
    for port, path in ((rig.shop.port, "/"), (rig.inner_port, "/"),
                       (rig.memcached_port, "/"), (rig.bare_port, "/home"),
                       (rig.inner_port, f"/p/{rig.product}"),
                       (rig.bare_port, "/file.html")):
        rig.wrk(port, path, 1)
    rig.wrk(rig.rendered_port, "/", args.slow)
    rig.wrk(rig.cpu_port, "/", 1, conns=1)
    rig.place_pay(rig.conns * 2)
    rig.bare_sql(rig.conns * 2)


def measure(rig, args):
    table, limits = Table(), {"static_file": [], "bare_fcgi": []}
    details = {"place_pay": [], "render_cpu_us": []}

    warm_up(rig, args)
    for i in range(args.runs):
        say(f"round {i + 1} of {args.runs}")
        pages(rig, table, limits, args)
        got = rig.place_pay()
        got["bare_two_commits"] = round(rig.bare_sql(commits="two"), 2)
        details["place_pay"].append(got)
        table.add("place_pay", got["rate"], rig.bare_sql())
        with rig.thirty_goods():
            cpu = rig.render_cpu(args.seconds)
        details["render_cpu_us"].append(cpu)
        table.add("render_cpu_us", cpu["own_us"], RENDER_BAR_US)
    details["fixed_rate"] = fixed_rate(rig, args)
    if args.large:
        details["large"] = large(rig, args, table)
    details["import"] = imports(rig, args, table)
    return table, limits, details


def fixed_rate(rig, args):
    say("fixed rate")
    asked = {"cached_page": "/",
             "checkout": f"/checkout?sku={rig.market.hot.id}&qty=1"}
    return {name: rates.percentiles(rig, rig.inner_port, path, args.seconds)
            for name, path in asked.items()}


def large(rig, args, table):
    """Two shops side by side, an empty one and one with a past; they take
    turns in being the first."""
    cards = args.orders * args.runs + args.conns * 8
    say(f"filling {args.large} sold cards and {2 * args.large} orders")
    with Past(args.conns, cards, args.large) as past:
        say(f"  {past.report}")
        past.market.place_pay(args.conns * 4)
        for i in range(args.runs):
            both = [lambda: rig.place_pay()["rate"],
                    lambda: past.market.place_pay(args.orders)["rate"]]
            if i % 2 == 0:
                empty, full = both[0](), both[1]()
            else:
                full, empty = both[1](), both[0]()
            table.add("place_pay_large", full, empty)
        past.verify()
        return past.report


def imports(rig, args, table):
    """Last, because its rows stay; three rounds, for a million takes long."""
    say(f"import of {args.cards} cards")
    both, found = Imports(rig.market, args.cards), []
    for _ in range(3):
        found.append(both.keystallctl())
        table.add("import", found[-1]["rate"], both.bare())
    return found


def version(*argv):
    try:
        done = subprocess.run(argv, capture_output=True, text=True,
                              check=False)
    except OSError:
        return "?"
    return (done.stdout + done.stderr).strip().split("\n")[0]


def machine():
    model = "?"
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"cpus": len(os.sched_getaffinity(0)), "cpu": model,
            "kernel": platform.release(),
            "load_before": [round(x, 2) for x in os.getloadavg()],
            "mariadb": version("mariadbd", "--version"),
            "nginx": version("nginx", "-v"),
            "memcached": version("memcached", "-V")}


def report(args, where, table, limits, details):
    median = {n: statistics.median(v) for n, v in limits.items()}
    return {
        "machine": where,
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "short": args.short, "connections": args.conns,
        "orders_per_run": args.orders, "seconds_per_run": args.seconds,
        "settings": SETTINGS,
        "cards_per_import": args.cards,
        "subjects": {n: table.subject(n) for n in SUBJECTS
                     if n in table.runs},
        "limits": {n: {"value": median[n], "unit": "answers/s",
                       "runs": limits[n]} for n in limits},
        "details": details, "notes": NOTES,
        "left_out": {n: why for n, why in LEFT_OUT.items()
                     if n not in table.runs},
    }


def print_table(r):
    print(f"{'subject':16} {'median':>10} {'unit':10} {'spread':>7} "
          f"{'limit':>10} {'ratio':>6} {'by round':>8}  limit is")
    for name, s in r["subjects"].items():
        print(f"{name:16} {s['value']:10.1f} {s['unit']:10} "
              f"{s['spread']:7.1%} {s['limit_value']:10.1f} "
              f"{s['ratio']:6.3f} {s['by_round']:8.3f}  {s['limit']}")
    file, bare = (r["limits"][n]["value"] for n in
                  ("static_file", "bare_fcgi"))
    print(f"{'bare_fcgi':16} {bare:10.1f} {'answers/s':10} {'':7} "
          f"{file:10.1f} {bare / file:6.3f} {'':8}  static file of the home "
          "page's size")
    for name, why in r["left_out"].items():
        print(f"{name:16} left out: {why}")
    print_details(r)
    for note in r["notes"]:
        print(f"- {note}")
    m = r["machine"]
    print(f"{m['cpus']} CPUs, {m['cpu']}; load before: "
          f"{m['load_before'][0]}")
    if m["load_before"][0] > m["cpus"] / 2:
        print("THE MACHINE WAS BUSY: repeat this on a quiet one.")


def print_details(r):
    found = r["details"]
    place = [d["place_p99_ms"] for d in found["place_pay"]]
    cpu = [d["all_us"] for d in found["render_cpu_us"]]
    two = statistics.median(d["bare_two_commits"] for d in found["place_pay"])
    print(f"\nplace_pay: {r['subjects']['place_pay']['value'] / two:.3f} of "
          f"bare_sql with two commits an order ({two:.1f} orders/s)")
    print(f"place_pay: p99 of POST /order {statistics.median(place):.1f} "
          f"ms; {r['orders_per_run']} orders a run over {r['connections']} "
          "connections")
    print(f"render_cpu_us: {statistics.median(cpu):.1f} us a page with the "
          "database client")
    for name, d in found["fixed_rate"].items():
        print(f"{name} at {d['asked_per_s']} a second (got "
              f"{d['got_per_s']}): p50 {d['p50_ms']:.1f}, "
              f"p99 {d['p99_ms']:.1f}, p99.9 {d['p999_ms']:.1f} ms")
    if "large" in found:
        d = found["large"]
        print(f"place_pay_large: {d['cards']} sold cards and {d['orders']} "
              f"past orders, filled in {d['seconds']} s, "
              f"{d['database_mb']} MB a server")
    peak = max(d["peak_rss_mb"] for d in found["import"])
    print(f"import: at most {peak} MB of {IMPORT_MB} MB while "
          f"{r['cards_per_import']} cards came in")


def save(r):
    """Beside the sources as the contract has it, and in the build."""
    built = os.path.join(os.environ["BIN_DIR"], "tests", "bench")
    for folder in dict.fromkeys((HERE, built)):
        path = os.path.join(folder, "report.json")
        try:
            with open(path + ".new", "w", encoding="utf-8") as f:
                json.dump(r, f, indent=1, ensure_ascii=False)
                f.write("\n")
            os.replace(path + ".new", path)
            print(f"written: {path}")
        except OSError as e:  # a source tree may be read-only
            if folder == built:
                raise
            say(f"{path}: {e}")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--short", action="store_true",
                   help="under three minutes: shorter runs, fewer orders")
    p.add_argument("--large", type=int, nargs="?", const=5000000, default=0,
                   metavar="CARDS", help="place and pay in a shop with so "
                   "many sold cards (5,000,000) and twice the past orders")
    p.add_argument("--conns", type=int, default=16,
                   help="connections, workers, and clients of each limit")
    p.add_argument("--runs", type=int, default=0, help="rounds, at least 3")
    args = p.parse_args()
    args.runs = max(3, args.runs or (3 if args.short else 5))
    args.seconds = 2 if args.short else 5
    args.orders = 500 if args.short else 4000
    args.cards = 50000 if args.short else 1000000
    args.slow = 3 if args.short else 5  # a rendered page waits for queries

    where = machine()
    with Rig(args.conns, args.runs, args.orders, args.large > 0) as rig:
        found = measure(rig, args)
        rig.shop.verify()
    r = report(args, where, *found)
    print_table(r)
    print("keystallctl verify: every invariant ok")
    save(r)


if __name__ == "__main__":
    main()
