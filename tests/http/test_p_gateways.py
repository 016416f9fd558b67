# SPDX-License-Identifier: Apache-2.0
"""A whole purchase through every gateway: the shop opens a payment as the
gateway wants it, the simulator checks that and pays, the goods are there; and
what only this gateway can do wrong."""

import re

import pytest

from books import same_books
from clerk import Clerk
from goods import free_cards, make_sku
from procs import wait_until
from worlds import CNY, USD, account

@pytest.fixture
def world(worlds):
    return worlds.get


def begin(shop, channel, **options):
    """An order through the channel, its buyer at the gateway's page."""
    sku = make_sku(shop, cards=2)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, channel=channel, **options)
    page = buyer.page(f"/o/{no}/pay")
    way = page.one(data_pay=True)
    assert way is not None, buyer.last.text[:2000]
    if way.tag == "a":
        answer = buyer.get(way.get("href"))
        assert "data-sim-pay" in answer.text, answer.text[:2000]
    return sku, buyer, no


def shop_of(world, channel):
    return world("USD" if channel in USD else "CNY")


@pytest.mark.parametrize("channel", CNY + USD)
def test_bought_and_delivered(world, channel):
    shop = shop_of(world, channel)
    sku, buyer, no = begin(shop, channel)
    answer = shop.pay(no, times=5, parallel=5)
    assert answer["channel"] == account(channel)
    assert answer["accepted"] == answer["sent"] == 5, answer["replies"]
    assert len(buyer.cards(no)) == 1
    assert free_cards(shop, sku) == 1
    assert shop.value("SELECT COUNT(*) FROM payment p JOIN orders o ON "
                      "o.id = p.order_id WHERE o.no = %s AND "
                      "p.state = 'success'", (no,)) == 1


@pytest.mark.parametrize("channel", CNY + USD)
def test_forgeries_deliver_nothing(world, channel):
    shop = shop_of(world, channel)
    _, buyer, no = begin(shop, channel)
    import requests
    kinds = [g["forgeries"] for g in
             requests.get(shop.paysim.url + "/paysim/gateways",
                          timeout=10).json() if g["channel"] == account(channel)][0]
    words = set()
    for kind in kinds:
        answer = shop.pay(no, forge=kind)
        assert answer["accepted"] == 0, (kind, answer["replies"])
        words.add((answer["replies"][0]["status"],
                   answer["replies"][0]["body"]))
        assert buyer.state(no)["state"] == "pending", kind
    assert len(words) == 1, f"refusals differ: {words}"
    # and the order is none the worse
    assert shop.pay(no)["accepted"] == 1
    assert len(buyer.cards(no)) == 1


@pytest.mark.parametrize("channel", CNY + USD)
def test_lost_notice(world, channel):
    shop = shop_of(world, channel)
    _, buyer, no = begin(shop, channel)
    shop.pay(no, lose=1)
    assert buyer.state(no)["state"] == "pending"
    buyer.get(f"/o/{no}/return")
    assert buyer.state(no)["state"] == "delivered"
    assert len(buyer.cards(no)) == 1


@pytest.mark.parametrize("channel", [c for c in CNY + USD
                                     if "usdt" not in c and c != "gmpay"])
def test_less_money_is_no_delivery(world, channel):
    shop = shop_of(world, channel)
    _, buyer, no = begin(shop, channel)
    shop.pay(no, amount="0.01")
    assert buyer.state(no)["state"] == "pending"
    assert buyer.cards(no) == []
    assert shop.value("SELECT p.case_state FROM payment p JOIN orders o ON "
                      "o.id = p.order_id WHERE o.no = %s AND "
                      "p.state = 'success'", (no,)) == "open"


def test_code_is_drawn_as_svg(world):
    """WeChat Pay Native is a code: ours, inline, without script."""
    shop = world("CNY")
    _, buyer, no = begin(shop, "wechatpay")
    page = buyer.get(f"/o/{no}/pay").text
    assert re.search(r'class="qr"[^>]*data-pay[^>]*>\s*<svg', page)


