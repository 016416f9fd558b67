# SPDX-License-Identifier: Apache-2.0
"""Pulled plugs: replica, memcached, both, the primary."""

import contextlib
import os
import re
import socket
import socketserver
import threading
import time

import pytest

import fcgi_client as fcgi
from goods import make_sku
from procs import wait_until


@pytest.fixture
def shop(stack):
    one = stack(seed=True)
    yield one
    one.verify()


def sells(shop, sku):
    no, cards = shop.shopper().buy(sku=sku.id)
    return len(cards) == 1 and shop.shopper().status("/") == 200


def test_sells_without_replica_and_memcached(shop):
    sku = make_sku(shop, cards=10)
    assert sells(shop, sku)
    shop.replica.stop()
    assert sells(shop, sku)
    shop.memcached.stop()
    assert sells(shop, sku)
    shop.replica.start()
    assert sells(shop, sku)
    shop.memcached.start()
    assert sells(shop, sku)


def timeouts(shop):
    return shop.metrics()["keystall_cache_errors_total"]


def test_frozen_memcached_costs_speed_only(shop):
    """A request waits for it once at most, and after some that waited for
    nothing a worker stops asking: what it costs is a number of times the
    configured timeout, however many come."""
    sku = make_sku(shop, cards=2)
    before = timeouts(shop)
    shop.memcached.pause()
    try:
        assert sells(shop, sku)
        for i in range(300):
            assert shop.shopper().status(f"/search?q=frozen{i}") == 200
        if shop.pools:
            # three, and one at the end of each pause that doubles
            workers = sum(len(shop.worker_pids(pool)) for pool in shop.pools)
            waited = timeouts(shop) - before
            assert 3 <= waited <= 9 * (workers + 2), (waited, workers)
    finally:
        shop.memcached.resume()


def test_primary_down_is_said_and_comes_back(shop):
    sku = make_sku(shop, cards=2)
    shop.primary.stop()
    buyer = shop.shopper()
    answer = buyer.get(f"/checkout?sku={sku.id}&qty=1")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert "html" in answer.headers["Content-Type"]
    assert buyer.get("/healthz").status_code == 200
    assert buyer.get("/readyz").status_code == 503
    shop.primary.start()
    wait_until(lambda: buyer.get("/readyz").status_code == 200, 60, "ready")
    wait_until(lambda: buyer.checkout(sku=sku.id).status_code == 200, 60,
               "the shop sells again")
    assert sells(shop, sku)


def test_lagging_replica_never_says_not_paid(shop):
    """R07: after the buyer was told "paid", nothing says otherwise."""
    sku = make_sku(shop, cards=3)
    shop.replica.sql("STOP SLAVE SQL_THREAD")
    try:
        for _ in range(3):
            buyer = shop.shopper()
            no, cards = buyer.buy(sku=sku.id)
            assert len(cards) == 1
            for _ in range(5):
                assert buyer.state(no)["state"] == "delivered"
    finally:
        shop.replica.sql("START SLAVE SQL_THREAD")


def test_flushed_in_a_loop(shop):
    """Every value is gone again before anybody can use it."""
    sku = make_sku(shop, cards=3)
    stop = threading.Event()

    def flush():
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(shop.memcached.socket)
            while not stop.is_set():
                s.sendall(b"flush_all\r\n")
                s.recv(64)
                stop.wait(0.002)

    thread = threading.Thread(target=flush)
    thread.start()
    try:
        for _ in range(3):
            assert sells(shop, sku)
    finally:
        stop.set()
        thread.join()


class Liar(socketserver.StreamRequestHandler):
    """A memcached that takes everything and answers each question with the
    value that it was given last, whatever its name."""

    value, told = None, 0

    def handle(self):
        while line := self.rfile.readline():
            word = line.split()
            if word[0] in (b"set", b"add"):
                Liar.value = self.rfile.read(int(word[4]) + 2)
                self.wfile.write(b"STORED\r\n")
            elif word[0] == b"get" and Liar.value is not None:
                Liar.told += 1
                self.wfile.write(b"VALUE %s 0 %d\r\n%sEND\r\n" % (
                    word[1], len(Liar.value) - 2, Liar.value))
            elif word[0] == b"get":
                self.wfile.write(b"END\r\n")
            else:
                self.wfile.write(b"NOT_FOUND\r\n")


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def test_another_keys_value_is_no_page(shop):
    """K1, K8: right answers under wrong names, for pages, generations and
    leases alike."""
    if shop.front_kind == "apache":
        pytest.skip("the pool is asked directly")
    sku = make_sku(shop, cards=3)
    paths = ["/", f"/p/{sku.slug}", "/c/tests", "/p/nothing", "/help"]
    sock = f"{shop.dir}/run/storefront.sock"

    def titles():
        answers = [fcgi.ask(sock, url=p) for p in paths]
        return [(a.status, re.search(b"<title>(.*?)</title>", a.body).group())
                for a in answers]

    truth = titles()
    assert len(set(truth)) == len(paths)
    shop.memcached.stop()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(shop.memcached.socket)
    with Server(shop.memcached.socket, Liar) as server:
        os.chmod(shop.memcached.socket, 0o777)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        wait_until(lambda: titles() == truth and Liar.told > 10, 60,
                   "the liar is asked")
        for _ in range(20):
            assert titles() == truth
        assert sells(shop, sku)
        server.shutdown()
    os.unlink(shop.memcached.socket)
    shop.memcached.start()
