# SPDX-License-Identifier: Apache-2.0
"""Admission: what is answered before any work that touches the primary."""

import concurrent.futures
import hashlib
import re
import time

import pytest

from clerk import PANEL, Clerk
from goods import free_cards, make_sku
from procs import wait_until

LIGHT, STRONG, PIECES = 10, 11, 16


@pytest.fixture(scope="module")
def sale():
    """A shop of this file's own: goods run out here."""
    from stack import Stack
    with Stack(workers=4, settings={
            "hold_cap_network": 20, "work_light_bits": LIGHT,
            "work_strong_bits": STRONG, "work_wait_s": 300}).start() as one:
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


def sold_out(shop):
    """How many were told so without a look at the rows."""
    return shop.metrics().get(
        'keystall_admission_total{answer="sold_out"}', 0)


def test_sold_out_asks_no_primary(sale):
    sku = make_sku(sale, cards=1)
    late, form = late_form(sale, sku)
    for _ in range(20):  # every worker has the page
        assert late.submit(form, follow=False).status_code == 409
    sale.jobs.stop()
    try:
        before, known = statements(sale), sold_out(sale)
        began = time.monotonic()

        def post(_):
            return late.session.post(
                sale.url + "/order", data=form.fields).status_code
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            got = set(pool.map(post, range(800)))
        asked, took = statements(sale) - before, time.monotonic() - began
    finally:
        sale.jobs.start()
    assert got == {409}
    if sale.pools:  # mod_fcgid's processes share no memory
        # one a second goes to the rows, the others do not; each of them took
        # some fifteen statements before
        assert asked < 100 * (took + 1), (asked, took)
        answered = sold_out(sale) - known
        assert answered > 800 - 10 * (took + 1), (answered, took)


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
    wait_until(bought, 60, "the imported card is for sale")
    assert all(a.status_code in (303, 409) for a in answers)
    # and by an expired hold
    other = sale.shopper()
    other.get(f"/checkout?sku={sku.id}&qty=1")
    sale.sql("UPDATE orders SET expires_us = 1 WHERE state = 'pending'")
    wait_until(lambda: other.get(f"/checkout?sku={sku.id}&qty=1")
               .status_code == 200, 60, "the card of the expired hold")


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
               60, "the sale begins")
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


# -- work before an order: switched on the panel, solved or waited for, and
#    refused without a trace

@pytest.fixture(scope="module")
def clerk(sale):
    return Clerk(sale, *sale.admin_create())


def solve(challenge, bits=LIGHT):
    """What static/js/work.js puts into the field."""
    parts, limit = [challenge], 1 << (256 - (bits - 4))
    for i in range(PIECES):
        n = 0
        while int.from_bytes(hashlib.sha256(
                f"{challenge}.{i}.{n}".encode()).digest(), "big") >= limit:
            n += 1
        parts.append(str(n))
    return ".".join(parts)


def switch(clerk, sku, level):
    answer = clerk.send(f"/products/{sku.product}", work=level)
    assert answer.url.endswith("?said=saved"), answer.text[:2000]


def form_of(shop, sku, buyer=None, **typed):
    buyer = buyer or shop.shopper(address="127.9.9.1")
    assert buyer.checkout(sku=sku.id).status_code == 200
    assert "no-store" in buyer.last.headers["Cache-Control"]
    form = buyer.form("/order", "post")
    form.fields.update({"contact": "work@example.test",
                        "lookup_password": '"<&>', **typed})
    return buyer, form


def counted(shop, result):
    return shop.metrics().get(f'keystall_work_total{{result="{result}"}}', 0)


def test_the_panel_switches_it(sale, clerk):
    sku = make_sku(sale, cards=3)
    path = f"/products/{sku.product}"
    assert 'name="work"' not in form_of(sale, sku)[0].last.text
    clerk.get(path)
    form = clerk.web.form(PANEL + path, "post")
    assert form.fields["work"] == "off"
    answer = clerk.web.submit(form, follow=False, work="very")
    assert answer.status_code == 422
    switch(clerk, sku, "light")
    assert 'work: "off" -> "light"' in sale.value(
        "SELECT detail FROM audit_log WHERE action = 'product.save' "
        "ORDER BY seq DESC LIMIT 1")

    buyer, form = form_of(sale, sku)
    challenge = form.fields["work"]
    # nobody else's, and another one for each form
    assert form_of(sale, sku)[1].fields["work"] != challenge
    assert form_of(sale, sku, buyer)[1].fields["work"] != challenge
    # another product is as it was
    other = make_sku(sale, cards=1)
    assert "work" not in form_of(sale, other)[1].fields
    sale.shopper(address="127.9.9.1").order(sku=other.id)
    switch(clerk, sku, "off")
    assert "work" not in form_of(sale, sku)[1].fields
    # a form of before: what it was asked for is not asked for any more
    assert buyer.submit(form, follow=False).status_code == 303


