# SPDX-License-Identifier: Apache-2.0
"""Payment notices over HTTP, from the simulator that speaks the gateway's
side: repeated, parallel, forged, late, of other amounts."""

import time

from goods import free_cards, make_sku
from procs import wait_until


def opened(shop, sku, **options):
    """An order whose buyer has been to the gateway."""
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, **options)
    page = buyer.page(f"/o/{no}/pay")
    buyer._open_gateway(page.one(data_pay=True))
    return buyer, no


def replies(answer):
    """What the shop answered to each notice."""
    return [(n["status"], n["body"]) for n in answer["replies"]]


def test_fifty_parallel_copies_deliver_once(shop):
    sku = make_sku(shop, cards=2)
    buyer, no = opened(shop, sku, contact="fifty@example.test")
    got = replies(shop.pay(no, times=50, parallel=50))
    assert len(got) == 50
    assert set(got) == {(200, "success")}
    assert len(buyer.cards(no)) == 1
    assert free_cards(shop, sku) == 1
    shop.wait_mail("fifty@example.test")
    time.sleep(1)
    assert len(shop.smtp.to("fifty@example.test")) == 1
    assert shop.value("SELECT COUNT(*) FROM payment p JOIN orders o ON "
                      "o.id = p.order_id WHERE o.no = %s AND "
                      "p.state = 'success'", (no,)) == 1


def test_forged_notices_deliver_nothing(shop):
    sku = make_sku(shop, cards=1)
    buyer, no = opened(shop, sku)
    got = replies(shop.pay(no, forge="1", times=5))
    assert all(body != "success" for _, body in got), got
    assert buyer.state(no)["state"] == "pending"
    assert buyer.cards(no) == []


def test_underpaid_is_held_and_not_delivered(shop):
    sku = make_sku(shop, cards=1, price=10000)
    buyer, no = opened(shop, sku)
    shop.pay(no, amount="0.01")
    assert buyer.state(no)["state"] == "pending"
    assert buyer.cards(no) == []
    assert shop.value("SELECT p.case_state FROM payment p JOIN orders o ON "
                      "o.id = p.order_id WHERE o.no = %s AND "
                      "p.state = 'success'", (no,)) == "open"


def test_notice_at_another_orders_address_is_refused(shop):
    sku = make_sku(shop, cards=2)
    _, one = opened(shop, sku)
    other_buyer, other = opened(shop, sku)
    channel = shop.value("SELECT c.name FROM channel c JOIN orders o ON "
                         "o.channel_id = c.id WHERE o.no = %s", (one,))
    shop.pay(one, to=f"{shop.url}/pay/notify/{channel}/{other}")
    assert other_buyer.state(other)["state"] == "pending"


def test_lost_notice_is_found_by_asking(stack):
    shop = stack(seed=True)
    sku = make_sku(shop, cards=1)
    buyer, no = opened(shop, sku)
    shop.pay(no, lose=1)
    shop.sql("UPDATE payment SET next_ask_us = 1")
    wait_until(lambda: buyer.state(no)["state"] == "delivered", 60,
               "the lost payment is found")
    assert len(buyer.cards(no)) == 1
    shop.verify()


def test_return_page_asks_the_gateway(stack):
    shop = stack(seed=True)
    shop.jobs.stop()
    sku = make_sku(shop, cards=1)
    buyer, no = opened(shop, sku)
    shop.pay(no, lose=1)
    buyer.get(f"/o/{no}/return")
    assert buyer.state(no)["state"] == "delivered"
    shop.verify()


def test_late_payment_with_and_without_stock(stack):
    shop = stack(seed=True, order_ttl_s=30)
    sku = make_sku(shop, cards=2)
    buyer, no = opened(shop, sku)
    shop.sql("UPDATE orders SET expires_us = 1 WHERE no = %s", (no,))
    wait_until(lambda: buyer.state(no)["state"] == "expired", 60, "expiry")
    assert free_cards(shop, sku) == 2
    shop.pay(no)
    assert buyer.state(no)["state"] == "delivered"
    late, late_no = opened(shop, sku)
    shop.sql("UPDATE orders SET expires_us = 1 WHERE no = %s", (late_no,))
    wait_until(lambda: late.state(late_no)["state"] == "expired", 60, "expiry")
    other = shop.shopper()
    other.buy(sku=sku.id)
    shop.pay(late_no)
    assert late.state(late_no)["state"] == "short"
    assert late.cards(late_no) == []
    shop.verify()
