# SPDX-License-Identifier: Apache-2.0
"""make bench: every subject interleaved with its limit, at least three times;
medians, spread and ratio as one table and as tests/bench/report.json."""

import argparse
import contextlib
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
from rush import Rush
from storm import RATE, Storm, notice_cpu

HERE = os.path.dirname(os.path.realpath(__file__))

# name: (unit, what limits it, True when less is better)
SUBJECTS = {
    "edge_page": ("pages/s", "static file, same size, same nginx", False),
    "cached_page": ("pages/s", "bare_fcgi, same bytes", False),
    "memcached_page": ("pages/s", "bare_fcgi, same bytes", False),
    "rendered_page": ("pages/s", "bare_fcgi, same bytes", False),
    "product_page": ("pages/s", "bare_fcgi, same bytes", False),
    "sold_out": ("answers/s", "bare_fcgi, same bytes", False),
    "place_pay": ("orders/s", "bare_sql, as many connections", False),
    "place_pay_one": ("orders/s", "bare_sql, order after order", False),
    "place_pay_large": ("orders/s", "place_pay, empty shop, same round",
                        False),
    "import": ("cards/s", "bare_import, 1,000 rows a commit", False),
    "render_cpu_us": ("us/page", "bar of the design", True),
    "notice_cpu_us": ("us/notice", "bar, the dearest gateway", True),
    "notice_storm": ("notices/s", "the same without forged ones", False),
}
PAGES = ("edge_page", "cached_page", "memcached_page", "rendered_page",
         "product_page", "sold_out")
