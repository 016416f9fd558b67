# SPDX-License-Identifier: Apache-2.0
"""Addresses of what does not exist cost neither memcached nor the database,
and nothing that exists is ever taken for one of them."""

import http.client
import os
import secrets
import threading
import time

import pytest

import fcgi_client
from goods import make_sku
from procs import Proc, can_connect, give, wait_until
from render import hdf, write_file
from stack import Stack

pytestmark = pytest.mark.skipif(
    os.environ.get("KEYSTALL_FRONT", "nginx") != "nginx",
    reason="the filter is shared by the workers of a master")

B32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# addresses; the long form has 100,000
JUNK = int(os.environ.get("KEYSTALL_JUNK", "10000"))
PER_CENT, BULK = 0.01, 45000


@pytest.fixture(scope="module")
def house():
    with Stack(front="nginx", settings={"cache_page_s": 2},
               replica=False).start(seed=True) as shop:
        yield shop
        shop.verify()


@pytest.fixture
def other(house):
    """A second machine's storefront: a master and memory of its own."""
    sock, config = (f"{house.dir}/run/other.sock",
                    f"{house.dir}/etc/other.conf")
    write_file(config, hdf(dict(
        house.settings, pool="storefront", workers=2, listen=sock,
        status_file=f"{house.dir}/run/other.status")))
    proc = Proc("other", [f"{house.bin_dir}/keystall-fcgi", "-c",
                          give(config)], f"{house.log_dir}/other.log",
                lambda: can_connect(sock))
    proc.start()
    yield sock
    proc.stop()


def number():
    """As good as any: today's, in the form of the real ones."""
    return time.strftime("%y%m%d", time.gmtime()) + "00" + "".join(
        secrets.choice(B32) for _ in range(16))


def junk(i):
    return (f"/p/{secrets.token_hex(6)}", f"/c/{secrets.token_hex(6)}",
            f"/o/{number()}", f"/o/{number()}/status.json",
            f"/o/{number()}/pay")[i % 5]


def turned_away(shop):
    return sum(v for k, v in shop.metrics().items()
               if k.startswith("keystall_unknown_total"))


def ask_all(port, paths, codes):
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in paths:
        talk.request("GET", path)
        answer = talk.getresponse()
        answer.read()
        codes.append((path[:3], answer.status))
    talk.close()


def warm(shop, ask):
    """Junk of each kind until the filter is sure of it."""
    for i in range(5):
        def sure(i=i):
            before = turned_away(shop)
            ask(junk(i))
            return turned_away(shop) > before
        wait_until(sure, 60, f"the filter, {junk(i)}", pause=0.02)


def counters(shop):
    rows = shop.primary.sql("SHOW GLOBAL STATUS LIKE 'Com\\_select'")
    stats = dict(line.split()[1:3] for line in
                 shop.memcached.command("stats").splitlines()
                 if line.startswith("STAT"))
    return int(rows[0]["Value"]), int(stats["cmd_get"])


def test_junk_reaches_neither_cache_nor_database(house):
    shop = house
    warm(shop, shop.shopper().get)
    shop.jobs.stop()  # its own questions are no answer to this one
    try:
        before = counters(shop)
        shop.shopper().get(f"/?{secrets.token_hex(4)}")
        used = counters(shop)
        assert used[0] > before[0] and used[1] > before[1], \
            "the counters do not count"
        codes, threads = [], []
        for n in range(4):
            paths = [junk(i) for i in range(n, JUNK, 4)]
            threads.append(threading.Thread(
                target=ask_all, args=(shop.port, paths, codes)))
        before, gone = counters(shop), turned_away(shop)
        began = time.monotonic()
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        after = counters(shop)
        # the filter itself looks about once a second at each kind
        most = JUNK * PER_CENT + 4 * (time.monotonic() - began)
        assert turned_away(shop) - gone >= JUNK * (1 - PER_CENT)
        # an order that does not exist is answered like one that is not yours
        assert set(codes) <= {("/p/", 404), ("/c/", 404), ("/o/", 404),
                              ("/o/", 403), ("/o/", 303)}
        assert len(codes) == JUNK
        assert after[0] - before[0] <= most, (before, after)
        assert after[1] - before[1] <= most, (before, after)
    finally:
        shop.jobs.start()


