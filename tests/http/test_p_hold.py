# SPDX-License-Identifier: Apache-2.0
"""The end of an unpaid order: cards are kept a little longer for who is still
paying."""

import re

from ending import left
from goods import make_sku


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
