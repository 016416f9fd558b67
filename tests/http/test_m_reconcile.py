# SPDX-License-Identifier: Apache-2.0
"""Reconciling with gateways' statements: what is the same, what differs, what
a person does about it, and that a bad file changes nothing."""

import datetime
import itertools
import secrets

import pytest

from clerk import PANEL, clerk, demo, helper  # noqa: F401
from goods import make_sku
from shopper import parse

# a day of its own for each test: nobody else's payments are absent in it
DAYS = (datetime.date(2024, 1, 1) + datetime.timedelta(days=n)
        for n in itertools.count())


@pytest.fixture
def day():
    return next(DAYS)


def move(shop, no, at):
    """The order's payment was settled on that day, at noon in China."""
    us = int(datetime.datetime(at.year, at.month, at.day, 4,
                               tzinfo=datetime.timezone.utc).timestamp() * 1e6)
    shop.sql("UPDATE payment p JOIN orders o ON o.id = p.order_id SET "
             "p.settled_us = %s WHERE o.no = %s AND p.state = 'success'",
             (us, no))


def opened(shop, sku):
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id)
    buyer._open_gateway(buyer.page(f"/o/{no}/pay").one(data_pay=True))
    return buyer, no


def sold(shop, day, price=1000):
    sku = make_sku(shop, cards=1, price=price)
    _, no = opened(shop, sku)
    shop.pay(no)
    move(shop, no, day)
    return no, shop.value("SELECT p.txn FROM payment p JOIN orders o ON "
                          "o.id = p.order_id WHERE o.no = %s", (no,))


def channel_id(shop):
    return shop.value("SELECT id FROM channel WHERE name = 'epay-demo'")


def send(clerk, day, text, **fields):  # noqa: F811
    """The form without a script; the page it ends on."""
    data = {"channel": str(channel_id(clerk.shop)), "format": "generic",
            "from": day.isoformat(), "text": text}
    clerk.get("/reconcile")
    return clerk.web.submit(clerk.web.form(PANEL + "/reconcile", "post"),
                            **{**data, **fields})


def report(answer):
    assert answer.status_code == 200, answer.text[:2000]
    page = parse(answer.text)
    counts = {e.get("data-count"): int(e.text)
              for e in page.all(data_count=True)}
    return page.one(data_state=True).get("data-state"), counts, page


def number(answer):
    return int(answer.url.split("/reconcile/")[1].split("?")[0])


HEAD = "order_no,txn,amount,fee,type\n"


def test_the_same_and_its_fee(shop, clerk, day):  # noqa: F811
    no, txn = sold(shop, day)
    text = HEAD + f"{no},{txn},10.00,0.06,payment\n"
    state, counts, _ = report(send(clerk, day, text))
    assert state == "compared"
    assert counts == {"same": 1, "missing": 0, "absent": 0, "amount": 0,
                      "state": 0, "other": 0, "bad": 0, "resolved": 0}
    payment = shop.value("SELECT id FROM payment WHERE txn = %s", (txn,))
    rows = shop.sql("SELECT account, amount_minor FROM ledger_entry WHERE "
                    "tx = %s ORDER BY line", (f"fee:{payment}",))
    assert [(r["account"], r["amount_minor"]) for r in rows] == [
        ("fees", 6), ("receivable", -6)]
    # the same day once more: nothing is booked twice
    state, counts, _ = report(send(clerk, day, text))
    assert (state, counts["same"]) == ("compared", 1)
    assert shop.value("SELECT COUNT(*) FROM ledger_entry WHERE tx = %s",
                      (f"fee:{payment}",)) == 2


def test_every_difference_is_listed(shop, clerk, day):  # noqa: F811
    one, txn = sold(shop, day)
    absent, _ = sold(shop, day)
    text = HEAD + (f"{one},{txn},9.00,,payment\n"
                   f"X1,unknown-{secrets.token_hex(4)},5.00,,payment\n"
                   f"{one},{txn},1.00,,refund\n"
                   "X2,w1,3.00,,withdrawal\n")
    answer = send(clerk, day, text)
    state, counts, page = report(answer)
    assert state == "compared"
    assert {k: counts[k] for k in ("amount", "missing", "state", "absent",
                                   "other", "same")} == {
        "amount": 1, "missing": 1, "state": 1, "absent": 1, "other": 1,
        "same": 0}
    lines = {(e.get("data-result"), e.get("data-line"))
             for e in page.all(data_result=True)}
    assert lines == {("amount", "2"), ("missing", "3"), ("state", "4"),
                     ("absent", "0")}
    assert absent in answer.text
    # each is settled with a reason, once
    ids = [r["id"] for r in shop.sql(
        "SELECT id FROM statement_line WHERE statement_id = %s AND "
        "state = 'open'", (number(answer),))]
    assert len(ids) == 4
    for i in ids:
        done = clerk.post(f"/reconcile/lines/{i}/resolve", reason="looked at")
        assert "said=resolved" in done.url
    assert "said=late" in clerk.post(f"/reconcile/lines/{ids[0]}/resolve",
                                     reason="again").url
    assert clerk.post(f"/reconcile/lines/{ids[0]}/resolve").status_code == 422
    _, counts, _ = report(clerk.get(f"/reconcile/{number(answer)}"))
    assert counts["resolved"] == 4
    assert "looked at" in clerk.get(
        f"/reconcile/{number(answer)}?show=resolved").text


