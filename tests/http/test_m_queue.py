# SPDX-License-Identifier: Apache-2.0
"""The panel's work queues: orders that wait for stock, late money, work by
hand; the policies that send them there; and what their buyers read."""

from clerk import (PANEL, audited, clerk, commit, demo, errors,  # noqa: F401
                   helper, paste, tag)
from goods import make_sku
from shopper import parse


def state(buyer, no):
    return buyer.state(no)["state"]


def short_order(demo, sku):
    """Paid, but the card it held is gone."""
    buyer = demo.shopper()
    no = buyer.order(sku=sku.id)
    demo.sql("UPDATE card SET state = 'locked', order_id = NULL, "
             "hold_until_us = 0 WHERE sku_id = %s", (sku.id,))
    buyer.pay(no)
    assert state(buyer, no) == "short"
    return buyer, no


def late_order(demo, clerk, sku):
    """Given up by its buyer, then paid."""
    buyer = demo.shopper()
    no = buyer.order(sku=sku.id)
    buyer.get(f"/o/{no}/pay")
    buyer.submit(buyer.form(f"/o/{no}/cancel", "post"))
    assert state(buyer, no) == "cancelled"
    clerk.send(f"/orders/{no}/paid", on=f"/orders/{no}", reference=tag(),
               reason="seen at the bank", sure="1")
    return buyer, no


def listed(clerk, queue):
    page = parse(clerk.get(f"/orders/{queue}").text)
    return [a.text for a in page.all("a", class_="mono")] or [
        a.text for a in page.all("a")
        if a.get("href", "").startswith(PANEL + "/orders/2")
        and "#" not in a.get("href")]


def test_short_order_waits_and_is_served_by_an_import(demo, clerk):
    sku = make_sku(demo, cards=1)
    buyer, no = short_order(demo, sku)
    assert "排在第 1 位" in buyer.get(f"/o/{no}").text
    assert no in listed(clerk, "short")
    assert no not in listed(clerk, "late") + listed(clerk, "manual")
    # nothing to give: the queue has no key for it, and a key pressed anyway
    # says so
    answer = clerk.post(f"/orders/{no}/now", queue="short")
    assert answer.url.endswith("/orders/short?said=none")
    assert state(buyer, no) == "short"
    clerk.post(f"/orders/{no}/note", queue="short", note="ordered <b>more</b>")
    page = clerk.get("/orders/short").text
    assert "ordered &lt;b&gt;more&lt;/b&gt;" in page
    assert audited(demo, "order.note", f"order:{no}")
    batch, _ = paste(clerk, sku, "FRESH-" + tag() + "\n")
    commit(clerk, batch)
    assert state(buyer, no) == "delivered"
    assert len(buyer.cards(no)) == 1
    assert no not in listed(clerk, "short")
    assert "ordered" not in buyer.get(f"/o/{no}").text  # the shop's business
    demo.verify()


def test_late_money_waits_for_a_key(demo, clerk):
    sku = make_sku(demo, cards=2)
    clerk.send("/shop/policy", on="/shop", late="queue")
    buyer, no = late_order(demo, clerk, sku)
    assert state(buyer, no) == "short"
    assert no in listed(clerk, "late") and no not in listed(clerk, "short")
    # it keeps nobody from buying
    other, _ = demo.shopper().buy(sku=sku.id)
    answer = clerk.send(f"/orders/{no}/now", on="/orders/late")
    assert answer.url.endswith("/orders/late?said=delivered")
    assert state(buyer, no) == "delivered"
    # released without stock it joins the line
    buyer, no = late_order(demo, clerk, more := make_sku(demo, cards=1))
    demo.sql("UPDATE card SET state = 'locked' WHERE sku_id = %s", (more.id,))
    answer = clerk.post(f"/orders/{no}/now", queue="late")
    assert answer.url.endswith("/orders/late?said=queued")
    assert no in listed(clerk, "short") and no not in listed(clerk, "late")
    clerk.send("/shop/policy", on="/shop", late="deliver")
    buyer, no = late_order(demo, clerk, sku := make_sku(demo, cards=1))
    assert state(buyer, no) == "delivered"
    demo.verify()


def test_goods_by_hand_have_their_queue(demo, clerk):
    sku = make_sku(demo, kind="manual")
    buyer = demo.shopper()
    no = buyer.order(sku=sku.id)
    buyer.pay(no)
    assert no in listed(clerk, "manual")
    assert clerk.post(f"/orders/{no}/now", queue="manual").url.endswith(
        "/orders/manual?said=late")
    clerk.send(f"/orders/{no}/deliver", on=f"/orders/{no}", goods="by hand")
    assert state(buyer, no) == "delivered"
    assert no not in listed(clerk, "manual")


def test_policies_are_chosen_on_the_shops_page(demo, clerk, helper):
    answer = clerk.send("/shop/policy", on="/shop", late="refund",
                        over="deliver", under="complete", partial="1",
                        ask_back="500.00")
    assert answer.url.endswith("/shop?said=saved")
    assert audited(demo, "shop.policy", "shop")
    values = {r["name"]: r["value"] for r in demo.sql(
        "SELECT name, value FROM setting WHERE name LIKE '%%policy' OR name "
        "IN ('short_partial', 'ask_back_minor')")}
    assert values == {"late_policy": "refund", "over_policy": "deliver",
                      "under_policy": "complete", "short_partial": "on",
                      "ask_back_minor": "50000"}
    page = clerk.web.page()
    assert page.one(id="ask_back").get("value") == "500.00"
    assert clerk.send("/shop/policy", on="/shop",
                      ask_back="many").status_code == 422
    assert errors(clerk.web) == {"ask_back"}
    assert clerk.web.page().one(id="name").get("value")  # the other form
    assert clerk.post("/shop/policy", late="never").status_code == 422
    clerk.send("/shop/policy", on="/shop", late="deliver", over="hold",
               under="hold", partial="", ask_back="0")
    # a hand without the settings may work on the queues, not on the rules
    assert helper.get("/orders/short").status_code == 200
    assert helper.post("/shop/policy", late="queue").status_code == 403
