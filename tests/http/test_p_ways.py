# SPDX-License-Identifier: Apache-2.0
"""The other ways to pay of a gateway, bought through the shop: the address or
the code comes from a call of its own, and the notice, the forged one and the
lost one go where this channel's do."""

import pytest
import requests

from goods import free_cards, make_sku
from worlds import account

# channel: how it is set, what it must have asked or shown, what the buyer sees
WAYS = {
    "alipay-wap": ({"product": "wap"}, "alipay.trade.wap.pay", "a"),
    "alipay-code": ({"product": "precreate"}, "alipay.trade.precreate", "qr"),
    "wechatpay-h5": ({"product": "h5"}, "/v3/pay/transactions/h5", "a"),
    "epay-mapi": ({"open": "mapi", "type": "alipay"}, "/mapi.php", "a"),
    "epay2-create": ({"open": "create", "type": "alipay"},
                     "/api/pay/create", "a"),
}


@pytest.fixture(params=WAYS)
def way(request, worlds):
    """The shop, and a channel that opens payments in this way."""
    shop, name = worlds.get("CNY"), request.param
    fields = WAYS[name][0]
    with open(shop.paysim.channel_file(account(name)), encoding="utf-8") as f:
        lines = [line for line in f.read().splitlines()
                 if line.split(" ")[0] not in fields]
    lines += [f"{field} = {value}" for field, value in fields.items()]
    path = f"{shop.dir}/tmp/{name}.hdf"
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    shop.channel_set(name, path)
    return shop, name


def asked(shop, since=0):
    """What has come to the simulator, as text."""
    return requests.get(shop.paysim.url + "/paysim/log", timeout=10,
                        params={"since": since}).text.splitlines()


def begin(shop, name):
    """An order, and its buyer where he can pay it."""
    _, call, seen = WAYS[name]
    sku = make_sku(shop, cards=2)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, channel=name)
    before = len(asked(shop))
    shown = buyer.page(f"/o/{no}/pay").one(data_pay=True)
    assert shown is not None, buyer.last.text[:2000]
    if seen == "a":
        assert shown.tag == "a"
        cashier = buyer.get(shown.get("href"))
        assert "data-sim-pay" in cashier.text, cashier.text[:2000]
    else:
        assert shown.tag != "a" and "<svg" in buyer.get(f"/o/{no}/pay").text
    assert [line for line in asked(shop, before) if call in line], call
    return sku, buyer, no


def test_bought_this_way(way):
    shop, name = way
    sku, buyer, no = begin(shop, name)
    assert shop.pay(no, forge=1)["accepted"] == 0
    assert buyer.state(no)["state"] == "pending"
    answer = shop.pay(no, times=3, parallel=3)
    assert answer["accepted"] == answer["sent"] == 3, answer["replies"]
    assert len(buyer.cards(no)) == 1
    assert free_cards(shop, sku) == 1


def test_lost_notice_of_this_way(way):
    shop, name = way
    _, buyer, no = begin(shop, name)
    shop.pay(no, lose=1)
    assert buyer.state(no)["state"] == "pending"
    buyer.get(f"/o/{no}/return")
    assert buyer.state(no)["state"] == "delivered"
    assert len(buyer.cards(no)) == 1
