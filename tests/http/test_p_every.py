# SPDX-License-Identifier: Apache-2.0
"""What can happen to a payment, through every gateway: fifty copies at once,
money after the order's end, too much of it, a notice that never comes."""

import pytest

from goods import free_cards, make_sku
from procs import wait_until
from worlds import CNY, USD

EVERY = CNY + USD
ASKS_BACK = ("paypal",)  # its notice is a hint only
# The others are told their amount by the shop; a payer cannot choose it.
PAYER_CHOOSES = [c for c in EVERY if c not in ("epusdt", "bepusdt", "gmpay")]


@pytest.fixture
def shop(worlds, channel):
    one = worlds.of(channel)
    yield one
    one.verify()


def opened(shop, channel, cards=2):
    """An order at the gateway's page."""
    sku = make_sku(shop, cards=cards)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, channel=channel)
    way = buyer.page(f"/o/{no}/pay").one(data_pay=True)
    assert way is not None, buyer.last.text[:2000]
    if way.tag == "a":
        buyer.get(way.get("href"))
    return sku, buyer, no


def jobs_once(shop):
    done = shop.run("keystall-jobs", "-c", shop.config, "--once")
    assert done.returncode == 0, done.stderr


def expire(shop, buyer, no):
    shop.sql("UPDATE orders SET expires_us = 1 WHERE no = %s", (no,))
    jobs_once(shop)  # the shop's own may be at it at this moment
    wait_until(lambda: buyer.state(no)["state"] == "expired", 60, "expiry")


def paid(shop, no):
    """Payments of the order that are money, with role and open cases."""
    return shop.sql(
        "SELECT p.role, p.case_state, p.amount_minor FROM payment p "
        "JOIN orders o ON o.id = p.order_id WHERE o.no = %s AND "
        "p.state = 'success' ORDER BY p.id", (no,))


@pytest.mark.parametrize("channel", EVERY)
def test_fifty_copies_at_once(shop, channel):
    sku, buyer, no = opened(shop, channel)
    answer = shop.pay(no, times=50, parallel="yes")
    if channel in ASKS_BACK:
        # each copy asks the gateway back, some at a time: who has waited
        # too long is told to come again, which is no refusal
        words = {(r["accepted"], r["status"]) for r in answer["replies"]}
        assert words <= {(True, 200), (False, 503)}, answer["replies"]
        assert answer["accepted"] >= 1 and answer["sent"] == 50
    else:
        assert answer["accepted"] == answer["sent"] == 50, answer["replies"]
    assert buyer.cards(no) == [sku.texts[0]]
    assert free_cards(shop, sku) == 1
    assert len(paid(shop, no)) == 1
    # and later, one after the other
    answer = shop.pay(no, times=3)
    assert answer["accepted"] == answer["sent"] == 3, answer["replies"]
    assert buyer.cards(no) == [sku.texts[0]]
    assert len(paid(shop, no)) == 1


@pytest.mark.parametrize("channel", EVERY)
def test_money_after_the_end(shop, channel):
    """With stock it delivers; without, the order waits in line."""
    sku, buyer, no = opened(shop, channel)
    expire(shop, buyer, no)
    assert free_cards(shop, sku) == 2
    shop.pay(no)
    assert buyer.state(no)["state"] == "delivered"
    late_sku, late, late_no = opened(shop, channel, cards=1)
    expire(shop, late, late_no)
    shop.sql("UPDATE card SET state = 'locked' WHERE sku_id = %s",
             (late_sku.id,))
    shop.pay(late_no)
    assert late.state(late_no)["state"] == "short"
    assert late.cards(late_no) == []
    shop.sql("UPDATE card SET state = 'free' WHERE sku_id = %s",
             (late_sku.id,))


@pytest.mark.parametrize("channel", PAYER_CHOOSES)
def test_too_much(shop, channel):
    """What is over is owed back, whatever the policy does with the rest."""
    _, buyer, no = opened(shop, channel)
    total = shop.value("SELECT total_minor FROM orders WHERE no = %s", (no,))
    shop.pay(no, amount=f"{(total + 500) // 100}.{(total + 500) % 100:02}")
    money = paid(shop, no)
    assert sum(m["amount_minor"] for m in money) == total + 500, money
    assert any(m["case_state"] == "open" for m in money), money


@pytest.mark.parametrize("channel", EVERY)
def test_the_reconciler_finds_what_no_notice_told(shop, channel):
    sku, buyer, no = opened(shop, channel)
    shop.pay(no, lose=1)
    assert buyer.state(no)["state"] == "pending"
    shop.sql("UPDATE payment p JOIN orders o ON o.id = p.order_id "
             "SET p.next_ask_us = 1 WHERE o.no = %s", (no,))
    jobs_once(shop)
    wait_until(lambda: buyer.state(no)["state"] == "delivered", 60,
               "the lost payment is found")
    assert buyer.cards(no) == [sku.texts[0]]
