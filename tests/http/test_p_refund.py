# SPDX-License-Identifier: Apache-2.0
"""Money back through every gateway that can: in parts and whole, refused,
with an answer that is lost on the way, and made at the gateway's own console.
The simulator's books and the shop's are compared each time."""

import pytest
import requests

from clerk import Clerk
from goods import make_sku
from procs import wait_until
from stack import Stack

CNY = ("epay", "epay2", "alipay", "wechatpay")
USD = ("stripe", "paypal")
ALL = CNY + USD
TELLING = ("alipay", "wechatpay", "stripe", "paypal")  # of refunds, by notice


class House:
    """A shop with all channels of a currency, and its owner."""

    def __init__(self, currency):
        self.shop = Stack(replica=False, memcached=False)
        self.shop.start()
        self.shop.sql("UPDATE merchant SET currency = %s", (currency,))
        for name in CNY if currency == "CNY" else USD:
            self.shop.channel_set(name, self.shop.paysim.channel_file(name))
        self.clerk = Clerk(self.shop, *self.shop.admin_create())

    def sold(self, channel, price=1000, cards=1):
        sku = make_sku(self.shop, cards=cards, price=price)
        buyer = self.shop.shopper()
        no = buyer.order(sku=sku.id, channel=channel)
        buyer.pay(no)
        assert buyer.state(no)["state"] == "delivered"
        return buyer, no

    def refund(self, no, amount, follow=True, **fields):
        """Both steps of the form; the refund's number."""
        web = self.clerk.web
        self.clerk.get(f"/orders/{no}/refund")
        path = f"/admin/orders/{no}/refund"
        web.submit(web.form(path, "post"), amount=amount,
                   refund_reason="does not work", **fields)
        assert web.last.status_code == 200, web.last.text[:3000]
        assert amount in web.page().one(class_="till-main").text
        answer = web.submit(web.form(path, "post"))
        assert "/admin/refunds/RF" in answer.url, answer.text[:3000]
        return answer.url.split("/refunds/")[1].split("?")[0]

    def state(self, refund):
        return self.shop.value("SELECT state FROM refund WHERE no = %s",
                               (refund,))

    def order(self, no):
        return self.shop.value("SELECT state FROM orders WHERE no = %s",
                               (no,))

    def jobs_until(self, refund, state):
        """keystall-jobs asks whenever its time has come."""
        def asked():
            self.shop.sql("UPDATE refund SET next_ask_us = 1 WHERE no = %s "
                          "AND next_ask_us > 1", (refund,))
            return self.state(refund) == state
        wait_until(asked, 60, f"refund {state}")

    def moved(self, no):
        """What went back according to the simulator: minor units, times."""
        (t,) = requests.get(f"{self.shop.paysim.url}/paysim/trades/{no}",
                            timeout=10).json()
        return t["refunded"], len(t["refunds"])

    def fault(self, channel, **how):
        # not PayPal's token or WeChat's certificates: those come first
        match = f"/{channel}/" + {"paypal": "v2", "wechatpay": "v3/refund"}.get(
            channel, "")
        r = requests.post(self.shop.paysim.url + "/paysim/faults", timeout=10,
                          data={"match": match, **how})
        assert r.status_code == 200, r.text

    def no_faults(self):
        requests.delete(self.shop.paysim.url + "/paysim/faults", timeout=10)


@pytest.fixture(scope="module")
def houses():
    made = {}

    def get(channel):
        currency = "USD" if channel in USD else "CNY"
        if currency not in made:
            made[currency] = House(currency)
        return made[currency]

    yield get
    for one in made.values():
        one.shop.wait_outbox()
        one.shop.verify()
        one.shop.stop()


@pytest.fixture
def house(houses, request):
    one = houses(request.node.callspec.params["channel"])
    yield one
    one.no_faults()
    one.shop.verify()


