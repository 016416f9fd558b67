# SPDX-License-Identifier: Apache-2.0
"""The purchase without a script: every step a person takes, and every wrong
thing that a form can say."""

import re

import pytest

from goods import free_cards, make_sku
from procs import wait_until
from shopper import parse


def test_buy_and_hold_the_card(shop):
    sku = make_sku(shop, cards=3)
    buyer = shop.shopper()
    no, cards = buyer.buy(slug=sku.slug, contact="holds@example.test")
    assert cards == [sku.texts[0]]
    assert buyer.state(no)["state"] == "delivered"
    assert buyer.state(no)["delivered"] == 1
    mail = shop.wait_mail("holds@example.test")[-1]
    body = mail["message"].get_body(("plain",)).get_content()
    assert no in body
    assert sku.texts[0] not in mail["raw"].decode("utf-8", "replace")


def test_mail_link_opens_the_order_for_a_stranger(shop):
    sku = make_sku(shop, cards=1)
    no, cards = shop.shopper().buy(sku=sku.id, contact="link@example.test")
    body = shop.wait_mail("link@example.test")[-1]["message"].get_body(
        ("plain",)).get_content()
    link = re.search(r"https?://\S+/o/\S+", body).group(0)
    stranger = shop.shopper()
    stranger.get(link)
    page = stranger.page()
    assert [e.text.strip() for e in page.all(data_card=True)] == cards
    assert shop.shopper().status(f"/o/{no}") != 200 or not list(
        shop.shopper().page(f"/o/{no}").all(data_card=True))


def test_several_pieces_in_one_order(shop):
    sku = make_sku(shop, cards=5)
    no, cards = shop.shopper().buy(sku=sku.id, qty=4)
    assert sorted(cards) == sorted(sku.texts[:4])
    assert free_cards(shop, sku) == 1


def test_form_sent_twice_is_one_order(shop):
    sku = make_sku(shop, cards=3)
    buyer = shop.shopper()
    buyer.checkout(sku=sku.id)
    form = buyer.form("/order", "post")
    first = buyer.submit(form, follow=False, contact="twice@example.test",
                         lookup_password="x")
    second = buyer.submit(form, follow=False, contact="twice@example.test",
                          lookup_password="x")
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert free_cards(shop, sku) == 2


def test_sold_out_is_said(shop):
    sku = make_sku(shop, cards=1)
    shop.shopper().order(sku=sku.id)
    late = shop.shopper()
    answer = late.order(sku=sku.id, check=False)
    assert answer.status_code == 409
    assert "售罄" in parse(answer.text).one(role="alert").text


def test_the_last_one_is_just_being_taken(shop):
    """Its row is still free, and locked by who takes it: who wants one piece
    is not told to take fewer."""
    sku = make_sku(shop, cards=1)
    buyer = shop.shopper()
    buyer.checkout(sku=sku.id)
    form = buyer.form("/order", "post")
    link = shop.primary.connect("keystall")
    try:
        with link.cursor() as c:
            link.begin()
            c.execute("SELECT id FROM card WHERE sku_id = %s FOR UPDATE",
                      (sku.id,))
        answer = buyer.submit(form, follow=False, contact="l@example.test")
    finally:
        link.rollback()
        link.close()
    assert answer.status_code == 409
    assert "售罄" in answer.text and "请减少数量" not in answer.text
    again = buyer.form("/order", "post")  # it offers one more try, as typed
    assert again.fields["contact"] == "l@example.test"
    wait_until(lambda: buyer.submit(again, follow=False).status_code == 303,
               10, "the last one, which nobody took")


def test_price_changed_under_the_form_is_asked_again(shop):
    sku = make_sku(shop, cards=2, price=1000)
    buyer = shop.shopper()
    buyer.checkout(sku=sku.id)
    form = buyer.form("/order", "post")
    shop.sql("UPDATE sku SET price_minor = 2000 WHERE id = %s", (sku.id,))
    answer = buyer.submit(form, follow=False, contact="price@example.test",
                          lookup_password="x")
    assert 400 <= answer.status_code < 500
    assert "20.00" in answer.text
    assert free_cards(shop, sku) == 2
    again = buyer.submit(buyer.form("/order", "post"), follow=False,
                         contact="price@example.test", lookup_password="x")
    assert again.status_code == 303


BAD_QTY = ["0", "-1", "1.5", "2abc", "9223372036854775808", "2147483648",
           "1e3", "0x10", "１", "٣", "", "101"]


@pytest.mark.parametrize("qty", BAD_QTY)
def test_bad_quantity_changes_nothing(shop, bad_sku, qty):
    buyer = shop.shopper()
    buyer.checkout(sku=bad_sku.id)
    form = buyer.form("/order", "post")
    answer = buyer.submit(form, follow=False, contact="q@example.test",
                          lookup_password="x", qty=qty)
    assert 400 <= answer.status_code < 500, answer.status_code
    assert free_cards(shop, bad_sku) == 3


