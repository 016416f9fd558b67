# SPDX-License-Identifier: Apache-2.0
"""Much money is delivered only when the gateway, asked by the shop, says the
same as its notice: a forged but correctly signed notice for an unpaid order is
held, an unclear answer is asked for again."""

import hashlib
import re

import pytest
import requests

from goods import make_sku
from procs import wait_until
from test_p_notice import opened, replies


@pytest.fixture(autouse=True)
def asking(shop):
    """From 50.00 on."""
    shop.sql("INSERT INTO setting (merchant_id, name, value, updated_us) "
             "VALUES (1, 'ask_back_minor', '5000', 1)")
    yield
    shop.sql("DELETE FROM setting WHERE name = 'ask_back_minor'")


def signed(shop, no, money, txn):
    """A notice as the gateway would sign it: somebody has its key."""
    with open(shop.paysim.channel_file(), encoding="utf-8") as f:
        text = f.read()
    pid, key = (re.search(rf"{n} = (\S+)", text).group(1)
                for n in ("pid", "key"))
    fields = {"money": money, "name": "x", "out_trade_no": no, "pid": pid,
              "trade_no": txn, "trade_status": "TRADE_SUCCESS",
              "type": "alipay"}
    raw = "&".join(f"{k}={fields[k]}" for k in sorted(fields))
    fields["sign"] = hashlib.md5((raw + key).encode()).hexdigest()
    fields["sign_type"] = "MD5"
    channel = shop.value("SELECT c.name FROM channel c JOIN orders o ON "
                         "o.channel_id = c.id WHERE o.no = %s", (no,))
    return shop.shopper().get(f"/pay/notify/{channel}/{no}", params=fields)


def notice(shop, no):
    return shop.sql("SELECT n.state, n.reason FROM notice n WHERE n.txn = %s",
                    (f"F{no[-6:]}",))


def test_forged_but_signed_notice_is_held(shop):
    buyer, no = opened(shop, make_sku(shop, cards=1, price=5000))
    for _ in range(3):
        answer = signed(shop, no, "50.00", f"F{no[-6:]}")
        assert answer.text != "success"
    assert buyer.state(no)["state"] == "pending"
    assert [(r["state"], r["reason"]) for r in notice(shop, no)] == [
        ("held", "unconfirmed")]
    # the order can still be paid
    assert replies(shop.pay(no)) == [(200, "success")]
    assert buyer.state(no)["state"] == "delivered"
    shop.verify()


def test_small_money_is_believed(shop):
    buyer, no = opened(shop, make_sku(shop, cards=1, price=4999))
    assert signed(shop, no, "49.99", f"S{no[-6:]}").text == "success"
    assert buyer.state(no)["state"] == "delivered"
    # and its repeat asks nobody
    assert signed(shop, no, "49.99", f"S{no[-6:]}").text == "success"


def test_much_money_is_confirmed(shop):
    buyer, no = opened(shop, make_sku(shop, cards=2, price=10000))
    assert set(replies(shop.pay(no, times=8, parallel=8))) == {(200, "success")}
    assert buyer.state(no)["state"] == "delivered"
    assert len(buyer.cards(no)) == 1
    # the gateway's own word about another amount is no confirmation
    buyer, no = opened(shop, make_sku(shop, cards=2, price=10000))
    shop.pay(no, amount="60.00", lose=1)
    assert signed(shop, no, "100.00", f"A{no[-6:]}").text != "success"
    assert buyer.state(no)["state"] == "pending"
    shop.verify()


def test_unclear_answer_is_asked_for_again(shop):
    faults = shop.paysim.url + "/paysim/faults"
    buyer, no = opened(shop, make_sku(shop, cards=1, price=10000))
    shop.sql("UPDATE payment SET next_ask_us = 0 WHERE state = 'pending'")
    requests.post(faults, timeout=10, data={
        "match": "api.php", "mode": "status", "status": "502"})
    try:
        got = replies(shop.pay(no))
    finally:
        requests.delete(faults, timeout=10)
    assert all(body != "success" for _, body in got), got
    assert buyer.state(no)["state"] == "pending"
    assert shop.value("SELECT CONCAT(n.state, ' ', n.reason) FROM notice n "
                      "WHERE n.id = (SELECT MAX(id) FROM notice)") == \
        "failed unclear"
    shop.sql("UPDATE payment SET next_ask_us = 1 WHERE state = 'pending'")
    wait_until(lambda: buyer.state(no)["state"] == "delivered", 60,
               "the jobs hear it")
    assert shop.value("SELECT n.state FROM notice n JOIN orders o ON o.id = "
                      "n.order_id WHERE o.no = %s", (no,)) == "applied"
    shop.verify()
