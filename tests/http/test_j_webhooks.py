# SPDX-License-Identifier: Apache-2.0
"""Outgoing webhooks against a receiver of our own: what they say, how they
are signed, and that each event arrives, whoever is down."""

import json
import time

import pytest

from clerk import PANEL, Clerk, audited, errors, tag
from goods import make_sku
from procs import wait_until
from receiver import Receiver, signed_by
from shopper import parse
from stack import Stack

HOUR_US = 3600 * 1_000_000


@pytest.fixture(scope="module")
def demo():
    with Stack(settings={"webhook_private_hosts": True, "order_ttl_s": 30,
                         "webhook_timeout_ms": 30000}, replica=False) as shop:
        shop.owner = shop.admin_create()
        yield shop


@pytest.fixture(scope="module")
def clerk(demo):
    return Clerk(demo, *demo.owner)


@pytest.fixture
def receiver(demo):
    with Receiver() as one:
        yield one
        demo.sql("DELETE FROM webhook")
        demo.sql("DELETE FROM webhook_delivery")
        demo.verify()


def add(clerk, receiver, *events, **fields):
    """A new receiver; its id and its secret, which is shown this once."""
    clerk.get("/webhooks/new")
    form = clerk.web.form(PANEL + "/webhooks/new", "post")
    for name in [n for n in form.fields if n.startswith("on_")]:
        form.fields.pop(name)
    answer = clerk.web.submit(
        form, **{"url": receiver.url, **fields,
                 **{"on_" + e.replace(".", "_"): "1" for e in events}})
    assert answer.status_code == 200, answer.text[:3000]
    page = parse(answer.text)
    secret = page.one("code", data_secret=True)
    assert secret is not None, answer.text[:3000]
    own = clerk.shop.value("SELECT MAX(id) FROM webhook")
    return own, secret.text.strip()


def sent(shop, hook):
    return shop.sql("SELECT * FROM webhook_delivery WHERE webhook_id = %s "
                    "ORDER BY id", (hook,))


def time_passes(shop, seconds=86400):
    """What waits for its next attempt is due."""
    us = seconds * 1_000_000
    shop.sql("UPDATE webhook_delivery SET due_us = due_us - %s "
             "WHERE state = 'due'", (us,))
    shop.sql("UPDATE webhook SET pause_us = 0")


def settled(shop, hook, n, state="done"):
    """Until so many are; what fails on the way does not wait for its hour."""
    def are():
        if sum(r["state"] == state for r in sent(shop, hook)) >= n:
            return True
        return time_passes(shop)
    wait_until(are, 60, f"{n} {state}", pause=0.1)


def attempts(shop, hook):
    """Those whose outcome is known, and the pause after it set."""
    return sum(r["attempts"] for r in sent(shop, hook))


def jobs_anew(shop, **settings):
    shop.jobs.stop()
    shop.settings.update(settings)
    shop.configure()
    shop.jobs.start()


def test_a_purchase_is_told_signed_and_without_secrets(shop, clerk, receiver):
    sku = make_sku(shop, cards=2)
    hook, secret = add(clerk, receiver, "order.paid", "order.delivered")
    contact = f"{tag()}@example.test"
    no, cards = shop.shopper().buy(sku=sku.id, contact=contact)
    settled(shop, hook, 2)
    assert sorted(e["event"] for _, e in receiver.events()) == [
        "order.delivered", "order.paid"]
    for call in receiver.calls:
        assert signed_by(call, secret)
        assert not signed_by(call, "whsec_" + "A" * 43 + "=")
        head = call["headers"]
        assert abs(int(head["webhook-timestamp"]) - time.time()) < 120
        assert head["Content-Type"] == "application/json"
        text = call["body"].decode()
        for hidden in (*cards, contact, "lookup", "?t=", "127.0.0.1"):
            assert hidden not in text, hidden
    body = receiver.events("order.delivered")[0][1]
    assert body["data"]["order"]["no"] == no
    assert body["data"]["order"]["items"][0]["sku_code"] == sku.code
    assert body["data"]["order"]["paid"] == body["data"]["order"]["total"]
    assert body["id"] == receiver.ids("order.delivered")[0]
    assert secret not in shop.logs()
    assert secret.encode() not in bytes(
        shop.value("SELECT secret FROM webhook WHERE id = %s", (hook,)))
    # mail for this order went its own way, and nothing was told twice
    wait_until(lambda: shop.smtp.to(contact), 60)
    assert len(receiver.calls) == 2


