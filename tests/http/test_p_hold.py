# SPDX-License-Identifier: Apache-2.0
"""The end of an unpaid order: cards are kept a little longer for who is still
paying, and the gateway takes no money once others may have them."""

import json
import re

import pytest
import requests

from ending import left
from goods import free_cards, make_sku
from procs import wait_until

CLOSE = ("epay2", "alipay", "wechatpay", "bepusdt", "stripe")


def opened(shop, channel):
    """An order at the gateway's page."""
    sku = make_sku(shop, cards=2)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, channel=channel)
    way = buyer.page(f"/o/{no}/pay").one(data_pay=True)
    assert way is not None, buyer.last.text[:2000]
    if way.tag == "a":
        buyer.get(way.get("href"))
    return sku, buyer, no


def ends(shop, no):
    return shop.value("SELECT expires_us FROM orders WHERE no = %s", (no,))


def test_who_is_still_paying_has_more_time(worlds):
    shop = worlds.get("CNY")
    more = shop.settings.get("hold_extend_s", 300)
    sku, buyer, no = opened(shop, "epay-demo")
    left(shop, no, 45)
    was = ends(shop, no)
    assert shop.shopper().status(f"/o/{no}/status.json") == 404
    assert ends(shop, no) == was  # a stranger's look is no payment
    page = buyer.get(f"/o/{no}/pay").text
    assert ends(shop, no) == was + more * 10**6
    clock = int(re.search(r'data-clock="(\d+)"', page).group(1))
    assert more < clock <= 45 + more
    assert buyer.state(no)["expires_in"] > more
    left(shop, no, 30)
    was = ends(shop, no)
    buyer.get(f"/o/{no}/pay")
    assert buyer.state(no)["expires_in"] <= 30  # once only
    assert ends(shop, no) == was
    buyer.pay(no)
    assert buyer.cards(no) == [sku.texts[0]]


def test_the_page_that_waits_asks_for_time_by_itself(worlds):
    shop = worlds.get("CNY")
    _, buyer, no = opened(shop, "epay-demo")
    left(shop, no, 45)
    assert buyer.state(no)["expires_in"] > 45


def test_not_after_the_gateway_was_told_it_ends(worlds):
    """Its QR code would be shown for nothing."""
    shop = worlds.get("CNY")
    _, buyer, no = opened(shop, "wechatpay")
    assert shop.value("SELECT p.ends_us FROM payment p JOIN orders o ON "
                      "o.id = p.order_id WHERE o.no = %s", (no,)) == \
        ends(shop, no)
    left(shop, no, 45)
    buyer.get(f"/o/{no}/pay")
    assert buyer.state(no)["expires_in"] <= 45


@pytest.mark.parametrize("channel", CLOSE)
def test_the_gateway_takes_nothing_after_the_end(worlds, channel):
    shop = worlds.of(channel)
    sku, buyer, no = opened(shop, channel)
    left(shop, no, 4)
    shop.sql("UPDATE payment p JOIN orders o ON o.id = p.order_id "
             "SET p.next_ask_us = 1 WHERE o.no = %s", (no,))
    done = shop.run("keystall-jobs", "-c", shop.config, "--once")
    assert done.returncode == 0, done.stderr

    def closed():  # the shop's own jobs may be at it at this moment
        log = requests.get(shop.paysim.url + "/paysim/log", timeout=30).text
        return [e for e in map(json.loads, log.splitlines())
                if e.get("order_no") == no and e["what"] == "closed"]
    wait_until(closed, 60, "the trade is closed")
    shop.sql("UPDATE orders SET expires_us = 1 WHERE no = %s", (no,))
    wait_until(lambda: buyer.state(no)["state"] == "expired", 60, "expiry")
    assert free_cards(shop, sku) == 2