@pytest.fixture(scope="module")
def guarded(sale, clerk):
    """Goods that ask for light work and are sold by one test only."""
    sku = make_sku(sale, cards=5)
    switch(clerk, sku, "light")
    return sku


@pytest.mark.parametrize("change,status,result", [
    (lambda c: c, 429, "early"),
    (lambda c: "", 422, "missing"),
    (lambda c: c + ".1" * PIECES, 422, "wrong"),
    (lambda c: solve(c)[:-1] + "x", 422, "wrong"),
    (lambda c: c + ".0" * 9999, 422, "wrong"),
    (lambda c: solve("A" * 28), 422, "forged"),
    (lambda c: "\x00\xff<b>", 422, "forged"),
], ids=["unsolved", "missing", "wrong", "bent", "long", "forged", "junk"])
def test_without_work_nothing_is_ordered(sale, guarded, change, status,
                                         result):
    orders = sale.value("SELECT COUNT(*) FROM orders")
    buyer, form = form_of(sale, guarded)
    sent, challenge = dict(form.fields), form.fields["work"]
    before = counted(sale, result)
    form.fields["work"] = change(challenge)
    answer = buyer.submit(form, follow=False)
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 429)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "<b>" not in answer.text
    if sale.pools:
        assert counted(sale, result) == before + 1
    again = buyer.form("/order", "post")
    assert len(again.fields["work"]) == 28
    if result in ("early", "wrong"):
        assert again.fields["work"] == challenge
    sent.pop("work")
    assert {k: v for k, v in again.fields.items() if k != "work"} == sent
    assert sale.value("SELECT COUNT(*) FROM orders") == orders
    assert free_cards(sale, guarded) == 5


def test_work_is_good_for_one_order(sale, clerk):
    sku, other = make_sku(sale, cards=4), make_sku(sale, cards=1)
    switch(clerk, sku, "light")
    switch(clerk, other, "light")
    buyer, form = form_of(sale, sku)
    form.fields["work"] = solve(form.fields["work"])
    wrong = dict(form.fields, sku=str(other.id))
    assert buyer.post("/order", wrong, follow=False).status_code == 422
    # a mistake elsewhere costs no second work, nor does asking for the price
    answer = buyer.submit(form, follow=False, coupon="NO-SUCH-COUPON")
    assert answer.status_code == 422
    assert buyer.form("/order", "post").fields["work"] == form.fields["work"]
    buyer.post("/checkout", dict(form.fields, qty="2"))
    again = buyer.form("/order", "post")
    assert again.fields["qty"] == "2"
    for name in ("work", "form_token"):
        assert again.fields[name] == form.fields[name]
    first = buyer.submit(again, follow=False)
    assert first.status_code == 303
    assert buyer.submit(again, follow=False).headers["Location"] == \
        first.headers["Location"]
    # the next form has a challenge of its own
    buyer, new = form_of(sale, sku, buyer)
    new.fields["work"] = form.fields["work"]
    assert buyer.submit(new, follow=False).status_code == 422
    assert free_cards(sale, sku) == 2


def test_the_rows_decide_where_nobody_has_looked(sale, clerk):
    """Switched on while a form is open: no page has told the workers."""
    sku = make_sku(sale, cards=2)
    buyer, form = form_of(sale, sku)
    switch(clerk, sku, "strong")
    answer = buyer.submit(form, follow=False)
    assert answer.status_code == 422
    again = buyer.form("/order", "post")
    assert again.fields["form_token"] == form.fields["form_token"]
    again.fields["work"] = solve(again.fields["work"], STRONG)
    assert buyer.submit(again, follow=False).status_code == 303
    assert free_cards(sale, sku) == 1


def test_who_cannot_compute_waits(sale, clerk):
    sku = make_sku(sale, cards=2)
    switch(clerk, sku, "strong")
    buyer, form = form_of(sale, sku)
    answer = buyer.submit(form, follow=False)
    assert answer.status_code == 429
    left = int(answer.headers["Retry-After"])
    assert 250 < left <= 300
    words = buyer.page().one("noscript")
    assert str(left) in words.text, "how long, where no script says it"
    # the challenge is the same, so the time that has passed counts
    (sale.reload if sale.pools else sale.restart)(work_wait_s=1)
    again = buyer.form("/order", "post")
    wait_until(lambda: buyer.submit(again, follow=False).status_code == 303,
               60, "waited")
    assert free_cards(sale, sku) == 1
