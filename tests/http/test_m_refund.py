# SPDX-License-Identifier: Apache-2.0
"""Who may give money back, and how: two steps, two people, by hand where no
gateway can, and the buyer who would rather not wait."""

from urllib.parse import urlsplit

import pytest

from clerk import Clerk, audited, errors
from goods import make_sku
from procs import wait_until
from stack import Stack


@pytest.fixture(scope="module")
def shop():
    with Stack(settings={"refund_two_persons_minor": 2000,
                         "order_ttl_s": 30}, replica=False,
               memcached=False) as one:
        one.owner = one.admin_create()
        for name in ("epay", "epusdt"):
            one.channel_set(name, one.paysim.channel_file(name))
        yield one
        one.wait_outbox()
        one.verify()


@pytest.fixture(scope="module")
def owner(shop):
    return Clerk(shop, *shop.owner)


def person(shop, name, role):
    shop.ctl("admin", "create", name, "--role", role,
             stdin="a-long-enough-one\n")
    return Clerk(shop, name, "a-long-enough-one")


@pytest.fixture(scope="module")
def cashier(shop):
    return person(shop, "till", "cashier")


@pytest.fixture(scope="module")
def seller(shop):
    return person(shop, "seller", "staff")


def sold(shop, qty=1, channel="epay"):
    sku = make_sku(shop, cards=qty)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, qty=qty, channel=channel)
    buyer.pay(no)
    assert buyer.state(no)["state"] == "delivered"
    return buyer, no


def first_step(clerk, no, **fields):
    clerk.get(f"/orders/{no}/refund")
    return clerk.web.submit(
        clerk.web.form(f"/admin/orders/{no}/refund", "post"),
        **{"refund_reason": "does not work", **fields})


def both_steps(clerk, no, **fields):
    first_step(clerk, no, **fields)
    return clerk.web.submit(
        clerk.web.form(f"/admin/orders/{no}/refund", "post"))


def number(answer):
    assert "/admin/refunds/RF" in answer.url, answer.text[:3000]
    return answer.url.split("/refunds/")[1].split("?")[0]


def state(shop, table, no):
    return shop.value(f"SELECT state FROM {table} WHERE no = %s", (no,))


def test_who_sells_need_not_pay_back(shop, seller, cashier):
    _, no = sold(shop)
    page = seller.get(f"/orders/{no}")
    assert page.status_code == 200
    assert "/refund" not in page.text
    for path in ("/refunds", f"/orders/{no}/refund"):
        assert seller.get(path).status_code == 403
    assert seller.post(f"/orders/{no}/refund", payment=1, amount="1.00",
                       sure="1.00", refund_reason="x",
                       how="gateway").status_code == 403
    assert state(shop, "orders", no) == "delivered"
    assert cashier.get("/refunds").status_code == 200
    assert cashier.get("/products").status_code == 403
    assert cashier.post(f"/orders/{no}/refund", csrf="wrong",
                        payment=1).status_code == 403


def test_the_form_says_what_is_wrong(shop, owner):
    _, no = sold(shop)
    owner.get(f"/orders/{no}/refund")
    form = owner.web.form(f"/admin/orders/{no}/refund", "post")
    assert form.fields["amount"] == "10.00"  # what is left
    for amount in ("10.01", "0", "-1", "1e2", "1,00", "x"):
        answer = first_step(owner, no, amount=amount)
        assert answer.status_code == 422, amount
        assert errors(owner.web) == {"amount"}, amount
    first_step(owner, no, refund_reason="")
    assert errors(owner.web) == {"refund_reason"}
    first_step(owner, no, how="manual")
    assert errors(owner.web) == {"reference"}
    # the second step counts for the amount that it showed and no other
    first_step(owner, no, amount="4.00")
    sure = owner.web.form(f"/admin/orders/{no}/refund", "post")
    answer = owner.web.submit(sure, amount="9.00")
    assert urlsplit(answer.url).path == f"/admin/orders/{no}/refund"
    assert "9.00" in owner.web.page().one(class_="till-main").text
    assert state(shop, "orders", no) == "delivered"
    assert shop.value("SELECT COUNT(*) FROM refund r JOIN orders o ON o.id = "
                      "r.order_id WHERE o.no = %s", (no,)) == 0


