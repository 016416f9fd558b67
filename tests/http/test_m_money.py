# SPDX-License-Identifier: Apache-2.0
"""The panel's money pages: the inbox and its Replay button, what a process
that died has left, payments and their cases."""

import csv
import io
import os
import signal
import threading

import pytest

from books import desk_today
from clerk import PANEL, Clerk, clerk, demo, helper  # noqa: F401
from goods import free_cards, make_sku
from procs import wait_until
from shopper import parse


def opened(shop, sku, **options):
    """An order whose buyer has been to the gateway."""
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, **options)
    buyer._open_gateway(buyer.page(f"/o/{no}/pay").one(data_pay=True))
    return buyer, no


def notice_of(shop, no):
    return shop.value("SELECT n.id FROM notice n JOIN orders o ON "
                      "o.id = n.order_id WHERE o.no = %s", (no,))


def state_of(shop, notice):
    return shop.value("SELECT state FROM notice WHERE id = %s", (notice,))


def replay(clerk, notice):  # noqa: F811
    clerk.get(f"/notices/{notice}")
    form = clerk.web.form(f"{PANEL}/notices/{notice}/replay", "post")
    answer = clerk.web.submit(form)
    assert answer.status_code == 200
    return answer.url.rsplit("said=", 1)[1]


# -- the inbox --------------------------------------------------------------

def test_break_delivery_repair_replay_one_card(shop, clerk):  # noqa: F811
    """Idea 2 of the handbook."""
    sku = make_sku(shop, cards=3)
    buyer, no = opened(shop, sku)
    shop.sql("RENAME TABLE delivery TO delivery_away")
    try:
        answer = shop.pay(no)
        assert answer["accepted"] == 0
    finally:
        shop.sql("RENAME TABLE delivery_away TO delivery")
    assert buyer.state(no)["state"] == "pending"
    notice = shop.value("SELECT MAX(id) FROM notice WHERE state = 'failed'")
    assert notice is not None

    page = parse(clerk.get("/notices?state=failed").text)
    assert page.one("a", href=f"{PANEL}/notices/{notice}") is not None
    assert replay(clerk, notice) == "applied"
    assert buyer.state(no)["state"] == "delivered"
    assert replay(clerk, notice) == "repeated"
    assert shop.pay(no)["accepted"] == 1  # and the gateway's own repeat
    assert len(buyer.cards(no)) == 1
    assert free_cards(shop, sku) == 2
    assert state_of(shop, notice) == "applied"
    assert shop.value("SELECT COUNT(*) FROM audit_log WHERE action = "
                      "'notice.replay' AND object = %s",
                      (f"notice:{notice}",)) == 2


def test_many_replays_at_once_apply_once(shop, clerk):  # noqa: F811
    sku = make_sku(shop, cards=3)
    buyer, no = opened(shop, sku)
    shop.sql("RENAME TABLE delivery TO delivery_away")
    try:
        shop.pay(no)
    finally:
        shop.sql("RENAME TABLE delivery_away TO delivery")
    notice = shop.value("SELECT MAX(id) FROM notice WHERE state = 'failed'")
    said = []
    clerks = [Clerk(shop, *shop.owner) for _ in range(4)]

    def press(who):
        said.append(who.post(f"/notices/{notice}/replay").url)
    threads = [threading.Thread(target=press, args=(c,)) for c in clerks]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sum("said=applied" in url for url in said) == 1, said
    assert len(buyer.cards(no)) == 1


def test_an_old_notice_is_judged_by_its_own_clock(shop, clerk):  # noqa: F811
    """WeChat Pay's signature is good for minutes: of the day it came."""
    shop.channel_set("wechatpay", shop.paysim.channel_file("wechatpay"))
    sku = make_sku(shop, cards=1)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id, channel="wechatpay")
    buyer.get(f"/o/{no}/pay")
    shop.sql("RENAME TABLE delivery TO delivery_away")
    try:
        shop.pay(no)
    finally:
        shop.sql("RENAME TABLE delivery_away TO delivery")
    notice = shop.value("SELECT MAX(id) FROM notice WHERE state = 'failed'")
    day = 86400 * 10**6
    shop.sql("UPDATE notice SET received_us = received_us - %s WHERE id = %s",
             (day, notice))
    assert replay(clerk, notice) == "rejected"
    assert buyer.state(no)["state"] == "pending"
    shop.sql("UPDATE notice SET received_us = received_us + %s WHERE id = %s",
             (day, notice))
    assert replay(clerk, notice) == "applied"
    assert buyer.state(no)["state"] == "delivered"