@pytest.mark.parametrize("channel", ALL)
def test_a_part_and_the_rest(house, channel):
    buyer, no = house.sold(channel)
    part = house.refund(no, "3.00")
    assert house.state(part) == "done"
    assert house.order(no) == "delivered"
    assert len(buyer.cards(no)) == 1
    rest = house.refund(no, "7.00")
    assert house.state(rest) == "done"
    assert house.order(no) == "refunded"
    assert house.moved(no) == (1000, 2)
    assert buyer.cards(no) == []
    assert buyer.status(f"/o/{no}/cards.txt") == 404
    assert "10.00" in buyer.page(f"/o/{no}").text
    assert house.clerk.get(f"/orders/{no}/refund").text.count(
        'name="amount"') == 0


@pytest.mark.parametrize("channel", ALL)
def test_the_answer_is_lost(house, channel):
    """The gateway did it and nobody heard: asked again, it moves nothing."""
    _, no = house.sold(channel)
    house.refund(no, "1.00")
    house.fault(channel, mode="reset", after=1)
    refund = house.refund(no, "9.00")
    assert house.state(refund) == "unclear"
    assert house.order(no) == "refunding"
    assert house.moved(no) == (1000, 2)
    house.no_faults()
    house.jobs_until(refund, "done")
    assert house.order(no) == "refunded"
    assert house.moved(no) == (1000, 2)


@pytest.mark.parametrize("channel", ALL)
def test_the_question_is_lost(house, channel):
    """The gateway never heard of it: sent again where that is safe."""
    _, no = house.sold(channel)
    house.refund(no, "1.00")
    house.fault(channel, mode="status", status=502)
    refund = house.refund(no, "4.00")
    assert house.state(refund) == "unclear"
    assert house.moved(no) == (100, 1)
    house.no_faults()
    if channel != "epay":
        house.jobs_until(refund, "done")
        assert house.moved(no) == (500, 2)
        assert house.order(no) == "delivered"
        return
    # no number, no query of refunds: a person looks at the console
    answer = house.clerk.send(f"/refunds/{refund}/ask", f"/refunds/{refund}")
    assert answer.url.endswith("said=asked")
    assert house.state(refund) == "unclear"
    house.clerk.send(f"/refunds/{refund}/say", f"/refunds/{refund}",
                     what="off", why="not in the console")
    assert house.state(refund) == "failed"
    assert house.order(no) == "delivered"
    assert house.moved(no) == (100, 1)


@pytest.mark.parametrize("channel", ("epay",))
def test_the_gateway_is_down(house, channel):
    """Nothing left the house, so nothing is unclear: sent when it is back."""
    _, no = house.sold(channel)
    sim = house.shop.paysim
    sim.stop()
    refund = house.refund(no, "10.00")
    assert house.state(refund) == "open"
    assert house.order(no) == "refunding"
    sim.start()
    house.jobs_until(refund, "done")
    assert house.moved(no) == (1000, 1)


@pytest.mark.parametrize("channel", ALL)
def test_refused(house, channel):
    """Somebody gave money back at the console and no notice came."""
    buyer, no = house.sold(channel)
    house.shop.console_refund(no, amount="6.00", lose=1)
    refund = house.refund(no, "10.00")
    assert house.state(refund) == "failed"
    assert house.order(no) == "delivered"
    assert len(buyer.cards(no)) == 1
    assert house.moved(no) == (600, 1)


@pytest.mark.parametrize("channel", TELLING)
def test_made_at_the_console(house, channel):
    buyer, no = house.sold(channel)
    # PayPal's are asked back about, and only some workers may wait for that
    answer = house.shop.console_refund(no, amount="4.00", times=3,
                                       parallel="no" if channel == "paypal" else 3)
    assert answer["accepted"] == 3, answer
    rows = house.shop.sql(
        "SELECT r.how, r.state, r.amount_minor FROM refund r JOIN orders o "
        "ON o.id = r.order_id WHERE o.no = %s", (no,))
    assert [tuple(r.values()) for r in rows] == [("console", "done", 400)]
    assert house.order(no) == "delivered"
    # and ours beside it, with its notice after it
    refund = house.refund(no, "1.00")
    assert house.state(refund) == "done"
    assert house.shop.console_refund(no, times=2)["accepted"] == 2
    answer = house.shop.console_refund(no, amount="5.00", times=2)
    assert answer["accepted"] == 2, answer
    assert house.order(no) == "refunded"
    assert buyer.cards(no) == []
    assert house.moved(no) == (1000, 3)
    assert house.shop.value(
        "SELECT SUM(l.amount_minor) FROM ledger_entry l JOIN orders o ON "
        "o.id = l.order_id WHERE o.no = %s AND l.account = 'refunds'",
        (no,)) == 1000