def test_what_a_stranger_is_told_of_an_order(house):
    """Nothing: the page of one that exists is the page of one that does not."""
    no = house.shopper().order(slug=house.shopper().first_on_sale())
    warm(house, house.shopper().get)
    time.sleep(1)
    for path in ("", "/pay", "/status.json", "/cards.txt"):
        for query in ("", "?t=" + "A" * 43):
            real = house.shopper().get(f"/o/{no}{path}{query}", follow=False)
            fake_no = number()
            fake = house.shopper().get(f"/o/{fake_no}{path}{query}",
                                       follow=False)
            assert real.status_code == fake.status_code, path
            drop = ("csrf", real.headers.get("X-Request-Id", "-"),
                    fake.headers.get("X-Request-Id", "-"))
            assert _told(real.text, no, drop) == _told(fake.text, fake_no,
                                                       drop)


def _told(text, no, drop):
    return [line.replace(no, "NO") for line in text.splitlines()
            if not any(word in line for word in drop)]


# -- never no to what exists --------------------------------------------------

class Flood(threading.Thread):
    """Somebody asks for junk all the time."""

    def __init__(self, sock):
        super().__init__()
        self.sock, self.on, self.n = sock, True, 0

    def run(self):
        while self.on:
            fcgi_client.ask(self.sock, url=junk(self.n))
            self.n += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc):
        self.on = False
        self.join()


def status(sock, url, cookie=""):
    return fcgi_client.ask(sock, url=url, headers={"Cookie": cookie}).status


def test_what_was_made_a_second_ago_elsewhere_is_found(house, other):
    warm(house, lambda path: status(other, path))
    with Flood(other) as flood:
        for _ in range(4):
            slug = make_sku(house).slug
            time.sleep(1)
            assert status(other, f"/p/{slug}") == 200
        # a product that changes its address, a category that is new
        new = secrets.token_hex(6)
        house.sql("UPDATE product SET slug = %s WHERE slug = %s", (new, slug))
        house.sql("INSERT INTO category (merchant_id, slug, name, created_us)"
                  " VALUES (1, %s, 'New', 1)", (f"c{new}",))
        time.sleep(1)
        assert status(other, f"/p/{new}") == 200
        assert status(other, f"/c/c{new}") == 200
        asked = flood.n
        assert asked > 0


def test_without_junk_it_is_found_at_once(house, other):
    """A miss looks for itself, and so does the next one."""
    warm(house, lambda path: status(other, path))
    for _ in range(6):
        slug = secrets.token_hex(6)
        status(other, f"/c/{slug}")
        house.sql("INSERT INTO category (merchant_id, slug, name, created_us)"
                  " VALUES (1, %s, 'New', 1)", (slug,))
        assert status(other, f"/c/{slug}") == 200


def test_who_ordered_is_never_turned_away(house, other):
    """The redirect to the pay page may lead to another machine, in the same
    instant and in the middle of a flood."""
    sku = make_sku(house, cards=20)
    warm(house, lambda path: status(other, path))
    with Flood(other):
        for _ in range(15):
            buyer = house.shopper()
            no = buyer.order(sku=sku.id)
            cookie = "; ".join(f"{c.name}={c.value}"
                               for c in buyer.session.cookies)
            assert "ks_g=" in cookie
            assert status(other, f"/o/{no}/pay", cookie) == 200
        # a minute later that cookie is gone; the order is known by then
        time.sleep(1)
        visitor = next(c for c in buyer.session.cookies if c.name == "ks_v")
        assert status(other, f"/o/{no}", f"ks_v={visitor.value}") == 200


def test_a_long_history_is_read_in_pieces(house, other):
    """More orders than one look reads; those of before and after count."""
    house.sql("""
        INSERT INTO orders (id, no, merchant_id, state, currency, list_minor,
          total_minor, contact, contact_hash, address, lang, buyer_hash,
          created_us, expires_us)
        SELECT 1000000000 + seq, CONCAT('250101', '00',
            UPPER(LPAD(CONV(seq * 7919, 10, 36), 16, '0'))), 1, 'expired',
          'CNY', 1, 1, 'x', UNHEX(REPEAT('00', 16)), '', 'en',
          UNHEX(REPEAT('00', 32)), seq, 1 FROM seq_1_to_%s""", (BULK,))
    try:
        warm(house, lambda path: status(other, path))
        rows = house.sql("SELECT no FROM orders WHERE id > 1000000000 "
                         "AND id % 150 = 0")
        before = turned_away(house)
        for row in rows:
            status(other, f"/o/{row['no']}/status.json")
        assert len(rows) >= BULK // 150 - 1
        assert turned_away(house) == before
        # one of some thousand is taken for an order: not all of these
        for _ in range(5):
            status(other, f"/o/{number()}/status.json")
        assert turned_away(house) > before
    finally:
        house.sql("DELETE FROM orders WHERE id > 1000000000")