def test_gateway_that_is_down(world):
    """The pay page says so and offers to try again; nothing is lost."""
    import requests
    shop = world("CNY")
    sku = make_sku(shop, cards=1)
    requests.post(shop.paysim.url + "/paysim/faults", timeout=10,
                  data={"match": "/wechatpay/", "mode": "status",
                        "status": 502})
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, channel="wechatpay")
    page = buyer.page(f"/o/{no}/pay")
    assert page.one(data_pay=True) is None
    assert buyer.last.status_code < 500
    requests.delete(shop.paysim.url + "/paysim/faults", timeout=10)
    assert buyer.page(f"/o/{no}/pay").one(data_pay=True) is not None
    shop.pay(no)
    assert len(buyer.cards(no)) == 1


# -- links and codes that get old: opened again, not shown -------------------

def made(shop, no):
    return shop.sql("SELECT p.id, p.pay_url, p.qr_text, p.until_us, "
                    "p.provider_ref FROM payment p JOIN orders o ON "
                    "o.id = p.order_id WHERE o.no = %s ORDER BY p.id", (no,))


def way(buyer, no):
    return buyer.page(f"/o/{no}/pay").one(data_pay=True)


@pytest.mark.parametrize("channel", ["wechatpay", "bepusdt", "stripe",
                                     "paypal"])
def test_stale_link_is_opened_again(world, channel):
    shop = shop_of(world, channel)
    _, buyer, no = begin(shop, channel)
    first = made(shop, no)[-1]
    assert first["until_us"] > 0
    assert way(buyer, no) is not None
    assert made(shop, no)[-1] == first  # as long as it is good, it is kept
    shop.sql("UPDATE payment SET until_us = 1 WHERE id = %s", (first["id"],))
    assert way(buyer, no) is not None
    rows = made(shop, no)
    assert rows[-1]["until_us"] > 1
    # the same payment is the same row; another one is a row beside it
    refs = {r["provider_ref"] for r in rows}
    assert len(refs) == len(rows)
    if len(rows) == 1:
        assert rows[0]["id"] == first["id"]
    buyer.pay(no)
    assert buyer.state(no)["state"] == "delivered"
    assert len(buyer.cards(no)) == 1


def test_gateway_that_opens_once_leaves_the_other_ways(world):
    shop = shop_of(world, "epusdt")
    _, buyer, no = begin(shop, "epusdt")
    shop.sql("UPDATE payment SET until_us = 1 WHERE id = %s",
             (made(shop, no)[-1]["id"],))
    page = buyer.page(f"/o/{no}/pay")
    assert buyer.last.status_code < 500
    assert page.one(data_pay=True) is None  # not the dead link
    assert page.one(role="alert") is not None
    form = buyer.form(f"/o/{no}/pay", "post")
    buyer.submit(form, channel="bepusdt")
    assert way(buyer, no) is not None
    buyer.pay(no)
    assert buyer.state(no)["state"] == "delivered"


def test_link_tells_the_gateway_where_the_buyer_is_from(world):
    """WeChat's H5 page asks for the Referer; only the origin is told."""
    shop = shop_of(world, "bepusdt")
    _, buyer, no = begin(shop, "bepusdt")
    link = way(buyer, no)
    assert link.get("referrerpolicy") == "origin"
    assert "noreferrer" not in (link.get("rel") or "")


def give_back(shop, clerk, no, amount):
    path = f"/admin/orders/{no}/refund"
    clerk.get(f"/orders/{no}/refund")
    clerk.web.submit(clerk.web.form(path, "post"), amount=amount,
                     refund_reason="does not work")
    clerk.web.submit(clerk.web.form(path, "post"))
    wait_until(lambda: shop.value(
        "SELECT r.state FROM refund r JOIN orders o ON o.id = r.order_id "
        "WHERE o.no = %s", (no,)) == "done", 60, "the money is back")


@pytest.mark.parametrize("currency", ["CNY", "USD"])
def test_desk_ledger_and_gateways_say_the_same(world, currency):
    """All that this file did and one more of each, to the last unit."""
    shop = world(currency)
    clerk = Clerk(shop, *shop.admin_create("counter"))
    for channel in CNY if currency == "CNY" else USD:
        _, _, no = begin(shop, channel)
        shop.pay(no)
        if channel in ("alipay", "wechatpay", "stripe", "paypal"):
            give_back(shop, clerk, no, "3.00")
    paid, back = same_books(shop, clerk, currency)
    used = CNY if currency == "CNY" else USD
    assert {account(c) for c in used} <= {n for n, _ in paid}
    assert len(back) == 2
