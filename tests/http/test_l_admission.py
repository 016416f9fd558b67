# SPDX-License-Identifier: Apache-2.0
"""Admission: what is answered before any work that touches the primary."""

import concurrent.futures
import re
import time

import pytest

from goods import make_sku
from procs import wait_until


@pytest.fixture(scope="module")
def sale():
    """A shop of this file's own: goods run out here."""
    from stack import Stack
    with Stack(workers=4, settings={"hold_cap_network": 20}).start() as one:
        yield one
        one.verify()


def late_form(shop, sku, **typed):
    """A buyer with an open form, after the last card has gone."""
    late = shop.shopper()
    late.checkout(sku=sku.id)
    form = late.form("/order", "post")
    shop.shopper().order(sku=sku.id)
    form.fields.update(contact="late@example.test", **typed)
    return late, form


def statements(shop):
    rows = shop.primary.sql("SHOW GLOBAL STATUS WHERE Variable_name IN "
                            "('Com_select', 'Com_commit', 'Com_begin')")
    return sum(int(r["Value"]) for r in rows)


def test_sold_out_asks_no_primary(sale):
    sku = make_sku(sale, cards=1)
    late, form = late_form(sale, sku)
    for _ in range(20):  # every worker has the page
        assert late.submit(form, follow=False).status_code == 409
    sale.jobs.stop()
    try:
        before = statements(sale)

        def post(_):
            return late.session.post(
                sale.url + "/order", data=form.fields).status_code
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            got = set(pool.map(post, range(800)))
        asked = statements(sale) - before
    finally:
        sale.jobs.start()
    assert got == {409}
    if sale.pools:  # mod_fcgid's processes share no memory
        # one a second goes to the rows, the others do not; each of them took
        # some fifteen statements before
        assert asked < 800, asked
        answered = sale.metrics()['keystall_admission_total{answer="sold_out"}']
        assert answered > 700, answered


def test_nothing_typed_is_lost_or_trusted(sale):
    sku = make_sku(sale, cards=1)
    evil = '"><b id=evil>&amp;\''
    late, form = late_form(sale, sku, lookup_password=evil)
    for _ in range(6):
        answer = late.submit(form, follow=False)
        assert answer.status_code == 409
        assert "no-store" in answer.headers["Cache-Control"]
        assert "<b id=evil>" not in answer.text
        again = late.form("/order", "post")
        for name in ("form_token", "sku", "qty", "contact", "lookup_password",
                     "coupon"):
            assert again.fields[name] == form.fields[name], name
    # nothing of it is there for the next buyer
    other = sale.shopper()
    other.get("/lang/en?to=/")
    answer = other.get(f"/checkout?sku={sku.id}&qty=1&contact=me")
    assert answer.status_code == 409
    assert "late@example.test" not in answer.text
    assert form.fields["form_token"] not in answer.text


def test_every_language_and_theme_has_its_own(sale):
    sku = make_sku(sale, cards=1)
    sale.shopper().order(sku=sku.id)
    seen = {}
    for turn in range(3):
        for lang in ("zh-CN", "en"):
            for theme in ("light", "dark"):
                one = sale.shopper()
                one.get(f"/lang/{lang}?to=/orders")
                one.get(f"/theme/{theme}?to=/orders")
                text = one.get(f"/checkout?sku={sku.id}&qty={turn + 1}").text
                assert f'lang="{lang}"' in text
                assert f'data-theme="{theme}"' in text
                assert seen.setdefault((lang, theme), text) == text
    assert len(set(seen.values())) == 4


def test_cards_that_come_back_are_sold(sale):
    sku = make_sku(sale, cards=1)
    late, form = late_form(sale, sku)
    assert late.submit(form, follow=False).status_code == 409
    sale.import_cards(sku.code, [sku.code + "-more"])
    answers = []

    def bought():
        answers.append(late.submit(form, follow=False))
        return answers[-1].status_code == 303
    wait_until(bought, 20, "the imported card is for sale")
    assert all(a.status_code in (303, 409) for a in answers)
    # and by an expired hold
    other = sale.shopper()
    other.get(f"/checkout?sku={sku.id}&qty=1")
    sale.sql("UPDATE orders SET expires_us = 1 WHERE state = 'pending'")
    wait_until(lambda: other.get(f"/checkout?sku={sku.id}&qty=1")
               .status_code == 200, 30, "the card of the expired hold")