def test_held_stays_held_and_can_be_closed(shop, clerk):  # noqa: F811
    sku = make_sku(shop, cards=1, price=10000)
    buyer, no = opened(shop, sku)
    shop.pay(no, amount="0.01")
    notice = notice_of(shop, no)
    assert state_of(shop, notice) == "held"
    assert replay(clerk, notice) == "held"
    assert buyer.state(no)["state"] == "pending"
    assert shop.value("SELECT COUNT(*) FROM payment p JOIN orders o ON "
                      "o.id = p.order_id WHERE o.no = %s AND "
                      "p.state = 'success'", (no,)) == 1

    clerk.send(f"/notices/{notice}/ignore", on=f"/notices/{notice}",
               reason="seen, the case is at the order")
    assert state_of(shop, notice) == "ignored"
    late = clerk.post(f"/notices/{notice}/ignore", reason="again")
    assert "said=late" in late.url
    assert clerk.post(f"/notices/{notice}/ignore").status_code == 422


def test_money_of_a_closed_notice_is_not_lost(shop, clerk):  # noqa: F811
    """A person closed what had failed; the gateway goes on repeating it."""
    sku = make_sku(shop, cards=1)
    buyer, no = opened(shop, sku)
    shop.sql("RENAME TABLE delivery TO delivery_away")
    try:
        shop.pay(no)
    finally:
        shop.sql("RENAME TABLE delivery_away TO delivery")
    notice = shop.value("SELECT MAX(id) FROM notice WHERE state = 'failed'")
    clerk.post(f"/notices/{notice}/ignore", reason="not worth it")
    assert state_of(shop, notice) == "ignored"
    assert shop.pay(no)["accepted"] == 1
    assert state_of(shop, notice) == "applied"
    assert len(buyer.cards(no)) == 1


def test_the_list_filters_and_shows_the_bytes(shop, clerk):  # noqa: F811
    sku = make_sku(shop, cards=1)
    _, no = opened(shop, sku)
    shop.pay(no)
    notice = notice_of(shop, no)
    link = {"href": f"{PANEL}/notices/{notice}"}
    channel = shop.value("SELECT id FROM channel WHERE name = 'epay-demo'")
    for query, there in (("", True), ("?state=applied", True),
                         ("?state=held", False), (f"?no={no}", True),
                         (f"?channel={channel}", True),
                         ("?channel=99999", False)):
        page = parse(clerk.get("/notices" + query).text)
        assert (page.one("a", **link) is not None) == there, query
    assert clerk.get("/notices?state=odd").status_code == 422
    assert clerk.get("/notices/999999999").status_code == 404

    page = parse(clerk.get(f"/notices/{notice}").text)
    raw = page.one("pre", data_raw="query").text
    assert no in raw and "sign=" in raw
    # the key of the account is nowhere
    with open(shop.paysim.channel_file("epay"), encoding="utf-8") as f:
        key = [ln.split("=", 1)[1].strip() for ln in f
               if ln.strip().startswith("key")][0]
    assert len(key) >= 16 and key not in clerk.web.last.text


def test_what_came_is_shown_not_run(shop, clerk):  # noqa: F811
    sku = make_sku(shop, cards=1)
    _, no = opened(shop, sku)
    shop.pay(no)
    notice = notice_of(shop, no)
    with open(shop.paysim.channel_file("epay"), encoding="utf-8") as f:
        key = [ln.split("=", 1)[1].strip() for ln in f
               if ln.strip().startswith("key")][0]
    shop.sql("UPDATE notice_raw SET body = %s, headers = %s "
             "WHERE notice_id = %s",
             (b"<script>alert(1)</script>\x00\xff " + key.encode() +
              b"x" * 20000,
              b"authorization: Basic c2VjcmV0\nhost: a\n", notice))
    text = clerk.get(f"/notices/{notice}").text
    body = parse(text).one("pre", data_raw="body").text
    assert "<script>alert(1)" not in text
    assert "<script>alert(1)</script>\\x00\\xff ***" in body
    assert len(body) < 9000
    assert "c2VjcmV0" not in text and key not in text


