# SPDX-License-Identifier: Apache-2.0
"""The shop's own words in mails: typed, looked at, tried out, sent; and the
log of mails."""

import pytest

from clerk import PANEL, Clerk, audited, errors, tag
from goods import make_sku
from procs import wait_until
from shopper import parse
from stack import Stack


@pytest.fixture(scope="module")
def demo():
    with Stack(replica=False, memcached=False) as shop:
        shop.owner = shop.admin_create()
        yield shop


@pytest.fixture(scope="module")
def clerk(demo):
    return Clerk(demo, *demo.owner)


@pytest.fixture
def house(demo):
    yield demo
    demo.sql("DELETE FROM notify_template")
    demo.smtp.fail_with = None
    demo.verify()


def parts(mail):
    message = mail["message"]
    return (str(message["Subject"]),
            message.get_body(("plain",)).get_content(),
            message.get_body(("html",)).get_content())


def bought(house, contact=None):
    contact = contact or f"{tag()}@example.test"
    sku = make_sku(house, cards=1)
    no, cards = house.shopper().buy(sku=sku.id, contact=contact)
    return no, cards, house.wait_mail(contact)[-1]


def test_own_words_reach_the_buyer_as_text(house, clerk):
    words = "Hi <b>you</b>, {order_no} & {amount} of {shop}.\n\n" \
        "<?cs var:Order.Url ?> {{shop}} {} {Order} 100%s"
    answer = clerk.send("/mail/delivered/zh-CN", subject="您的{order_no}到了",
                        body=words)
    assert answer.url.endswith("said=saved"), answer.text[:3000]
    no, cards, mail = bought(house)
    subject, text, html = parts(mail)
    assert subject.endswith(f"您的{no}到了")
    assert f"Hi <b>you</b>, {no} & ¥10.00 of " in text
    assert "<?cs var:Order.Url ?>" in text and "{Order} 100%s" in text
    assert "<b>you</b>" not in html and "&lt;b&gt;you&lt;/b&gt;" in html
    # the way to the order is there, whatever the words
    assert f"/o/{no}?t=" in text and f"/o/{no}?t=" in html
    assert cards[0] not in text + html
    assert audited(house, "mail.words", "mail:delivered.zh-CN")


def test_what_a_value_holds_is_not_looked_into(house, clerk):
    house.sql("UPDATE merchant SET name = '{amount} <i>'")
    clerk.post("/mail/delivered/zh-CN", subject="x", body="of {shop}!")
    _, text, html = parts(bought(house)[2])
    assert "of {amount} <i>!" in text and "<i>" not in html
    house.sql("UPDATE merchant SET name = 'Keystall'")


def test_default_words_and_the_way_back(house, clerk):
    before = parts(bought(house)[2])[0]
    clerk.send("/mail/delivered/zh-CN", subject="own", body="words")
    assert parts(bought(house)[2])[0].endswith("own")
    page = parse(clerk.get("/mail/delivered/zh-CN").text)
    assert page.one(id="subject").get("value") == "own"
    answer = clerk.send("/mail/delivered/zh-CN", reset="1")
    assert answer.url.endswith("said=reset")
    assert parts(bought(house)[2])[0] == before
    # English was never touched
    assert house.value("SELECT COUNT(*) FROM notify_template") == 0


def test_preview_saves_nothing(house, clerk):
    answer = clerk.send("/mail/refund/en", subject="Back: {refund_amount}",
                        body="{how}\n<script>1</script>", preview="1")
    assert answer.status_code == 200
    box = parse(answer.text).one("section", data_preview=True)
    assert "Back: " in box.text and "{refund_amount}" not in box.text
    assert "<script>1" not in answer.text
    assert house.value("SELECT COUNT(*) FROM notify_template") == 0


@pytest.mark.parametrize("kind", [
    "pending", "paid", "short", "manual", "delivered", "refunding",
    "refunded", "refund"])
def test_an_example_of_each(house, clerk, kind):
    for lang in ("zh-CN", "en"):
        to = f"{tag()}@example.test"
        answer = clerk.send(f"/mail/{kind}/{lang}/test",
                            on=f"/mail/{kind}/{lang}", to=to)
        assert answer.url.endswith("said=test"), answer.text[:2000]
        subject, text, html = parts(house.wait_mail(to)[0])
        for piece in (subject, text, html):
            for bad in ("{", "mail_title", "mail_text", "mail_refund"):
                assert bad not in piece.split("<style")[0], (bad, piece)
        assert "26010100ABCDEFGHJKMNPQRS" in text


@pytest.mark.parametrize("fields,bad", [
    ({"subject": ""}, "subject"), ({"subject": "s" * 121}, "subject"),
    ({"subject": "{card}"}, "subject"), ({"body": ""}, "body"),
    ({"body": "{lookup_password}"}, "body"),
    ({"body": "{shop} {cards}"}, "body"), ({"body": "b" * 4001}, "body"),
    ({"body": "x\x01"}, "body")])
def test_bad_words_come_back(house, clerk, fields, bad):
    answer = clerk.post("/mail/paid/en", **{
        "subject": "typed-1", "body": "typed-2", **fields})
    assert answer.status_code == 422, fields
    assert errors(clerk.web) == {bad}
    assert ("typed-2" if bad == "subject" else "typed-1") in answer.text
    assert house.value("SELECT COUNT(*) FROM notify_template") == 0


@pytest.mark.parametrize("to", ["", "nobody", "a@b", "a@b.c\r\nBcc: x@y.z"])
def test_an_example_needs_an_address(house, clerk, to):
    before = house.value("SELECT COUNT(*) FROM outbox")
    answer = clerk.post("/mail/paid/en/test", to=to)
    assert answer.status_code == 422 and errors(clerk.web) == {"to"}
    assert house.value("SELECT COUNT(*) FROM outbox") == before


def test_the_log_and_sending_again(house, clerk):
    contact = f"{tag()}@example.test"
    no, _, _ = bought(house, contact)
    own = house.value("SELECT MAX(id) FROM outbox WHERE payload = %s", (no,))
    wait_until(lambda: house.value("SELECT state FROM outbox WHERE id = %s",
                                   (own,)) == "done", 60)
    row = parse(clerk.get("/mail").text).one("tr", data_message=str(own))
    assert no in row.text
    answer = clerk.send(f"/mail/sent/{own}/again", on="/mail")
    assert answer.url.endswith("said=retry")
    house.wait_mail(contact, 2)
    assert "said=gone" in clerk.post("/mail/sent/99999999/again").url
    # other messages are nobody's mail
    other = house.value("SELECT MIN(id) FROM outbox WHERE kind = 'catalogue'"
                        " AND state = 'done'")
    if other:
        assert "said=gone" in clerk.post(f"/mail/sent/{other}/again").url


def test_what_is_not_there_and_who_may_not(house, clerk):
    for path in ("/mail/none/en", "/mail/paid/fr", "/mail/paid/EN"):
        assert clerk.get(path).status_code == 404, path
        assert clerk.post(path, subject="x", body="x").status_code == 404
    house.ctl("admin", "create", "hand", "--role", "staff",
              stdin="a-long-enough-one\n")
    hand = Clerk(house, "hand", "a-long-enough-one")
    for path in ("/mail", "/mail/paid/en"):
        assert hand.get(path).status_code == 403
    for path in ("/mail/paid/en", "/mail/paid/en/test", "/mail/sent/1/again"):
        assert hand.post(path, to="a@example.test").status_code == 403
    assert PANEL + "/mail" not in hand.get("/").text