def test_an_hour_down_and_each_event_arrives_once_by_id(shop, clerk, receiver):
    sku = make_sku(shop, cards=6)
    receiver.status = 503
    hook, secret = add(clerk, receiver, "order.paid")
    for _ in range(6):
        shop.shopper().buy(sku=sku.id)
    wait_until(lambda: len(sent(shop, hook)) == 6, 60)
    wait_until(lambda: attempts(shop, hook) > 0, 60)
    # one failure rests the receiver: the others wait without an attempt
    assert attempts(shop, hook) < 6
    assert shop.value("SELECT fails_n FROM webhook WHERE id = %s", (hook,)) > 0
    for _ in range(3):
        before = attempts(shop, hook)
        time_passes(shop)
        wait_until(lambda: attempts(shop, hook) > before, 60)
    receiver.status = 200
    tried = len(receiver.calls)
    time_passes(shop)
    settled(shop, hook, 6)
    well = receiver.ids()[tried:]
    assert sorted(well) == sorted(r["event_id"] for r in sent(shop, hook))
    assert len(set(well)) == 6
    assert all(signed_by(c, secret) for c in receiver.calls)
    assert shop.value("SELECT fails_n FROM webhook WHERE id = %s",
                      (hook,)) == 0


def test_expiry_cancellation_low_stock_and_goods(shop, clerk, receiver):
    hook, _ = add(clerk, receiver, "order.expired", "order.cancelled",
                  "stock.low", "product.changed")
    sku = make_sku(shop, cards=12)
    due = shop.shopper().order(sku=sku.id)
    buyer = shop.shopper()
    gone = buyer.order(sku=sku.id)
    buyer.get(f"/o/{gone}/pay")
    buyer.submit(buyer.form(f"/o/{gone}/cancel", "post"))
    shop.sql("UPDATE orders SET expires_us = expires_us - %s WHERE no = %s",
             (HOUR_US, due))
    wait_until(lambda: {e["event"] for _, e in receiver.events()} >= {
        "order.expired", "order.cancelled"}, 60)
    (event,) = [e for _, e in receiver.events("order.expired")]
    assert event["data"]["order"]["no"] == due
    assert event["data"]["order"]["state"] == "expired"
    for _ in range(2):
        shop.shopper().buy(sku=sku.id, qty=2)  # 8 are left: below ten
    clerk.send(f"/products/{sku.product}", name="renamed " + tag())
    shop.jobs.stop()  # looks for low stock at its start
    shop.jobs.start()
    wait_until(lambda: [e for _, e in receiver.events("stock.low")
                        if e["data"]["sku"]["id"] == sku.id], 60)
    wait_until(lambda: [e for _, e in receiver.events("product.changed")
                        if e["data"]["product"]["id"] == sku.product], 60)
    low = [e for _, e in receiver.events("stock.low")
           if e["data"]["sku"]["id"] == sku.id]
    assert len(low) == 1 and low[0]["data"]["sku"]["free"] == 8
    assert len(sent(shop, hook)) == len({r["event_id"]
                                         for r in sent(shop, hook)})


def test_a_receiver_that_hangs_holds_up_no_mail(shop, clerk, receiver):
    sku = make_sku(shop, cards=4)
    receiver.wait.clear()
    jobs_anew(shop, webhook_timeout_ms=1000)
    hook, _ = add(clerk, receiver, "order.paid", "order.delivered")
    contacts = [f"{tag()}@example.test" for _ in range(4)]
    for contact in contacts:
        shop.shopper().buy(sku=sku.id, contact=contact)
    wait_until(lambda: receiver.calls, 60)
    for contact in contacts:
        wait_until(lambda: shop.smtp.to(contact), 60)
    wait_until(lambda: any(r["error"] == "no answer"
                           for r in sent(shop, hook)), 60)
    receiver.wait.set()
    jobs_anew(shop, webhook_timeout_ms=30000)
    settled(shop, hook, 8)


def test_killed_while_sending_it_is_sent_again_under_its_id(
        shop, clerk, receiver):
    sku = make_sku(shop, cards=1)
    receiver.wait.clear()
    hook, _ = add(clerk, receiver, "order.paid")
    shop.shopper().buy(sku=sku.id)
    wait_until(lambda: receiver.calls, 60)
    shop.jobs.kill()
    (row,) = sent(shop, hook)
    assert row["state"] == "due" and row["attempts"] == 0
    receiver.wait.set()
    time_passes(shop)  # the loan is over
    shop.jobs.start()
    settled(shop, hook, 1)
    assert len(set(receiver.ids())) == 1 and len(receiver.calls) >= 2