def test_the_last_buyers_second_click_is_his_order(sale):
    """The form that made the order is known as such, however sold out."""
    sku = make_sku(sale, cards=1)
    buyer = sale.shopper()
    buyer.checkout(sku=sku.id)
    form = buyer.form("/order", "post")
    form.fields.update(contact="twice@example.test")
    cookies = {c.name: c.value for c in buyer.session.cookies}
    first = buyer.submit(form, follow=False)
    assert first.status_code == 303
    others = [sale.shopper().get(f"/checkout?sku={sku.id}&qty=1").status_code
              for _ in range(5)]
    assert others == [409] * 5
    # without what the first answer set: it has not arrived yet
    second = sale.shopper()
    second.session.cookies.update(cookies)
    answers = [second.submit(form, follow=False) for _ in range(5)]
    if sale.pools:
        assert {a.status_code for a in answers} == {303}
        assert {a.headers["Location"] for a in answers} == {
            first.headers["Location"]}
    assert sale.value("SELECT COUNT(*) FROM card WHERE sku_id = %s AND "
                      "state = 'held'", (sku.id,)) == 1


def test_sale_window(sale):
    sku = make_sku(sale, cards=2)
    now = int(time.time() * 1e6)
    buyer = sale.shopper()
    buyer.checkout(sku=sku.id)
    form = buyer.form("/order", "post")
    form.fields.update(contact="early@example.test")
    sale.sql("UPDATE sku SET sale_from_us = %s WHERE id = %s",
             (now + 3600 * 10**6, sku.id))
    for _ in range(4):
        early = buyer.submit(form, follow=False)
        assert early.status_code == 409
        assert re.search(r'data-opens="\d+"', early.text)
    again = buyer.form("/order", "post")
    assert again.fields["contact"] == "early@example.test"
    sale.sql("UPDATE sku SET sale_from_us = %s WHERE id = %s", (now, sku.id))
    wait_until(lambda: buyer.submit(again, follow=False).status_code == 303,
               20, "the sale begins")
    late = sale.shopper()
    late.checkout(sku=sku.id)
    form = late.form("/order", "post")
    form.fields.update(contact="late@example.test")
    sale.sql("UPDATE sku SET sale_until_us = %s WHERE id = %s",
             (now + 1, sku.id))
    over = late.submit(form, follow=False)
    assert over.status_code == 409 and "data-opens" not in over.text


def test_a_network_cannot_lock_the_shop(sale):
    """A script with thirty addresses and thirty mail addresses holds at most
    what its network may; others buy."""
    sku = make_sku(sale, cards=40)
    held = 0
    for i in range(30):
        one = sale.shopper(address=f"127.7.7.{i + 1}")
        answer = one.order(sku=sku.id, contact=f"hoard{i}@example.test",
                           check=False)
        held += answer.status_code == 303
        assert answer.status_code in (303, 409), answer.status_code
    assert held == 20
    neighbour = sale.shopper(address="127.7.8.1")
    _, cards = neighbour.buy(sku=sku.id)
    assert len(cards) == 1


def test_the_last_cards_are_held_for_less(sale):
    def seconds(cards):
        sku = make_sku(sale, cards=cards)
        no = sale.shopper().order(sku=sku.id)
        return sale.value("SELECT (expires_us - created_us) DIV 1000000 "
                          "FROM orders WHERE no = %s", (no,))
    low, usual = sale.settings.get("order_ttl_low_s", 300), \
        sale.settings.get("order_ttl_s", 900)
    assert seconds(5) == min(low, usual)
    assert seconds(12) == usual


def test_a_storm_of_forged_notices_stops_no_real_one(sale):
    sku = make_sku(sale, cards=10)
    orders = []
    for _ in range(5):
        one = sale.shopper()
        orders.append((one, one.order(sku=sku.id)))

    def forge(part):
        session = sale.shopper().session
        got = set()
        for i in range(250):
            answer = session.get(sale.url + "/pay/notify/epay-demo", params={
                "pid": "1", "out_trade_no": f"{part}-{i}", "money": "1.00",
                "trade_status": "TRADE_SUCCESS", "sign_type": "MD5",
                "sign": "0" * 32}, timeout=60)
            got.add(answer.status_code)
            assert answer.text != "success"
        return got

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        storm = [pool.submit(forge, i) for i in range(8)]
        for one, no in orders:
            one.pay(no)
            assert len(one.cards(no)) == 1
        codes = set().union(*(f.result() for f in storm))
    assert all(code < 500 for code in codes), codes