def test_refusals_are_counted_by_reason(shop, clerk):  # noqa: F811
    sku = make_sku(shop, cards=1)
    _, no = opened(shop, sku)
    shop.pay(no, forge="1", times=3)
    page = parse(clerk.get("/notices").text)
    n = page.one(data_reject="signature")
    assert n is not None and int(n.text) >= 1


def test_the_money_pages_are_for_those_who_may(shop, helper):  # noqa: F811
    for path in ("/notices", "/notices/1", "/payments", "/ledger",
                 "/ledger.csv", "/finance"):
        assert helper.get(path).status_code == 403
    for path in ("/notices/1/replay", "/notices/1/ignore"):
        assert helper.post(path, reason="x").status_code == 403
    assert parse(helper.get("/").text).one(
        "a", href=PANEL + "/payments") is None


# -- a process that died ----------------------------------------------------

@pytest.mark.skipif(os.environ.get("KEYSTALL_FRONT") == "apache",
                    reason="the web server is the process manager there")
def test_a_notice_survives_its_worker(stack):
    """Killed between receipt and COMMIT; the gateway never asks again."""
    shop = stack(replica=False)
    sku = make_sku(shop, cards=1)
    buyer, no = opened(shop, sku)
    link = shop.primary.connect("keystall")
    try:
        with link.cursor() as c:
            link.begin()
            c.execute("SELECT id FROM orders WHERE no = %s FOR UPDATE", (no,))
        sender = threading.Thread(target=shop.pay, args=(no,))
        sender.start()
        spool = os.path.join(shop.dir, "spool")
        wait_until(lambda: [f for f in os.listdir(spool)
                            if f.startswith("notice.")], 60, "a slot")
        # not innodb_trx: who looks at it again and again sees it as it was
        wait_until(lambda: shop.value(
            "SELECT CAST(variable_value AS UNSIGNED) FROM "
            "information_schema.global_status WHERE variable_name = "
            "'INNODB_ROW_LOCK_CURRENT_WAITS'") > 0, 60,
            "the order's lock is awaited")
        for pid in shop.worker_pids("notify"):
            os.kill(pid, signal.SIGKILL)
        sender.join()
        assert buyer.state(no)["state"] == "pending"
    finally:
        link.rollback()
        link.close()
    # not by asking: nobody asks about this one
    shop.sql("UPDATE payment SET next_ask_us = 0")
    wait_until(lambda: buyer.state(no)["state"] == "delivered", 60,
               "the notice that was left is worked on")
    assert len(buyer.cards(no)) == 1
    assert shop.value("SELECT source FROM notice") == "notice"
    shop.verify()


# -- payments ---------------------------------------------------------------

def test_payments_and_open_cases(shop, clerk):  # noqa: F811
    sku = make_sku(shop, cards=3, price=10000)
    _, good = opened(shop, sku)
    shop.pay(good)
    _, bad = opened(shop, sku)
    shop.pay(bad, amount="0.01")
    ids = {no: shop.value("SELECT p.id FROM payment p JOIN orders o ON "
                          "o.id = p.order_id WHERE o.no = %s AND "
                          "p.state = 'success'", (no,)) for no in (good, bad)}
    txn = shop.value("SELECT txn FROM payment WHERE id = %s", (ids[good],))

    def shown(query):
        page = parse(clerk.get("/payments" + query).text)
        assert clerk.web.last.status_code == 200, query
        return {no: page.one(data_payment=str(i)) is not None
                for no, i in ids.items()}
    assert shown("") == {good: True, bad: True}
    assert shown("?case=open") == {good: False, bad: True}
    assert shown("?role=under") == {good: False, bad: True}
    assert shown(f"?q={txn}") == {good: True, bad: False}
    assert shown(f"?q={bad}") == {good: False, bad: True}
    assert shown("?state=pending") == {good: False, bad: False}
    row = parse(clerk.get("/payments").text).one(data_payment=str(ids[bad]))
    assert row.one("a", href=f"{PANEL}/orders/{bad}") is not None


# -- the books --------------------------------------------------------------

def yuan(text):
    return round(float(text.replace("¥", "")) * 100)


def sums(page):
    """Balances of the accounts on the ledger's page."""
    found = {}
    for row in page.all(data_account=True):
        found[row.get("data-account")] = yuan(row.one(data_balance=True).text)
    return found