def test_much_money_needs_two(shop, owner, cashier):
    _, no = sold(shop, qty=2)
    refund = number(both_steps(owner, no))
    assert state(shop, "refund", refund) == "waiting"
    assert state(shop, "orders", no) == "refunding"
    owner.get(f"/refunds/{refund}")
    assert owner.web.page().one(
        "form", action=f"/admin/refunds/{refund}/agree") is None
    answer = owner.post(f"/refunds/{refund}/agree")
    assert answer.url.endswith("said=other")
    assert state(shop, "refund", refund) == "waiting"
    cashier.get("/refunds?state=waiting")
    assert refund in cashier.web.last.text
    answer = cashier.send(f"/refunds/{refund}/agree", f"/refunds/{refund}")
    assert answer.url.endswith("said=agreed")
    assert state(shop, "refund", refund) == "done"
    assert state(shop, "orders", no) == "refunded"
    names = [f"refund:{refund}"]
    assert audited(shop, "refund.open", names[0]) == names
    assert audited(shop, "refund.agree", names[0]) == names
    assert cashier.post(f"/refunds/{refund}/agree").url.endswith("said=late")


def test_coins_go_back_by_hand(shop, owner):
    buyer, no = sold(shop, channel="epusdt")
    answer = first_step(owner, no, how="gateway")
    assert answer.status_code == 422
    assert errors(owner.web) == {"how"}
    refund = number(both_steps(owner, no, how="manual",
                               reference="0xabc-77"))
    assert state(shop, "refund", refund) == "done"
    assert state(shop, "orders", no) == "refunded"
    assert buyer.cards(no) == []
    page = owner.get(f"/orders/{no}").text
    assert refund in page
    shop.wait_outbox()
    text = [m["message"].get_body(("plain",)).get_content()
            for m in shop.smtp.to("buyer@example.test")]
    assert sum(refund in t for t in text) == 1


def short_order(shop, qty, channel="epay"):
    sku = make_sku(shop, cards=qty)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, qty=qty, channel=channel)
    buyer.get(buyer.page(f"/o/{no}/pay").one(data_pay=True).get("href"))
    shop.sql("UPDATE orders SET expires_us = 1 WHERE no = %s", (no,))
    wait_until(lambda: state(shop, "orders", no) == "expired", 60)
    shop.shopper().buy(sku=sku.id, qty=1)
    shop.pay(no)
    assert state(shop, "orders", no) == "short"
    return buyer, no


def test_buyer_chooses_the_money(shop):
    buyer, no = short_order(shop, 1)
    stranger = shop.shopper()
    stranger.get("/orders")
    csrf = stranger.form("/orders", "post").fields["csrf"]
    assert stranger.post(f"/o/{no}/refund", {"csrf": csrf},
                         follow=False).status_code == 404
    assert buyer.post(f"/o/{no}/refund", {"csrf": "no"},
                      follow=False).status_code == 403
    assert state(shop, "orders", no) == "short"
    buyer.get(f"/o/{no}")
    answer = buyer.submit(buyer.form(f"/o/{no}/refund", "post"))
    assert answer.url.endswith("said=refund")
    wait_until(lambda: state(shop, "orders", no) == "refunded", 60)
    assert buyer.post(f"/o/{no}/refund", {"csrf": csrf},
                      follow=False).status_code in (303, 403)
    assert shop.value("SELECT COUNT(*) FROM refund r JOIN orders o ON o.id = "
                      "r.order_id WHERE o.no = %s", (no,)) == 1


def test_buyer_of_much_waits_for_people(shop, owner, cashier):
    buyer, no = short_order(shop, 2)
    buyer.get(f"/o/{no}")
    buyer.submit(buyer.form(f"/o/{no}/refund", "post"))
    assert state(shop, "orders", no) == "refunding"
    refund = shop.value("SELECT r.no FROM refund r JOIN orders o ON o.id = "
                        "r.order_id WHERE o.no = %s", (no,))
    for clerk, after in ((owner, "waiting"), (cashier, "done")):
        clerk.send(f"/refunds/{refund}/agree", f"/refunds/{refund}")
        assert state(shop, "refund", refund) == after
    assert state(shop, "orders", no) == "refunded"


def test_the_desk_knows(shop, owner):
    shop.wait_outbox()
    booked = shop.value("SELECT SUM(amount_minor) FROM ledger_entry WHERE "
                        "account = 'refunds'")
    assert booked == shop.value("SELECT SUM(refunded_minor) FROM orders") > 0
    metrics = shop.metrics()
    assert metrics['keystall_refunds_total{state="done"}'] > 0
