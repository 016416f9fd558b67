# SPDX-License-Identifier: Apache-2.0
"""A gateway that hangs: it costs those who pay with it a moment, and nobody
else anything."""

import concurrent.futures

import pytest
import requests

from goods import make_sku
from procs import wait_until

WORKERS = 4


def metric(shop, start):
    return sum(v for k, v in shop.metrics().items() if k.startswith(start))


def breaker(shop):
    return [v for k, v in shop.metrics().items()
            if k.startswith("keystall_breaker_state") and "127.0.0.1" in k]


def test_hanging_gateway_stops_nobody(stack):
    shop = stack(seed=True, workers=WORKERS, replica=False, gateway_ms=1500)
    if not shop.pools:
        pytest.skip("mod_fcgid's processes share no memory")
    shop.channel_set("wechatpay", shop.paysim.channel_file("wechatpay"))
    sku = make_sku(shop, cards=40)
    buyers = []
    for i in range(12):
        one = shop.shopper()
        buyers.append((one, one.order(sku=sku.id, channel="wechatpay",
                                      contact=f"h{i}@example.test")))
    # the jobs ask the gateway, too: they have a process of their own
    shop.jobs.stop()
    faults = shop.paysim.url + "/paysim/faults"
    requests.post(faults, timeout=10, data={
        "match": "/wechatpay/", "mode": "hang", "seconds": 30})

    def pay(buyer_no):
        buyer, no = buyer_no
        page = buyer.page(f"/o/{no}/pay")
        return buyer.last.status_code, page.one(data_pay=True) is None

    def look(i):
        return shop.shopper().status("/" if i % 2 else f"/p/{sku.slug}")

    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        paying = [pool.submit(pay, b) for b in buyers]
        looking = [pool.submit(look, i) for i in range(120)]
        # the shop is open and says so, and offers the other ways to pay
        assert {f.result() for f in looking} == {200}
        assert {f.result() for f in paying} == {(200, True)}
    refused = metric(shop, "keystall_calls_refused_total")
    called = len(requests.get(shop.paysim.url + "/paysim/log",
                              timeout=10).text.split("\n"))
    assert refused > 0, called
    # no more than half of the workers waited at the same time, and after
    # some that waited nobody did
    def refused_by_breaker():
        """Unless the pause has just ended, and this one is the probe."""
        before = metric(shop, 'keystall_calls_refused_total{why="breaker"}')
        assert pay(buyers[1]) == (200, True)
        return before < metric(
            shop, 'keystall_calls_refused_total{why="breaker"}')
    wait_until(refused_by_breaker, 60, "an open breaker")
    assert breaker(shop) == [2]
    assert metric(shop, 'keystall_worker_deaths_total{cause="deadline"}') == 0
    # it is back: one tries, and all may again
    requests.delete(faults, timeout=10)
    wait_until(lambda: pay(buyers[2]) == (200, False), 60, "half-open")
    assert breaker(shop) == [0]
    for buyer, no in buyers[3:6]:
        assert pay((buyer, no)) == (200, False)
        shop.pay(no)
        assert len(buyer.cards(no)) == 1
    shop.jobs.start()
    shop.verify()
