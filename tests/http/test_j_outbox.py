# SPDX-License-Identifier: Apache-2.0
"""Messages: sent at least once and marked once, and what a person sees and
does about those that fail."""

import pytest

from clerk import PANEL, Clerk, audited, errors, tag
from goods import make_sku
from procs import wait_until
from shopper import parse
from stack import Stack


@pytest.fixture(scope="module")
def demo():
    with Stack(replica=False) as shop:
        shop.owner = shop.admin_create()
        yield shop


@pytest.fixture(scope="module")
def clerk(demo):
    return Clerk(demo, *demo.owner)


@pytest.fixture
def house(demo):
    yield demo
    demo.smtp.fail_with, demo.smtp.held = None, False
    demo.verify()


def order_mail(shop, no):
    return shop.sql("SELECT * FROM outbox WHERE kind = 'mail_order' AND "
                    "payload = %s ORDER BY id", (no,))


def make_due(shop):
    shop.sql("UPDATE outbox SET due_us = 1 WHERE state = 'due'")


def failing(shop, clerk, attempts=0):
    """A mail that the server refuses for now."""
    shop.smtp.fail_with = "451 later"
    sku = make_sku(shop, cards=1)
    contact = f"{tag()}@example.test"
    no, _ = shop.shopper().buy(sku=sku.id, contact=contact)
    wait_until(lambda: order_mail(shop, no)[0]["last_error"], 60)
    if attempts:
        shop.sql("UPDATE outbox SET attempts = %s, due_us = 1 WHERE "
                 "payload = %s", (attempts, no))
    return no, contact, order_mail(shop, no)[0]["id"]


def test_killed_while_sending_it_is_sent_and_marked_once(house):
    sku = make_sku(house, cards=1)
    contact = f"{tag()}@example.test"
    house.smtp.held = True
    no, _ = house.shopper().buy(sku=sku.id, contact=contact)
    wait_until(lambda: house.smtp.waiting, 60)
    house.jobs.kill()
    (row,) = order_mail(house, no)
    assert row["state"] == "due" and row["done_us"] == 0
    house.smtp.held = False
    make_due(house)  # the loan is over
    house.jobs.start()
    wait_until(lambda: order_mail(house, no)[0]["state"] == "done", 60)
    mails = house.wait_mail(contact)
    # both attempts are one mail to whoever looks at its id
    assert len({m["message"]["Message-ID"] for m in mails}) == 1
    assert f"outbox-{row['id']}" in mails[0]["message"]["Message-ID"]
    (row,) = order_mail(house, no)
    assert row["state"] == "done" and row["done_us"] > 0


def test_what_fails_waits_shows_and_goes_out_again(house, clerk):
    no, contact, own = failing(house, clerk)
    page = clerk.get("/outbox?box=retrying")
    line = parse(page.text).one("tr", data_message=str(own))
    assert no in line.text and "mail server" in line.text
    # its next attempt is near: nobody sends it twice at a time
    assert "said=gone" in clerk.post(f"/outbox/{own}/retry").url
    house.sql("UPDATE outbox SET due_us = due_us + 3600000000 WHERE id = %s",
              (own,))
    house.smtp.fail_with = None
    answer = clerk.send(f"/outbox/{own}/retry", on="/outbox?box=retrying")
    assert "box=retrying&said=retry" in answer.url
    house.wait_mail(contact)
    assert audited(house, "message.retry", f"message:{own}")
    assert "said=gone" not in answer.url


def test_given_up_is_seen_counted_and_dropped_with_a_reason(house, clerk):
    no, contact, own = failing(house, clerk, attempts=19)
    wait_until(lambda: order_mail(house, no)[0]["state"] == "dead", 60)
    wait_until(lambda: house.metrics().get(
        "keystall_outbox_dead") == 1, 60)
    assert PANEL + "/outbox" in [
        a.get("href") for a in parse(clerk.get("/").text).all("a")]
    page = clerk.get("/outbox")
    assert no in page.text
    for reason in ("", " ", "x" * 301):
        answer = clerk.post(f"/outbox/{own}/drop", reason=reason)
        assert answer.status_code == 422 and no in answer.text
        assert errors(clerk.web) == {"reason"}
    answer = clerk.send(f"/outbox/{own}/drop", on="/outbox",
                        reason="buyer has it")
    assert "said=dropped" in answer.url
    assert no in clerk.get("/outbox?box=dropped").text
    assert "buyer has it" in clerk.get("/outbox?box=dropped").text
    assert no not in clerk.get("/outbox").text
    assert audited(house, "message.drop", f"message:{own}")
    make_due(house)
    house.smtp.fail_with = None
    assert house.smtp.to(contact) == []
    # and may be taken back
    clerk.send(f"/outbox/{own}/retry", on="/outbox?box=dropped")
    house.wait_mail(contact)


def test_an_unknown_kind_is_given_up_not_lost(house, clerk):
    house.sql("INSERT INTO outbox (merchant_id, kind, object_id, dedupe, "
              "due_us, created_us) VALUES (1, 'of_tomorrow', 7, %s, 1, 1)",
              ("x:" + tag(),))
    wait_until(lambda: house.value("SELECT state FROM outbox WHERE "
                                   "kind = 'of_tomorrow'") == "dead", 60)
    page = clerk.get("/outbox").text
    assert "of_tomorrow" in page and "unknown kind" in page
    house.sql("DELETE FROM outbox WHERE kind = 'of_tomorrow'")


@pytest.mark.parametrize("query", ["box=none", "page=0", "page=x", "box="])
def test_odd_addresses_show_the_page(house, clerk, query):
    assert clerk.get("/outbox?" + query).status_code == 200


def test_what_is_not_there(house, clerk):
    for path in ("/outbox/x/retry", "/outbox/-1/drop"):
        assert clerk.post(path, reason="x").status_code == 404, path
    assert "said=gone" in clerk.post("/outbox/99999999/retry").url
    assert "said=gone" in clerk.post("/outbox/99999999/drop",
                                     reason="x").url