BAD_CONTACT = ["", "nobody", "a@b", "a b@example.test", "a@example.test\r\nBcc: x@y.test",
               "x" * 200 + "@example.test", "<svg onload=1>@example.test",
               "a@example.test\0"]


@pytest.mark.parametrize("contact", BAD_CONTACT)
def test_bad_contact_is_said_beside_the_field(shop, bad_sku, contact):
    buyer = shop.shopper()
    buyer.checkout(sku=bad_sku.id)
    answer = buyer.submit(buyer.form("/order", "post"), follow=False,
                          contact=contact, lookup_password="keep-me-5150")
    assert 400 <= answer.status_code < 500
    assert "<svg onload" not in answer.text
    assert free_cards(shop, bad_sku) == 3
    if "\0" not in contact and answer.status_code == 422:
        page = buyer.page()
        assert page.one("input", name="contact") is not None


@pytest.mark.parametrize("field,value", [
    ("sku", "999999999"), ("sku", "-1"), ("sku", "abc"), ("sku", ""),
    ("form_token", ""), ("form_token", "AAAA"), ("form_token", "x" * 54),
    ("coupon", "NO-SUCH-COUPON"), ("coupon", "x" * 300),
    ("channel", "nobody"), ("channel", "../../etc/passwd"),
    ("lookup_password", "x" * 300), ("contact", b"\xff\xfe@example.test"),
])
def test_bad_field_changes_nothing(shop, bad_sku, field, value):
    buyer = shop.shopper()
    buyer.checkout(sku=bad_sku.id)
    fields = {"contact": "b@example.test", "lookup_password": "x"}
    fields[field] = value
    answer = buyer.submit(buyer.form("/order", "post"), follow=False, **fields)
    assert 400 <= answer.status_code < 500, answer.status_code
    assert free_cards(shop, bad_sku) == 3


def test_repeated_field_is_refused_or_first_wins(shop, bad_sku):
    buyer = shop.shopper()
    buyer.checkout(sku=bad_sku.id)
    form = buyer.form("/order", "post")
    pairs = list({**form.fields, "contact": "r@example.test",
                  "lookup_password": "x"}.items()) + [("qty", "2")]
    answer = buyer.post("/order", pairs, follow=False)
    assert 400 <= answer.status_code < 500
    assert free_cards(shop, bad_sku) == 3


def test_token_of_another_browser_is_refused(shop, bad_sku):
    one, other = shop.shopper(), shop.shopper()
    one.checkout(sku=bad_sku.id)
    form = one.form("/order", "post")
    other.checkout(sku=bad_sku.id)
    answer = other.submit(form, follow=False, contact="o@example.test",
                          lookup_password="x")
    assert 400 <= answer.status_code < 500
    assert free_cards(shop, bad_sku) == 3


def test_foreign_origin_is_refused(shop, bad_sku):
    buyer = shop.shopper()
    buyer.checkout(sku=bad_sku.id)
    form = buyer.form("/order", "post")
    answer = buyer.post("/order", {**form.fields, "contact": "f@example.test",
                                   "lookup_password": "x"}, follow=False,
                        headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert free_cards(shop, bad_sku) == 3


def test_cancel_gives_the_card_back(shop):
    sku = make_sku(shop, cards=1)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id)
    assert free_cards(shop, sku) == 0
    buyer.get(f"/o/{no}/pay")
    buyer.submit(buyer.form(f"/o/{no}/cancel", "post"))
    assert buyer.state(no)["state"] == "cancelled"
    assert free_cards(shop, sku) == 1


def test_lookup_by_number_and_password(shop):
    sku = make_sku(shop, cards=1)
    no, cards = shop.shopper().buy(sku=sku.id, password="0")
    stranger = shop.shopper()
    stranger.get("/orders")
    form = stranger.form("/orders", "post")
    wrong = stranger.submit(form, order_no=no, lookup_password="1")
    assert cards[0] not in wrong.text
    nobody = stranger.submit(form, order_no="0" * 24, lookup_password="1")
    assert nobody.status_code == wrong.status_code
    stranger.submit(form, order_no=no, lookup_password="0")
    assert [e.text.strip() for e in stranger.page().all(data_card=True)] \
        == cards


def test_only_the_browser_that_ordered_sees_the_status(shop):
    sku = make_sku(shop, cards=1)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id)
    assert buyer.state(no)["state"] == "pending"
    assert shop.shopper().status(f"/o/{no}/status.json") in (403, 404)


@pytest.fixture
def bad_sku(shop, _shared={}):
    """One SKU with three cards for all tests that must not sell any."""
    if id(shop) not in _shared:
        _shared[id(shop)] = make_sku(shop, cards=3)
    return _shared[id(shop)]
