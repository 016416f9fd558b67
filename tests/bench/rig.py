# SPDX-License-Identifier: Apache-2.0
"""What is measured and what it is measured against, on one private stack: the
shop of market.py, and beside its storefront, behind the same nginx, the
storefront without the micro-cache, a bare FastCGI program, a static file, a
storefront without the page cache and one with a single worker whose CPU is
counted."""

import contextlib
import json
import mmap
import os
import re
import struct

import fcgi_client
from goods import make_sku
from market import Market, run
from procs import Proc, can_connect, free_port, give
from render import hdf, write_file
from servers import CONF

GOODS = 30  # on the page whose rendering is measured
COUNTERS = struct.Struct("QQQQQ")  # struct dbcpu of dbcpu.c


class Rig:
    def __init__(self, conns, runs, orders):
        self.conns = conns
        # of the buyers, alone and in a storm, of those who warm up and of the
        # storm's victims; some are left, so that the checkout stays open
        self.cards = 2 * orders * runs + conns * 2 + runs + 100
        self.market = Market(conns, self.cards, False)
        self.shop, self.prog = self.market.shop, self.market.prog
        self.inner_port, self.memcached_port, self.rendered_port, \
            self.bare_port, self.cpu_port = (free_port() for _ in range(5))
        self.extra = []
        self._servers()

    # -- making it ---------------------------------------------------------

    def _servers(self):
        """More servers in the shop's own nginx, with its own settings."""
        s = self.shop
        text = "".join(f"""
server {{
    listen 127.0.0.1:{port};
    server_tokens off;
    keepalive_requests 1000;
    access_log "{s.log_dir}/nginx-access.log" keystall;
    location = /file.html {{
        root "{s.dir}/tmp/file";
        open_file_cache max=1000 inactive=20s;
        open_file_cache_valid 5s;
    }}
    location / {{
        include "{CONF}/nginx-fastcgi.conf";
        fastcgi_pass "unix:{s.dir}/run/{sock}.sock";
    }}
}}
""" for port, sock in ((self.inner_port, "storefront"),
                       (self.memcached_port, "nohot"),
                       (self.rendered_port, "rendered"),
                       (self.cpu_port, "cpu"), (self.bare_port, "bare")))
        with open(f"{s.dir}/etc/nginx-site.conf", "a", encoding="utf-8") as f:
            f.write(text)

    def __enter__(self):
        try:
            self.market.start()
            self._goods()
            self._pool("nohot", self.conns, hot_pages=0)
            self._pool("rendered", self.conns, cache_page_s=0)
            self._pool("cpu", 1, cache_page_s=0, env={
                "LD_PRELOAD": f"{self.prog}/dbcpu.so",
                "KS_DBCPU": self._counters()})
            self._bare_fcgi()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc):
        for proc in reversed(self.extra):
            proc.stop()
        self.shop.stop()

    def _pool(self, name, workers, env=None, **settings):
        """Another storefront of the same shop."""
        s = self.shop
        sock = f"{s.dir}/run/{name}.sock"
        config = f"{s.dir}/etc/{name}.conf"
        write_file(config, hdf(dict(
            s.settings, pool="storefront", workers=workers, listen=sock,
            status_file=f"{s.dir}/run/{name}.status", max_requests=0,
            **settings)))
        self._start(Proc(name, [f"{s.bin_dir}/keystall-fcgi", "-c",
                                give(config)], f"{s.log_dir}/{name}.log",
                         lambda: can_connect(sock), env=env))

    def _start(self, proc):
        proc.start()
        self.extra.append(proc)

    def _counters(self):
        path = f"{self.shop.dir}/run/dbcpu"
        write_file(path, "\0" * COUNTERS.size)
        return give(path)

    def _goods(self):
        """One that is sold out, with a form that was opened while it was
        not."""
        s = self.shop
        gone = make_sku(s, cards=1)
        early = s.shopper()
        early.checkout(sku=gone.id)
        form = early.form("/order", "post")
        self.late_form = dict(form.fields, contact="late@example.test")
        self.late_cookie = "; ".join(
            f"{c.name}={c.value}" for c in early.session.cookies)
        s.shopper().order(sku=gone.id)
        self.product = s.shopper().first_on_sale()
        s.replica.catch_up()

    def late_body(self):
        from urllib.parse import urlencode
        return urlencode(self.late_form)

    def _bare_fcgi(self):
        """It prints what the shop printed, headers and all."""
        s = self.shop
        store = f"{s.dir}/run/storefront.sock"
        asked = {
            "home": (200, {"url": "/"}),
            "product": (200, {"url": f"/p/{self.product}"}),
            "late": (409, {"url": "/order", "method": "POST",
                           "body": self.late_body().encode(),
                           "headers": {"Cookie": self.late_cookie}}),
        }
        files, self.sizes = [], {}
        for name, (status, request) in asked.items():
            answer = fcgi_client.ask(store, **request)
            got = answer.status or 200
            assert got == status, f"{name}: {got}\n{answer.body[:2000]}"
            path = f"{s.dir}/tmp/{name}.cgi"
            with open(path, "wb") as f:
                f.write(answer.raw)
            files.append(f"{name}={give(path)}")
            self.sizes[name] = len(answer.body)
        os.mkdir(f"{s.dir}/tmp/file")
        with open(f"{s.dir}/tmp/file/file.html", "wb") as f:
            f.write(b"x" * self.sizes["home"])
        give(f"{s.dir}/tmp/file")
        sock = f"{s.dir}/run/bare.sock"
        self._start(Proc("bare", [f"{self.prog}/bare_fcgi", sock,
                                  str(self.conns), *files],
                         f"{s.log_dir}/bare.log", lambda: can_connect(sock)))

    # -- measuring ---------------------------------------------------------

    def wrk(self, port, path, seconds, want=200, script=None, conns=None):
        """Requests a second in a closed loop; every answer must have the
        status `want`."""
        log = f"{self.shop.log_dir}/nginx-access.log"
        os.truncate(log, 0)
        argv = ["wrk", "-t1", f"-c{conns or self.conns}", f"-d{seconds}s",
                "--timeout", "30s",
                *(["-s", script] if script else []),
                f"http://127.0.0.1:{port}{path}"]
        out = run(argv)
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
        assert "Socket errors" not in out, f"{path}: {out}"
        with open(log, "rb") as f:
            # by path: a slow answer of the run before may come in late
            got = re.findall(rb'"path":"%s","status":(\d+)' %
                             re.escape(path.split("?")[0]).encode(), f.read())
        counts = {int(c): got.count(c) for c in set(got)}
        # 499: what was under way when wrk hung up
        bad = {c: n for c, n in counts.items() if c not in (want, 499)}
        assert not bad and counts.get(want, 0) > 0, \
            f"{' '.join(argv)}: answers by status: {counts}"
        return rate

    def late_script(self):
        path = f"{self.shop.dir}/tmp/late.lua"
        write_file(path, f"""\
wrk.method = "POST"
wrk.body = {json.dumps(self.late_body())}
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Cookie"] = {json.dumps(self.late_cookie)}
""", 0o644)
        return path

    @contextlib.contextmanager
    def thirty_goods(self):
        """The home page with exactly thirty goods."""
        s = self.shop
        url = f"http://127.0.0.1:{self.cpu_port}/"
        rest = []
        try:
            # what goes may make room for others: until it settles
            shown = s.shopper().products(url)
            while len(shown) > GOODS:
                rest += shown[GOODS:]
                s.sql("UPDATE product SET state = 'off' WHERE slug IN %s",
                      (rest,))
                s.replica.catch_up()
                shown = s.shopper().products(url)
            assert len(shown) == GOODS, f"{len(shown)} goods on the page"
            yield
        finally:
            if rest:
                s.sql("UPDATE product SET state = 'on' WHERE slug IN %s",
                      (rest,))
                s.replica.catch_up()

    def render_cpu(self, seconds):
        """CPU of the worker per page: in all, and without its database
        client (dbcpu.c)."""
        master = next(p for p in self.extra if p.name == "cpu")
        with open(f"/proc/{master.pid}/task/{master.pid}/children",
                  encoding="ascii") as f:
            worker = int(f.read().split()[0])
        log = f"{self.shop.log_dir}/nginx-access.log"
        ns0, db0 = _cpu_ns(worker), self._dbcpu()
        self.wrk(self.cpu_port, "/", seconds, conns=1)
        ns1, db1 = _cpu_ns(worker), self._dbcpu()
        with open(log, "rb") as f:
            pages = len(re.findall(rb'"status":(?:200|499)', f.read()))
        calls, look = db1[1] - db0[1], db1[2] / 1000
        assert calls > 0, "no database call was seen: dbcpu.so did not load"
        looks = calls * look + (db1[3] - db0[3]) * db1[4] / 1000
        all_ns = ns1 - ns0 - 2 * looks
        own_ns = ns1 - ns0 - (db1[0] - db0[0]) - looks
        return {"pages": pages, "all_us": all_ns / pages / 1e3,
                "own_us": own_ns / pages / 1e3,
                "db_calls": calls / pages,
                "db_rows": (db1[3] - db0[3]) / pages, "look_ns": look}

    def _dbcpu(self):
        with open(f"{self.shop.dir}/run/dbcpu", "r+b") as f, \
                mmap.mmap(f.fileno(), COUNTERS.size) as m:
            return COUNTERS.unpack(m[:])


def _cpu_ns(pid):
    """Nanoseconds on a CPU, user and system."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0])