@pytest.mark.parametrize("channel", TELLING)
def test_the_notice_is_first(house, channel):
    """Ours is in the dark when its notice comes: counted once."""
    _, no = house.sold(channel)
    house.shop.jobs.stop()
    try:
        house.fault(channel, mode="reset", after=1)
        refund = house.refund(no, "10.00")
        assert house.state(refund) == "unclear"
        house.no_faults()
        answer = house.shop.console_refund(no, times=2)
        assert answer["accepted"] == 2, answer
        assert house.state(refund) == "done"
    finally:
        house.shop.jobs.start()
    assert house.order(no) == "refunded"
    assert house.moved(no) == (1000, 1)
    assert house.shop.value("SELECT COUNT(*) FROM refund r JOIN orders o ON "
                            "o.id = r.order_id WHERE o.no = %s", (no,)) == 1


@pytest.mark.parametrize("channel", ("alipay", "wechatpay"))
def test_back_before_it_came(house, channel):
    """Paid, given back, and only then do we hear of it, in the wrong order:
    no goods go out and the books tell both."""
    sku = make_sku(house.shop, cards=1)
    buyer = house.shop.shopper()
    no = buyer.order(sku=sku.id, channel=channel)
    buyer.pay(no, lose=1)
    answer = house.shop.console_refund(no, amount="10.00")
    assert answer["accepted"] == 1, answer
    assert house.order(no) == "refunded"
    assert buyer.cards(no) == []
    assert house.shop.pay(no, times=2)["sent"] == 2
    assert house.order(no) == "refunded"
    assert house.shop.value("SELECT COUNT(*) FROM card WHERE sku_id = %s AND "
                            "state = 'free'", (sku.id,)) == 1


@pytest.mark.parametrize("channel", ("epay2",))
def test_pressed_by_many(house, channel):
    """Ten clicks at once are one refund."""
    import threading
    _, no = house.sold(channel)
    web = house.clerk.web
    house.clerk.get(f"/orders/{no}/refund")
    path = f"/admin/orders/{no}/refund"
    web.submit(web.form(path, "post"), amount="6.00", refund_reason="x")
    form = web.form(path, "post")
    cookies = web.session.cookies.get_dict()
    seen = []

    def press():
        r = requests.post(form.action, data=form.fields, cookies=cookies,
                          allow_redirects=False, timeout=60)
        seen.append(r.status_code)

    threads = [threading.Thread(target=press) for _ in range(10)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(set(seen)) in ([303, 409], [303, 409, 422], [303, 422]), seen
    assert seen.count(303) == 1
    assert house.moved(no) == (600, 1)


@pytest.mark.parametrize("channel", ("alipay",))
def test_mail_ledger_and_desk(house, channel):
    _, no = house.sold(channel)
    house.refund(no, "2.50")
    house.shop.wait_outbox()
    mails = [m for m in house.shop.smtp.to("buyer@example.test")
             if "2.50" in m["message"].get_body(("plain",)).get_content()]
    assert len(mails) == 1
    booked = house.shop.value("SELECT SUM(amount_minor) FROM ledger_entry "
                              "WHERE account = 'refunds'")
    assert booked == house.shop.value(
        "SELECT SUM(refunded_minor) FROM orders")
    assert 'keystall_refunds_total{state="done"}' in house.shop.metrics()