def test_one_lane_that_dies_begins_again(shop, clerk, receiver):
    with open(f"/proc/{shop.jobs.pid}/task/{shop.jobs.pid}/children",
              encoding="ascii") as f:
        (lane,) = f.read().split()
    import os
    import signal
    os.kill(int(lane), signal.SIGKILL)
    hook, _ = add(clerk, receiver, "order.paid")
    assert shop.jobs.alive()
    clerk.post(f"/webhooks/{hook}/test")
    settled(shop, hook, 1)


def test_two_secrets_sign_during_a_change(shop, clerk, receiver):
    hook, old = add(clerk, receiver, "order.paid")
    clerk.get(f"/webhooks/{hook}")
    form = clerk.web.form(f"{PANEL}/webhooks/{hook}/rotate", "post")
    answer = clerk.web.submit(form)
    new = parse(answer.text).one("code", data_secret=True).text.strip()
    assert new != old
    # pressed twice: not a second change
    assert clerk.web.submit(form).status_code == 409
    clerk.send(f"/webhooks/{hook}/test", on=f"/webhooks/{hook}")
    settled(shop, hook, 1)
    assert signed_by(receiver.calls[0], old)
    assert signed_by(receiver.calls[0], new)
    shop.sql("UPDATE webhook SET old_until_us = 1 WHERE id = %s", (hook,))
    clerk.send(f"/webhooks/{hook}/test", on=f"/webhooks/{hook}")
    settled(shop, hook, 2)
    assert not signed_by(receiver.calls[1], old)
    assert signed_by(receiver.calls[1], new)
    page = clerk.get(f"/webhooks/{hook}").text
    assert old not in page and new not in page
    assert audited(shop, "webhook.rotate", f"webhook:{hook}")


@pytest.mark.parametrize("status,headers,error", [
    (302, {"Location": "http://127.0.0.1:1/"}, "status 302"),
    (500, {}, "status 500"), (404, {}, "status 404")])
def test_what_is_not_2xx_is_no_delivery(shop, clerk, receiver, status,
                                        headers, error):
    receiver.status, receiver.headers = status, headers
    receiver.body = b"<script>no \xff\x00</script>"
    hook, _ = add(clerk, receiver, "order.paid")
    clerk.post(f"/webhooks/{hook}/test")
    wait_until(lambda: sent(shop, hook)[0]["attempts"] == 1, 60)
    (row,) = sent(shop, hook)
    assert (row["state"], row["status"], row["error"]) == (
        "due", status, error)
    page = clerk.get(f"/webhooks/{hook}")
    assert page.status_code == 200 and "<script>no" not in page.text
    assert error in page.text


def test_given_up_and_delivered_again_by_hand(shop, clerk, receiver):
    receiver.status = 500
    hook, _ = add(clerk, receiver, "order.paid")
    clerk.post(f"/webhooks/{hook}/test")
    wait_until(lambda: sent(shop, hook)[0]["attempts"] == 1, 60)
    shop.sql("UPDATE webhook_delivery SET attempts = 19")
    time_passes(shop)
    settled(shop, hook, 1, "dead")
    wait_until(lambda: shop.metrics()["keystall_webhook_dead"] >= 1, 60)
    receiver.status = 200
    own = sent(shop, hook)[0]["id"]
    answer = clerk.send(f"/webhooks/sent/{own}/again",
                        on=f"/webhooks/{hook}?state=dead")
    assert "said=again" in answer.url
    settled(shop, hook, 1)
    assert len(set(receiver.ids())) == 1
    assert "said=gone" in clerk.post("/webhooks/sent/999999/again").url


def test_too_much_of_an_answer_is_a_failure(shop, clerk, receiver):
    receiver.body = b"x" * 200_000
    hook, _ = add(clerk, receiver, "order.paid")
    clerk.post(f"/webhooks/{hook}/test")
    wait_until(lambda: sent(shop, hook)[0]["attempts"] == 1, 60)
    (row,) = sent(shop, hook)
    assert row["state"] == "due" and row["error"] == "call failed"