def test_the_books_are_balanced_and_add_up(shop, clerk):  # noqa: F811
    """Ledger, finance and desk say the same, and it is what was paid."""
    sku = make_sku(shop, cards=4, price=1234)
    before = sums(parse(clerk.get("/ledger").text))
    buyer, no = opened(shop, sku, qty="2")
    shop.pay(no)
    _, bad = opened(shop, sku)
    shop.pay(bad, amount="0.05")
    page = parse(clerk.get("/ledger").text)
    assert page.one(data_balanced=True) is not None
    after = sums(page)
    assert sum(after.values()) == 0
    assert after["receivable"] - before.get("receivable", 0) == 2468 + 5
    assert after["sales"] - before.get("sales", 0) == -2468
    assert after["liability"] - before.get("liability", 0) == -5

    rows = shop.sql("SELECT account, SUM(amount_minor) AS s FROM ledger_entry "
                    "GROUP BY account")
    assert after == {r["account"]: int(r["s"]) for r in rows}
    for by in ("day", "channel", "product"):
        total = parse(clerk.get(f"/finance?by={by}").text).one(data_total=True)
        assert yuan(total.one(data_revenue=True).text) == \
            -after["sales"] - after.get("fee_income", 0), by
    assert shop.value("SELECT SUM(paid_minor) FROM orders") == -after["sales"]
    desk, today = desk_today(shop, clerk)
    assert f"¥{today / 100:.2f}" in desk.text


def test_running_totals_end_at_the_balance(shop, clerk):  # noqa: F811
    page = parse(clerk.get("/ledger?account=receivable").text)
    running = [yuan(e.text) for e in page.all(data_running=True)
               if e.text.startswith(("¥", "-"))]
    balance = shop.value("SELECT SUM(amount_minor) FROM ledger_entry WHERE "
                         "account = 'receivable'")
    assert running and running[0] == int(balance)
    amounts = shop.sql("SELECT amount_minor FROM ledger_entry WHERE account "
                       "= 'receivable' ORDER BY id DESC LIMIT 100")
    for i in range(len(running) - 1):
        assert running[i] - amounts[i]["amount_minor"] == running[i + 1]


def test_the_export_is_the_ledger(shop, clerk):  # noqa: F811
    """More entries than one piece, names that a spreadsheet would run."""
    title = shop.value("SELECT title FROM channel WHERE name = 'epay-demo'")
    count = shop.value("SELECT COUNT(*) FROM ledger_entry")
    at = shop.value("SELECT MAX(at_us) FROM ledger_entry")
    rows = ", ".join(f"(1, 'test:{i}', {k + 1}, 'correction', {v}, 'CNY', {at})"
                     for i in range(700) for k, v in enumerate((-7, 7)))
    shop.sql("INSERT INTO ledger_entry (merchant_id, tx, line, account, "
             "amount_minor, currency, at_us) VALUES " + rows)
    shop.sql("UPDATE channel SET title = '=cmd|x' WHERE name = 'epay-demo'")
    try:
        answer = clerk.get("/ledger.csv")
    finally:
        shop.sql("UPDATE channel SET title = %s WHERE name = 'epay-demo'",
                 (title,))
        shop.sql("DELETE FROM ledger_entry WHERE account = 'correction'")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbftime,transaction,")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 1 + count + 1400
    assert {len(line) for line in lines} == {10}
    assert sum(round(float(line[4]) * 100) for line in lines[1:]) == 0
    assert not [f for line in lines for f in line if f.startswith("=")]
    assert "'=cmd|x" in {line[7] for line in lines}


def test_filters_of_the_books(shop, clerk):  # noqa: F811
    no = shop.value("SELECT o.no FROM orders o JOIN ledger_entry l ON "
                    "l.order_id = o.id LIMIT 1")
    assert no in clerk.get(f"/ledger?no={no}").text
    lines = clerk.get(f"/ledger.csv?no={no}").text.splitlines()
    assert len(lines) >= 3 and all(no in line for line in lines[1:])
    assert clerk.get("/ledger?from=2020-01-01&until=2020-01-31"
                     ).status_code == 200
    assert len(clerk.get("/ledger.csv?from=2020-01-01&until=2020-01-31"
                         ).text.splitlines()) == 1
    for bad in ("from=2026-02-01&until=2026-01-01", "from=x", "account=x"):
        assert clerk.get("/ledger?" + bad).status_code == 422, bad
        assert clerk.get("/ledger.csv?" + bad).status_code == 422, bad
    assert clerk.get("/finance?by=odd").status_code == 422
