# SPDX-License-Identifier: Apache-2.0
"""Coupons from the panel to the last use: T-COUP of the weakness classes, and
the editor's forms."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from clerk import PANEL, Clerk, audited, errors, tag
from goods import free_cards, make_sku
from procs import wait_until
from shopper import parse
from stack import Stack


@pytest.fixture(scope="module")
def demo():
    with Stack(replica=False, workers=4) as shop:
        shop.owner = shop.admin_create()
        yield shop


@pytest.fixture(scope="module")
def clerk(demo):
    return Clerk(demo, *demo.owner)


@pytest.fixture
def house(demo):
    yield demo
    demo.verify()


def make(clerk, **fields):
    """One coupon through the panel; its code and its id."""
    code = fields.pop("code", "T" + tag().upper())
    answer = clerk.send("/coupons/new", code=code, **{
        "kind": "fixed", "value": "3.00", "uses_max": "1", **fields})
    assert "said=made" in answer.url, answer.text[:3000]
    return code, clerk.shop.value("SELECT id FROM coupon WHERE code = %s",
                                  (code.upper(),))


def quoted(buyer, sku, code, qty=1):
    """The checkout with this coupon priced, as the button does it."""
    buyer.checkout(sku=sku.id, qty=qty)
    form = buyer.form("/order", "post")
    fields = {**form.fields, "coupon": code, "contact": "c@example.test",
              "lookup_password": "secret-1234"}
    buyer.post("/checkout", fields)
    return buyer.form("/order", "post")


def place(buyer, sku, code, qty=1, **fields):
    """The answer to POST /order."""
    form = quoted(buyer, sku, code, qty)
    return buyer.submit(form, follow=False, **{
        "lookup_password": "secret-1234", **fields})


def number(answer):
    assert answer.status_code == 303, answer.text[:3000]
    return re.search(r"/o/([0-9A-Z]+)/pay", answer.headers["Location"])[1]


def uses(shop, own):
    return shop.value("SELECT uses_n FROM coupon WHERE id = %s", (own,))


def refusal(buyer):
    """What stands beside the coupon."""
    element = buyer.page().one(id="err-coupon")
    return element.text.strip() if element is not None else ""


def total(shop, no):
    return shop.value("SELECT total_minor FROM orders WHERE no = %s", (no,))


def test_fifty_at_once_and_one_use(house, clerk):
    sku = make_sku(house, cards=50)
    code, own = make(clerk)
    buyers = [house.shopper() for _ in range(50)]
    with ThreadPoolExecutor(10) as pool:
        forms = list(pool.map(lambda b: quoted(b, sku, code), buyers))
        answers = list(pool.map(
            lambda bf: bf[0].submit(bf[1], follow=False,
                                    lookup_password="secret-1234"),
            zip(buyers, forms)))
    good = [a for a in answers if a.status_code == 303]
    assert len(good) == 1
    assert {a.status_code for a in answers} <= {303, 409, 422}
    assert uses(house, own) == 1
    assert house.value("SELECT COUNT(*) FROM orders WHERE coupon_minor > 0"
                       " AND id IN (SELECT order_id FROM coupon_use WHERE "
                       "coupon_id = %s)", (own,)) == 1
    # those who were late are told why, and hold no card
    assert free_cards(house, sku) == 49


def test_expiry_gives_the_use_back_and_late_money_takes_it_again(
        house, clerk):
    sku = make_sku(house, cards=3)
    code, own = make(clerk)
    first = house.shopper()
    no = number(place(first, sku, code))
    first._open_gateway(first.page(f"/o/{no}/pay").one(data_pay=True))
    assert total(house, no) == 700 and uses(house, own) == 1
    house.sql("UPDATE orders SET expires_us = 1 WHERE no = %s", (no,))
    wait_until(lambda: first.state(no)["state"] == "expired", 60)
    assert uses(house, own) == 0
    # somebody else uses it meanwhile
    second = house.shopper()
    other = number(place(second, sku, code))
    assert uses(house, own) == 1
    # and the first one's money still counts at the price that was promised
    house.pay(no)
    wait_until(lambda: first.state(no)["state"] == "delivered", 60)
    assert uses(house, own) == 2
    second.get(f"/o/{other}/pay")
    second.submit(second.form(f"/o/{other}/cancel", "post"))
    assert uses(house, own) == 1
    third = house.shopper()
    assert place(third, sku, code).status_code == 422
    assert refusal(third)


def test_a_use_is_given_back_once(house, clerk):
    sku = make_sku(house, cards=2)
    code, own = make(clerk, uses_max="5")
    buyer = house.shopper()
    no = number(place(buyer, sku, code))
    buyer.get(f"/o/{no}/pay")
    form = buyer.form(f"/o/{no}/cancel", "post")
    for _ in range(3):
        buyer.submit(form)
    assert uses(house, own) == 0


def test_only_for_its_own_goods(house, clerk):
    sku, other = make_sku(house, cards=2), make_sku(house, cards=2)
    for scope, value in (("p", sku.product), ("s", sku.id)):
        code, own = make(clerk, scope=f"{scope}{value}", uses_max="0")
        stranger = house.shopper()
        answer = place(stranger, other, code)
        assert answer.status_code == 422 and refusal(stranger)
        assert uses(house, own) == 0
        number(place(house.shopper(), sku, code))
        assert uses(house, own) == 1


@pytest.mark.parametrize("turn", [str.lower, str.title,
                                  lambda c: f"  {c}\t", str.swapcase])
def test_case_and_blanks_are_the_same_code(house, clerk, turn):
    sku = make_sku(house, cards=1)
    code, own = make(clerk)
    no = number(place(house.shopper(), sku, turn(code)))
    assert total(house, no) == 700 and uses(house, own) == 1


@pytest.mark.parametrize("turn", [
    lambda c: c.translate({ord("T"): "\u03a4"}),       # Greek capital tau
    lambda c: "".join(chr(ord(x) + 0xfee0) for x in c),  # full width
    lambda c: c + "\u0301", lambda c: c[:3] + "\u200b" + c[3:],
    lambda c: c + "%", lambda c: c[:-1] + "_", lambda c: c + "'",
    lambda c: c.replace("T", "\u0166"), lambda c: c[::-1] + c])
def test_what_only_looks_alike_is_another_code(house, clerk, turn):
    sku = make_sku(house, cards=1)
    code, own = make(clerk)
    buyer = house.shopper()
    answer = place(buyer, sku, turn(code))
    assert answer.status_code == 422 and refusal(buyer)
    assert uses(house, own) == 0


def test_no_two_on_one_order(house, clerk):
    sku = make_sku(house, cards=1)
    (one, first), (two, second) = make(clerk), make(clerk)
    buyer = house.shopper()
    form = quoted(buyer, sku, one)
    fields = [(k, v) for k, v in form.fields.items() if k != "coupon"]
    answer = buyer.request("POST", form.action, follow=False, data=fields + [
        ("coupon", one), ("coupon", two)])
    assert answer.status_code == 422
    assert uses(house, first) == uses(house, second) == 0


def test_limits_of_a_coupon_are_kept(house, clerk):
    sku = make_sku(house, cards=9)
    code, own = make(clerk, kind="percent", value="50", cap="2.50",
                     min="20.00", uses_max="0", per_contact="1")
    few = house.shopper()
    assert place(few, sku, code).status_code == 422 and refusal(few)
    no = number(place(few, sku, code, qty=3))
    assert total(house, no) == 3000 - 250
    again = house.shopper()
    assert place(again, sku, code, qty=3).status_code in (409, 422)
    assert refusal(again)
    assert uses(house, own) == 1
    # half a cent is rounded once: 33.33 per cent of 10.00
    third, _ = make(clerk, kind="percent", value="33.33")
    no = number(place(house.shopper(), sku, third))
    assert total(house, no) == 1000 - 333
    # never below nothing
    large, _ = make(clerk, value="99.00")
    no = number(place(house.shopper(), sku, large))
    assert total(house, no) == 0


def test_days_and_the_switch(house, clerk):
    sku = make_sku(house, cards=3)
    for fields in ({"from": "2999-01-01"},
                   {"from": "2020-01-01", "until": "2020-01-31"}):
        code, _ = make(clerk, **fields)
        buyer = house.shopper()
        assert place(buyer, sku, code).status_code == 422, fields
        assert refusal(buyer), fields
    code, own = make(clerk)
    holder = house.shopper()
    kept = quoted(holder, sku, code)
    answer = clerk.send(f"/coupons/{own}/switch", on=f"/coupons?code={code}",
                        active="0")
    assert "said=off" in answer.url
    assert clerk.post(f"/coupons/{own}/switch", active="0").url.endswith(
        "said=gone")
    answer = holder.submit(kept, follow=False, lookup_password="secret-1234")
    assert answer.status_code == 422 and uses(house, own) == 0
    clerk.post(f"/coupons/{own}/switch", active="1")
    number(place(house.shopper(), sku, code))
    assert audited(house, "coupon.off", f"coupon:{own}")


# -- the editor -------------------------------------------------------------

def test_a_batch_of_codes_nobody_guesses(house, clerk):
    name = "春节 & " + tag()
    answer = clerk.send("/coupons/new", count="200", prefix="cny-",
                        batch=name, kind="fixed", value="1", uses_max="1")
    assert "said=made" in answer.url, answer.text[:3000]
    codes = [r["code"] for r in house.sql(
        "SELECT code FROM coupon WHERE batch = %s", (name,))]
    assert len(set(codes)) == 200
    assert all(re.fullmatch(r"CNY-[0-9A-HJKMNP-TV-Z]{12}", c) for c in codes)
    # neither their order nor their beginnings tell anything
    assert len({c[4:8] for c in codes}) > 190
    page = clerk.get("/coupons", params={"batch": name})
    rows = list(parse(page.text).all("tr", data_coupon=True))
    assert len(rows) == 50
    older = next(a.get("href") for a in parse(page.text).all("a")
                 if "below=" in (a.get("href") or ""))
    assert len(list(parse(clerk.web.get(older).text).all(
        "tr", data_coupon=True))) == 50
    answer = clerk.post("/coupons/export", batch=name)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0][0] == "code"
    assert sorted(r[0] for r in table[1:]) == sorted(codes)
    clerk.post("/coupons/batch", batch=name, active="0")
    assert house.value("SELECT SUM(active) FROM coupon WHERE batch = %s",
                       (name,)) == 0
    log = house.sql("SELECT detail FROM audit_log WHERE action LIKE "
                    "'coupon.%%'")
    assert not any(codes[0] in r["detail"] for r in log)
    assert audited(house, "coupon.export", f"coupon:{name}")


@pytest.mark.parametrize("fields,bad", [
    ({"value": ""}, "value"), ({"value": "0"}, "value"),
    ({"value": "-1"}, "value"), ({"value": "1.005"}, "value"),
    ({"value": "1e3"}, "value"),
    ({"kind": "percent", "value": "100.01"}, "value"),
    ({"kind": "percent", "value": "0"}, "value"), ({"kind": "x"}, "kind"),
    ({"cap": "5"}, "cap"), ({"min": "x"}, "min"), ({"scope": "x1"}, "scope"),
    ({"scope": "p0"}, "scope"), ({"scope": "p-1"}, "scope"),
    ({"count": "0"}, "count"), ({"count": "5001"}, "count"),
    ({"count": "1.5"}, "count"), ({"count": "2"}, "batch"),
    ({"count": "2", "batch": "b", "code": "X"}, "code"),
    ({"code": "a b"}, "code"), ({"code": "券"}, "code"),
    ({"code": "x" * 41}, "code"), ({"prefix": "x" * 21}, "prefix"),
    ({"uses_max": "1000001"}, "uses_max"), ({"per_contact": "-1"},
                                            "per_contact"),
    ({"from": "2030-02-02", "until": "2030-02-01"}, "until"),
    ({"from": "2030-02-30"}, "from"), ({"note": "n" * 201}, "note")])
def test_a_bad_form_comes_back_with_the_reason(house, clerk, fields, bad):
    before = house.value("SELECT COUNT(*) FROM coupon")
    answer = clerk.post("/coupons/new", **{
        "kind": "fixed", "value": "2.00", "count": "1", "note": "typed",
        **fields})
    assert answer.status_code == 422, fields
    assert errors(clerk.web) == {bad}, fields
    if bad != "note":
        assert "typed" in answer.text
    assert house.value("SELECT COUNT(*) FROM coupon") == before


def test_a_taken_code_is_said(house, clerk):
    code, _ = make(clerk)
    for same in (code, code.lower()):
        answer = clerk.post("/coupons/new", kind="fixed", value="1",
                            code=same)
        assert answer.status_code == 422
        assert errors(clerk.web) == {"code"}


def test_who_may_not_and_what_is_not_there(house, clerk):
    assert clerk.post("/coupons/x/switch", active="1").status_code == 404
    assert "said=gone" in clerk.post("/coupons/99999999/switch",
                                     active="1").url
    assert clerk.post("/coupons/export", batch="none").status_code == 404
    assert clerk.post("/coupons/export").status_code == 404
    assert clerk.get("/coupons?code=%27&below=x&batch=none").status_code == 200
    house.sql("UPDATE role SET permissions = 'orders' WHERE name = 'staff'")
    house.ctl("admin", "create", "hand", "--role", "staff",
              stdin="a-long-enough-one\n")
    hand = Clerk(house, "hand", "a-long-enough-one")
    for path in ("/coupons", "/coupons/new"):
        assert hand.get(path).status_code == 403, path
    for path in ("/coupons/new", "/coupons/1/switch", "/coupons/batch",
                 "/coupons/export"):
        assert hand.post(path, batch="x").status_code == 403, path
    assert PANEL + "/coupons" not in hand.get("/").text