def test_a_payment_that_the_statement_proves(shop, clerk, day):  # noqa: F811
    """The notice was lost and the gateway answers no query any more."""
    sku = make_sku(shop, cards=2)
    buyer, no = opened(shop, sku)
    text = HEAD + f"{no},proved-{no},10.00,0.10,payment\n"
    answer = send(clerk, day, text)
    _, counts, page = report(answer)
    assert counts["missing"] == 1
    line = shop.value("SELECT id FROM statement_line WHERE statement_id = %s",
                      (number(answer),))
    path = f"/reconcile/lines/{line}/apply"
    assert page.one("form", action=PANEL + path) is not None
    # not without the second word
    assert clerk.post(path, reason="seen").status_code == 422
    assert buyer.state(no)["state"] == "pending"
    assert "said=applied" in clerk.post(path, reason="seen", sure="1").url
    assert buyer.state(no)["state"] == "delivered"
    assert "said=late" in clerk.post(path, reason="seen", sure="1").url
    assert len(buyer.cards(no)) == 1
    rows = shop.sql("SELECT n.source, n.state FROM notice n JOIN orders o ON "
                    "o.id = n.order_id WHERE o.no = %s", (no,))
    assert [(r["source"], r["state"]) for r in rows] == [
        ("statement", "applied")]


def test_a_proved_payment_of_another_amount_is_held(
        shop, clerk, day):  # noqa: F811
    sku = make_sku(shop, cards=1, price=1000)
    buyer, no = opened(shop, sku)
    answer = send(clerk, day, HEAD + f"{no},odd-{no},4.00,,payment\n")
    line = shop.value("SELECT id FROM statement_line WHERE statement_id = %s",
                      (number(answer),))
    done = clerk.post(f"/reconcile/lines/{line}/apply", reason="seen",
                      sure="1")
    assert "said=held" in done.url
    assert buyer.cards(no) == []
    assert shop.value("SELECT case_state FROM payment WHERE txn = %s",
                      (f"odd-{no}",)) == "open"


def test_a_bad_line_changes_nothing(shop, clerk, day):  # noqa: F811
    no, txn = sold(shop, day)
    answer = send(clerk, day, HEAD + f"{no},{txn},10.00,0.06,payment\n"
                  "A,b c,1.00,,payment\nA,b,1e2,,payment\n")
    state, counts, page = report(answer)
    assert state == "refused"
    assert counts["bad"] == 2 and counts["same"] == 0
    assert [e.get("data-line") for e in page.all(data_result="bad")] == \
        ["3", "4"]
    payment = shop.value("SELECT id FROM payment WHERE txn = %s", (txn,))
    assert shop.value("SELECT COUNT(*) FROM ledger_entry WHERE tx = %s",
                      (f"fee:{payment}",)) == 0
    state, _, _ = report(send(clerk, day, "no,headings,here\n1,2,3\n"))
    assert state == "refused"


def test_the_form_says_what_is_wrong(clerk, day):  # noqa: F811
    for wrong in ({"channel": "999999"}, {"col_txn": "x" * 61}, {"text": ""},
                  {"from": ""}, {"until": "2000-01-01"}):
        done = send(clerk, day, **{"text": HEAD, **wrong})
        assert done.status_code == 422, wrong


def test_in_chunks_as_the_script_sends_it(shop, clerk, day):  # noqa: F811
    made = clerk.post("/reconcile/import/open", channel=str(channel_id(shop)),
                      format="generic", **{"from": day.isoformat()}).json()
    one = made["batch"]
    assert made["url"] == f"{PANEL}/reconcile/{one}"

    def chunk(seq, text):
        return clerk.web.session.post(
            f"{shop.url}{PANEL}/reconcile/{one}/chunk",
            data={"csrf": clerk.csrf, "seq": str(seq)},
            files={"chunk": ("chunk", text.encode())}, timeout=30).json()
    a = "".join(f"N{i},a{one}-{i},1.00,,payment\n" for i in range(500))
    b = "".join(f"N{i},b{one}-{i},1.00,,payment\n" for i in range(500))
    assert chunk(0, HEAD + a)["next"] == 1
    assert chunk(0, HEAD + a) == {**made, "next": 1, "error": ""}  # repeated
    assert chunk(2, b)["error"] == "gap"
    assert chunk(1, b)["next"] == 2
    state, counts, _ = report(clerk.get(f"/reconcile/{one}"))
    assert state == "open"
    done = clerk.send(f"/reconcile/{one}/compare", on=f"/reconcile/{one}")
    state, counts, _ = report(done)
    assert (state, counts["missing"]) == ("compared", 1000)
    assert shop.value("SELECT MAX(line_no) FROM statement_line WHERE "
                      "statement_id = %s", (one,)) == 1001
    assert "said=late" in clerk.post(f"/reconcile/{one}/compare").url


def test_statements_are_for_those_who_may(helper):  # noqa: F811
    for path in ("/reconcile", "/reconcile/1"):
        assert helper.get(path).status_code == 403
    for path in ("/reconcile/import/open", "/reconcile/1/compare",
                 "/reconcile/lines/1/resolve", "/reconcile/lines/1/apply"):
        assert helper.post(path, reason="x").status_code == 403