RENDER_BAR_US = 100
NOTICE_BAR_US = 1000
IMPORT_MB = 64
LEFT_OUT = {"place_pay_large": "only with --large"}
NOTES = [
    "caps on unpaid orders and rate limits are off; mail is off; everything "
    "else as shipped",
    "place_pay, place_pay_one: the same runs; bare_sql does one transaction "
    "an order, on as many connections or on one",
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
    "notice_cpu_us: CPU of one verification with the channel's keys at hand, "
    "the dearest of each gateway's vectors; PayPal's own answers not counted",
    f"notice_storm: real notices while {RATE} forged ones a second come from "
    "20,000 addresses, a connection each; its bar is a ratio of 0.5",
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
    # name: ours, the limit's, seconds of ours, status, script
    asked = {
        "edge_page": ((shop, "/"), "/file.html", seconds, 200, None),
        "cached_page": ((inner, "/"), "/home", seconds, 200, None),
        "memcached_page": ((rig.memcached_port, "/"), "/home", seconds, 200,
                           None),
        "rendered_page": ((rig.rendered_port, "/"), "/home", args.slow, 200,
                          None),
        "product_page": ((inner, f"/p/{rig.product}"), "/product", seconds,
                         200, None),
        "sold_out": ((inner, "/order"), "/late", seconds, 409, late),
    }
    for name, (ours, path, slow, want, script) in asked.items():
        if name not in args.only:
            continue
        got = rig.wrk(*ours, slow, want=want, script=script)
        most = rig.wrk(bare, path, seconds, want=want, script=script)
        table.add(name, got, most)
        for limit, of in (("static_file", "edge_page"),
                          ("bare_fcgi", "cached_page")):
            if of == name:
                limits[limit].append(round(most, 2))


def warm_up(rig, rush, args):
    say("warming up")
    if args.only & set(PAGES):
        for port, path in ((rig.shop.port, "/"), (rig.inner_port, "/"),
                           (rig.memcached_port, "/"),
                           (rig.bare_port, "/home"),
                           (rig.inner_port, f"/p/{rig.product}"),
                           (rig.bare_port, "/file.html")):
            rig.wrk(port, path, 1)
        rig.wrk(rig.rendered_port, "/", args.slow)
    rig.wrk(rig.cpu_port, "/", 1, conns=1)
    rig.market.place_pay(rig.conns * 2)
    if rush:
        rush.warm_up()


def place_pay(rush, table):
    got = rush.place_pay()
    got["bare_two_commits"] = round(rush.bare_sql(commits="two"), 2)
    table.add("place_pay", got["rate"], rush.bare_sql())
    table.add("place_pay_one", got["rate"],
              rush.bare_sql(max(100, rush.orders // 4), conns=1))
    return got


def measure(rig, rush, args):
    table, limits = Table(), {"static_file": [], "bare_fcgi": []}
    details = {}
    storm = Storm(rig.market, args.orders)

    def keep(name, found):
        details.setdefault(name, []).append(found)
        return found

    warm_up(rig, rush, args)
    for i in range(args.runs):
        say(f"round {i + 1} of {args.runs}")
        pages(rig, table, limits, args)
        if rush:
            keep("place_pay", place_pay(rush, table))
        if "render_cpu_us" in args.only:
            with rig.thirty_goods():
                cpu = keep("render_cpu_us", rig.render_cpu(args.seconds))
            table.add("render_cpu_us", cpu["own_us"], RENDER_BAR_US)
        if "notice_cpu_us" in args.only:
            cpu = keep("notice_cpu_us", notice_cpu(rig.prog))
            table.add("notice_cpu_us",
                      max(one["p50_us"] for one in cpu.values()),
                      NOTICE_BAR_US)
        if "notice_storm" in args.only:
            got = keep("notice_storm", storm.measure())
            table.add("notice_storm", got["storm"]["rate"],
                      got["alone"]["rate"])
    if args.only >= set(PAGES):
        details["fixed_rate"] = fixed_rate(rig, args)
    if args.large:
        details["large"] = large(rush, args, table)
    if "import" in args.only:
        details["import"] = imports(rig, args, table)
    return table, limits, details


def fixed_rate(rig, args):
    say("fixed rate")
    asked = {"cached_page": "/",
             "checkout": f"/checkout?sku={rig.market.hot.id}&qty=1"}
    return {name: rates.percentiles(rig, rig.inner_port, path, args.seconds)
            for name, path in asked.items()}


def large(rush, args, table):
    """Two shops side by side, an empty one and one with a past; they take
    turns in being the first."""
    cards = args.orders * args.runs + args.rush * 8
    say(f"filling {args.large} sold cards and {2 * args.large} orders")
    with Past(args.rush, cards, args.large) as past:
        say(f"  {past.report}")
        past.market.place_pay(args.rush * 4)
        for i in range(args.runs):
            both = [lambda: rush.place_pay()["rate"],
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
    median = {n: statistics.median(v) for n, v in limits.items() if v}
    return {
        "machine": where,
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "short": args.short, "connections": args.conns,
        "rush_connections": args.rush,
        "orders_per_run": args.orders, "seconds_per_run": args.seconds,
        "settings": SETTINGS,
        "cards_per_import": args.cards,
        "subjects": {n: table.subject(n) for n in SUBJECTS
                     if n in table.runs},
        "limits": {n: {"value": median[n], "unit": "answers/s",
                       "runs": limits[n]} for n in median},
        "details": details, "notes": NOTES,
        "left_out": {n: LEFT_OUT.get(n, "not asked for") for n in SUBJECTS
                     if n not in table.runs},
    }


def print_table(r):
    print(f"{'subject':16} {'median':>10} {'unit':10} {'spread':>7} "
          f"{'limit':>10} {'ratio':>6} {'by round':>8}  limit is")
    for name, s in r["subjects"].items():
        print(f"{name:16} {s['value']:10.1f} {s['unit']:10} "
              f"{s['spread']:7.1%} {s['limit_value']:10.1f} "
              f"{s['ratio']:6.3f} {s['by_round']:8.3f}  {s['limit']}")
    if len(r["limits"]) == 2:
        file, bare = (r["limits"][n]["value"] for n in
                      ("static_file", "bare_fcgi"))
        print(f"{'bare_fcgi':16} {bare:10.1f} {'answers/s':10} {'':7} "
              f"{file:10.1f} {bare / file:6.3f} {'':8}  static file of the "
              "home page's size")
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
    """What is behind a subject's one figure, for those that ran."""
    print()
    for name, show in (("place_pay", show_place), ("render_cpu_us", show_cpu),
                       ("notice_cpu_us", show_notice_cpu),
                       ("notice_storm", show_storm),
                       ("fixed_rate", show_fixed), ("large", show_large),
                       ("import", show_import)):
        if name in r["details"]:
            show(r, r["details"][name])


def show_place(r, found):
    two = statistics.median(d["bare_two_commits"] for d in found)
    late = statistics.median(d["place_p99_ms"] for d in found)
    print(f"place_pay: {r['subjects']['place_pay']['value'] / two:.3f} of "
          f"bare_sql with two commits an order ({two:.1f} orders/s)")
    print(f"place_pay: p99 of POST /order {late:.1f} "
          f"ms; {r['orders_per_run']} orders a run over "
          f"{r['rush_connections']} connections")


def show_cpu(_, found):
    cpu = statistics.median(d["all_us"] for d in found)
    print(f"render_cpu_us: {cpu:.1f} us a page with the database client")


def show_notice_cpu(_, found):
    for gateway in found[0]:
        us = statistics.median(d[gateway]["p50_us"] for d in found)
        late = statistics.median(d[gateway]["p99_us"] for d in found)
        print(f"notice_cpu_us: {gateway:10} {us:7.1f} of {NOTICE_BAR_US} us, "
              f"p99 {late:.1f} ({found[0][gateway]['id']})")


def show_storm(_, found):
    forged = [d["forged"] for d in found]
    print(f"notice_storm: p99 of a real one "
          f"{statistics.median(d['storm']['pay_p99_ms'] for d in found):.1f} "
          "ms, alone "
          f"{statistics.median(d['alone']['pay_p99_ms'] for d in found):.1f}; "
          f"{sum(d['sent'] for d in forged)} forged, at least "
          f"{min(d['sent_per_s'] for d in forged):.0f} a second, none with "
          "an effect")


def show_fixed(_, found):
    for name, d in found.items():
        print(f"{name} at {d['asked_per_s']} a second (got "
              f"{d['got_per_s']}): p50 {d['p50_ms']:.1f}, "
              f"p99 {d['p99_ms']:.1f}, p99.9 {d['p999_ms']:.1f} ms")


def show_large(_, d):
    print(f"place_pay_large: {d['cards']} sold cards and {d['orders']} "
          f"past orders, filled in {d['seconds']} s, "
          f"{d['database_mb']} MB a server")


def show_import(r, found):
    peak = max(d["peak_rss_mb"] for d in found)
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


def subjects(text):
    """The names of --only."""
    names = set(text.split(","))
    if names <= set(SUBJECTS):
        return names
    raise argparse.ArgumentTypeError(
        f"no such subject: {', '.join(sorted(names - set(SUBJECTS)))}")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--short", action="store_true",
                   help="under three minutes: shorter runs, fewer orders")
    p.add_argument("--large", type=int, nargs="?", const=5000000, default=0,
                   metavar="CARDS", help="place and pay in a shop with so "
                   "many sold cards (5,000,000) and twice the past orders")
    p.add_argument("--conns", type=int, default=16,
                   help="connections, workers, and clients of each limit")
    p.add_argument("--rush", type=int, default=64,
                   help="the same of place_pay")
    p.add_argument("--runs", type=int, default=0, help="rounds, at least 3")
    p.add_argument("--only", type=subjects, default=set(SUBJECTS),
                   metavar="NAME,...", help="these subjects alone")
    args = p.parse_args()
    args.runs = max(3, args.runs or (3 if args.short else 5))
    args.seconds = 2 if args.short else 5
    args.orders = 500 if args.short else 4000
    args.cards = 50000 if args.short else 1000000
    args.slow = 3 if args.short else 5  # a rendered page waits for queries

    where = machine()
    with contextlib.ExitStack() as all_:
        rig = all_.enter_context(Rig(args.conns, args.runs, args.orders))
        rush = None
        if args.only & {"place_pay", "place_pay_one", "place_pay_large"}:
            rush = all_.enter_context(Rush(args.rush, args.runs, args.orders,
                                           args.large > 0))
        found = measure(rig, rush, args)
        for shop in [rig.shop] + ([rush.shop] if rush else []):
            shop.verify()
    r = report(args, where, *found)
    print_table(r)
    print("keystallctl verify: every invariant ok")
    save(r)


if __name__ == "__main__":
    main()