def test_bad_forms_come_back_with_the_reason(shop, clerk, receiver):
    before = shop.value("SELECT COUNT(*) FROM webhook")
    for fields in ({"url": ""}, {"url": "ftp://x/"}, {"url": "file:///etc/x"},
                   {"url": "gopher://127.0.0.1/"}, {"url": "not a url"},
                   {"url": "http://user:pw@example.com/"},
                   {"url": "https://example.com/" + "x" * 600},
                   {"note": "n" * 121}, {"on_order_paid": ""}):
        answer = clerk.post("/webhooks/new", **{
            "url": "https://example.com/hook", "on_order_paid": "1",
            "active": "1", **fields})
        assert answer.status_code == 422, fields
        assert errors(clerk.web), fields
    assert shop.value("SELECT COUNT(*) FROM webhook") == before
    hook, _ = add(clerk, receiver, "order.paid")
    clerk.get(f"/webhooks/{hook}")
    stale = clerk.web.form(f"{PANEL}/webhooks/{hook}", "post")
    assert "said=saved" in clerk.web.submit(stale, note="first").url
    answer = clerk.web.submit(stale, note="second")
    assert answer.status_code == 409 and "second" in answer.text


def test_removed_with_its_log(shop, clerk, receiver):
    hook, _ = add(clerk, receiver, "order.paid")
    clerk.post(f"/webhooks/{hook}/test")
    settled(shop, hook, 1)
    answer = clerk.send(f"/webhooks/{hook}/remove", on=f"/webhooks/{hook}")
    assert "said=removed" in answer.url
    assert sent(shop, hook) == ()
    assert clerk.get(f"/webhooks/{hook}").status_code == 404


CLOSED = ["http://127.0.0.1:{}/", "http://[::1]/", "http://0x7f000001/",
          "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/",
          "http://2130706433/", "http://127.1/", "http://localhost:{}/",
          "http://10.0.0.1/", "http://localhost./"]


def test_private_addresses_are_refused(stack):
    """T-SSRF: when it is typed in, and again when it is called."""
    shop = stack(replica=False, memcached=False)
    clerk = Clerk(shop, *shop.admin_create())
    with Receiver() as inside:
        for url in CLOSED:
            answer = clerk.post("/webhooks/new", url=url.format(inside.port),
                                on_order_paid="1", active="1")
            assert answer.status_code == 422, url
            assert errors(clerk.web) == {"url"}, url
        # a name whose answer changed after it was saved, or was never good
        answer = clerk.post("/webhooks/new", url="https://example.com/",
                            on_order_paid="1", active="1")
        assert answer.status_code == 200
        hook = shop.value("SELECT MAX(id) FROM webhook")
        for url in ("http://127.0.0.1:{}/", "http://localhost:{}/",
                    "http://[::ffff:127.0.0.1]:{}/"):
            shop.sql("UPDATE webhook SET pause_us = 0, url = %s",
                     (url.format(inside.port),))
            shop.sql("DELETE FROM webhook_delivery")
            clerk.post(f"/webhooks/{hook}/test")
            wait_until(lambda: any(r["attempts"] for r in sent(shop, hook)),
                       60)
            assert sent(shop, hook)[0]["error"] == "private address", url
        assert inside.calls == []
    shop.verify()


def test_staff_may_not(demo):
    demo.ctl("admin", "create", "hand", "--role", "staff",
             stdin="a-long-enough-one\n")
    hand = Clerk(demo, "hand", "a-long-enough-one")
    for path in ("/webhooks", "/webhooks/new", "/outbox"):
        assert hand.get(path).status_code == 403, path
    for path in ("/webhooks/new", "/webhooks/1/rotate", "/webhooks/1/remove",
                 "/webhooks/1/test", "/webhooks/sent/1/again",
                 "/outbox/1/retry", "/outbox/1/drop"):
        assert hand.post(path, reason="x").status_code == 403, path


def test_body_is_json_with_any_name(shop, clerk, receiver):
    name = '"\\ </script> 商品\u2028 ' + tag()
    sku = make_sku(shop, cards=1)
    shop.sql("UPDATE product SET name = %s WHERE id = %s",
             (name, sku.product))
    hook, _ = add(clerk, receiver, "order.paid")
    shop.shopper().buy(sku=sku.id)
    settled(shop, hook, 1)
    (call,) = receiver.calls
    body = json.loads(call["body"])
    assert body["data"]["order"]["items"][0]["product_name"] == name
