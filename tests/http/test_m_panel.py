# SPDX-License-Identifier: Apache-2.0
"""The merchant's panel without a script: who gets in, orders, channels, the
shop, one's own account, and what it must refuse."""

import pytest

from clerk import (PANEL, Clerk, audited, bad_goods, clerk,  # noqa: F401
                   demo, errors, helper, new_product, sku, tag)
from goods import free_cards, make_sku
from shopper import parse


@pytest.fixture(scope="module")
def pages(demo, sku):
    """Every page of the panel, each with something to show."""
    buyer = demo.shopper()
    no, _ = buyer.buy(sku=sku.id)
    waits = demo.shopper().order(sku=sku.id)
    card = demo.value("SELECT MIN(id) FROM card WHERE sku_id = %s", (sku.id,))
    batch = demo.value("SELECT MAX(id) FROM card_batch")
    goods = f"/products/{sku.product}"
    return ["/", "/orders", "/orders?state=pending", f"/orders/{no}",
            f"/orders/{waits}", "/products", "/products/new", goods,
            goods + "/skus/new", f"{goods}/skus/{sku.id}", goods + "/inputs",
            "/categories", "/categories/new", "/categories/1", "/cards",
            "/cards/import", f"/cards/{card}", "/batches",
            f"/batches/{batch}", "/channels", "/channels/epay-demo",
            "/channels/fresh?gateway=epay", "/shop", "/audit", "/outbox",
            "/webhooks", "/webhooks/new", "/coupons", "/coupons/new", "/mail",
            "/mail/delivered/en", "/account"]


# -- the door ---------------------------------------------------------------

def test_wrong_name_and_wrong_password_read_the_same(shop):
    name, password = shop.owner
    answers = []
    for who, word in ((name, "not-" + password), ("nobody", password)):
        web = shop.shopper()
        answer = web.login(who, word)
        assert answer.status_code == 403
        assert web.status(PANEL + "/orders") == 200  # the login page
        assert "/login" in web.last.url
        note = parse(answer.text).one(role="alert")
        answers.append(note.text)
    assert answers[0] == answers[1] != ""


def test_login_leads_to_where_one_wanted(shop):
    web = shop.shopper()
    assert "/login" in web.get(PANEL + "/products").url
    answer = web.submit(web.form(PANEL + "/login", "post"),
                        username=shop.owner[0], password=shop.owner[1])
    assert answer.url == shop.url + PANEL + "/products"


@pytest.mark.parametrize("to", [
    "//evil.example/", "https://evil.example/admin/", "/o/1", "/admin\\@x",
    "/admin/\r\nSet-Cookie: a=b"])
def test_login_leads_nowhere_else(shop, to):
    web = shop.shopper()
    web.get(PANEL + "/login", params={"to": to})
    answer = web.submit(web.form(PANEL + "/login", "post"), follow=False,
                        username=shop.owner[0], password=shop.owner[1])
    assert answer.status_code == 303
    assert answer.headers["Location"] in (PANEL + "/",
                                          shop.url + PANEL + "/")


def test_logout_ends_the_session(shop):
    mine = Clerk(shop, *shop.owner)
    cookies = mine.web.session.cookies.copy()
    mine.post("/logout")
    mine.web.session.cookies.update(cookies)  # a kept cookie opens nothing
    assert "/login" in mine.get("/").url


def test_every_page_opens_for_the_owner(shop, clerk, pages):
    for path in pages:
        answer = clerk.get(path)
        assert answer.status_code == 200, path
        assert "/login" not in answer.url, path
        page = parse(answer.text)
        assert page.one("h1") is not None, path
        assert page.one("title").text.strip(), path
        assert "no-store" in answer.headers["Cache-Control"], path


def test_every_page_sends_strangers_to_the_door(shop, pages):
    for path in pages:
        answer = shop.shopper().get(PANEL + path, follow=False)
        assert answer.status_code == 303, path
        assert "/login?to=" in answer.headers["Location"], path


def test_every_form_wants_its_token(shop, clerk, pages):
    """Each form of each page with a wrong token: refused, nothing done."""
    seen = set()
    for path in pages:
        clerk.get(path)
        for form in clerk.web.page().all("form", method="post"):
            action = form.get("action").split("?")[0]
            if action in seen:
                continue
            seen.add(action)
            assert form.one("input", name="csrf") is not None, action
            for token in ({"other": "x"}, {"csrf": ""}, {"csrf": "A" * 43},
                          {"csrf": clerk.csrf[:-1]}):
                answer = clerk.web.post(action, token, follow=False)
                assert answer.status_code == 403, (action, token)
    assert len(seen) > 15


def test_what_strangers_type_is_shown_as_text(shop, clerk, sku):
    mark = f'"><svg onload=alert({tag()})>'
    buyer = shop.shopper()
    buyer.session.headers.update({"User-Agent": mark, "Referer": mark,
                                  "X-Forwarded-For": mark})
    no = buyer.order(sku=sku.id)
    shop.shopper().login(mark, "x")
    for path in ("/", "/orders", f"/orders/{no}", "/audit",
                 "/orders?q=" + mark, "/products?q=" + mark, "/account"):
        assert "<svg onload" not in clerk.get(path).text, path


# -- orders -----------------------------------------------------------------

def test_money_seen_elsewhere_is_booked(shop, clerk):
    sku = make_sku(shop, cards=1)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id)
    path = f"/orders/{no}"
    for missing in ({"reference": ""}, {"reason": ""}, {"sure": ""},
                    {"reference": "a b"}, {"reference": "x" * 129}):
        answer = clerk.send(path + "/paid", on=path, **{
            "reference": "BANK-1", "reason": "seen", "sure": "1", **missing})
        assert answer.status_code == 422, missing
        assert buyer.state(no)["state"] == "pending"
    answer = clerk.send(path + "/paid", on=path, reference="BANK-" + tag(),
                        reason="seen at the bank", sure="1")
    assert answer.url.endswith("?said=paid"), answer.text[:2000]
    assert buyer.cards(no) == sku.texts
    assert "seen at the bank" in clerk.get(path).text
    again = clerk.post(path + "/paid", reference="BANK-2", reason="twice",
                       sure="1")
    assert again.url.endswith("?said=held")  # money is never lost sight of
    assert len(shop.sql(
        "SELECT 1 FROM payment p JOIN orders o ON o.id = p.order_id WHERE "
        "o.no = %s AND p.state = 'success'", (no,))) == 2


def test_an_order_is_cancelled_and_its_card_comes_back(shop, clerk):
    sku = make_sku(shop, cards=1)
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id)
    assert free_cards(shop, sku) == 0
    path = f"/orders/{no}"
    answer = clerk.send(path + "/cancel", on=path, close_reason="")
    assert answer.status_code == 422
    assert errors(clerk.web) == {"close_reason"}
    answer = clerk.send(path + "/cancel", on=path, close_reason="by phone")
    assert answer.url.endswith("?said=cancelled")
    assert free_cards(shop, sku) == 1
    again = clerk.post(path + "/cancel", close_reason="once more")
    assert again.url.endswith("?said=late")


def test_goods_made_by_hand_are_handed_over(shop, clerk):
    sku = make_sku(shop, kind="manual")
    buyer = shop.shopper()
    no = buyer.order(sku=sku.id)
    buyer.pay(no)
    assert no in clerk.get("/orders?state=manual").text
    path = f"/orders/{no}"
    answer = clerk.send(path + "/deliver", on=path, goods="")
    assert answer.status_code == 422
    answer = clerk.send(path + "/deliver", on=path, goods="made with care")
    assert answer.url.endswith("?said=handed"), answer.text[:2000]
    assert "made with care" in buyer.get(f"/o/{no}").text
    assert buyer.state(no)["state"] == "delivered"


def test_the_mail_is_sent_again(shop, clerk):
    sku = make_sku(shop, cards=1)
    contact = f"again-{tag()}@example.test"
    no, _ = shop.shopper().buy(sku=sku.id, contact=contact)
    before = len(shop.wait_mail(contact))
    clerk.send(f"/orders/{no}/mail", on=f"/orders/{no}")
    shop.wait_mail(contact, before + 1)


@pytest.mark.parametrize("query", [
    "page=0", "page=-1", "page=99999999999", "from=2026-13-01",
    "from=yesterday", "until=0", "state=sold", "product=-1", "channel=x",
    "q=" + "x" * 300, "q=%FF%FE", "q=a%00b"])
def test_bad_filters_are_said(clerk, query):
    answer = clerk.get("/orders?" + query)
    assert answer.status_code == 422 or "state=sold" == query
    assert parse(answer.text).one("form", method="get") is not None


def test_search_takes_its_signs_literally(shop, clerk, sku):
    shop.shopper().order(sku=sku.id, contact="plain@example.test")
    for q in ("%", "_", "%@example.test", "\\", "' OR 1=1 -- "):
        answer = clerk.get("/orders", params={"q": q})
        assert answer.status_code == 200
        assert "plain@example.test" not in answer.text, q


@pytest.mark.parametrize("path", [
    "/orders/NOSUCHORDER", "/products/999999999", "/products/x",
    "/products/1/skus/999999999", "/categories/999999999",
    "/cards/999999999", "/cards/-1", "/batches/999999999", "/channels/none",
    "/channels/none?gateway=none", "/nothing"])
def test_what_is_not_there_is_not_found(clerk, path):
    assert clerk.get(path).status_code == 404


def test_a_variant_is_not_reached_through_other_goods(clerk, sku, bad_goods):
    path = f"/products/{bad_goods.product}/skus/{sku.id}"
    assert clerk.get(path).status_code == 404
    answer = clerk.post(path, name="moved", price="0.01", version="1",
                        active="1")
    assert 400 <= answer.status_code < 500
    assert clerk.shop.value("SELECT name FROM sku WHERE id = %s",
                            (sku.id,)) == "one"


# -- channels and the shop --------------------------------------------------

KEY = "k9f3" + "Zq7L" * 7


def channel_form(clerk, name):
    answer = clerk.post("/channels", name=name, gateway="epay")
    assert answer.status_code == 200, answer.text[:1000]
    return clerk.web.form(f"{PANEL}/channels/{name}", "post")


CHANNEL = {"title": "Card", "currency": "CNY", "f_pid": "1001",
           "f_base_url": "https://pay.example.test/", "f_key": KEY}


@pytest.mark.parametrize("bad", [
    {"f_key": ""}, {"f_key": "   "}, {"f_key": "short"}, {"f_pid": ""},
    {"f_base_url": "javascript:alert(1)"}, {"f_base_url": ""}, {"fee": "-1"},
    {"fee": "51"}, {"fee": "1.005"}, {"fee_fixed": "1e3"}, {"title": ""},
    {"currency": "cny"}, {"currency": "1.0"}, {"currency": ""}, {"min": "2", "max": "1"},
    {"f_open": "other"}])
def test_a_channel_that_cannot_work_is_refused(shop, clerk, bad):
    name = "bad-" + tag()
    form = channel_form(clerk, name)
    answer = clerk.web.submit(form, **{**CHANNEL, **bad})
    assert answer.status_code == 422, bad
    assert errors(clerk.web), bad
    assert KEY not in answer.text
    assert shop.value("SELECT COUNT(*) FROM channel WHERE name = %s",
                      (name,)) == 0


def test_a_secret_goes_in_and_never_comes_out(shop, clerk):
    name = "own-" + tag()
    answer = clerk.web.submit(channel_form(clerk, name), **CHANNEL)
    assert answer.url.endswith("/channels"), answer.text[:3000]
    for path in ("/channels", f"/channels/{name}", "/audit"):
        assert KEY not in clerk.get(path).text
    # left empty, the key stays; the form says that one is set
    answer = clerk.send(f"/channels/{name}", title="Other title")
    assert answer.url.endswith("/channels")
    form = clerk.get(f"/channels/{name}")
    key = parse(form.text).one(id="f_key")
    assert key.get("placeholder") and not key.get("value")
    assert KEY not in shop.logs()
    assert audited(shop, "channel.save")
    assert "Other title" in form.text


@pytest.mark.parametrize("bad", [{"name": ""}, {"name": "a b"},
                                 {"name": "x" * 41}, {"name": "../x"},
                                 {"gateway": "none"}])
def test_a_new_channel_is_named_rightly(clerk, bad):
    answer = clerk.post("/channels", **{"name": "fine", "gateway": "epay",
                                        **bad})
    assert answer.status_code == 422
    assert errors(clerk.web) == set(bad)


def test_two_people_save_the_same_channel(shop, clerk):
    name = "two-" + tag()
    clerk.web.submit(channel_form(clerk, name), **CHANNEL)
    clerk.get(f"/channels/{name}")
    stale = clerk.web.form(f"{PANEL}/channels/{name}", "post")
    clerk.send(f"/channels/{name}", title="first")
    answer = clerk.web.submit(stale, title="second")
    assert answer.status_code == 409 and "second" in answer.text


def test_the_shop_closes_and_opens(stack):
    """Its own shop: the others go on selling."""
    shop = stack(seed=False, replica=False)
    clerk = Clerk(shop, *shop.admin_create())
    sku = make_sku(shop, cards=1)
    clerk.get("/shop")
    form = clerk.web.form(PANEL + "/shop", "post")
    form.fields.pop("open", None)
    answer = clerk.web.submit(form, name="Small shop", notice="back on Monday")
    assert answer.url.endswith("?said=saved"), answer.text[:2000]
    assert shop.shopper().order(sku=sku.id, check=False).status_code != 303
    clerk.send("/shop", open="1")
    assert shop.shopper().buy(sku=sku.id)[1] == sku.texts
    assert "Small shop" in shop.shopper().get("/").text
    shop.verify()


# -- who may what -----------------------------------------------------------

def test_staff_may_not_see_settings_and_the_log(shop, helper):
    for path in ("/channels", "/channels/epay-demo", "/shop", "/audit"):
        assert helper.get(path).status_code == 403, path
    for path, data in (("/channels", {"name": "x", "gateway": "epay"}),
                       ("/channels/epay-demo", {"title": "mine"}),
                       ("/channels/epay-demo/test", {}),
                       ("/shop", {"name": "mine"}),
                       ("/shop/pages", {"slug": "about", "lang": "en",
                                        "title": "x", "body_md": "x"})):
        assert helper.post(path, **data).status_code == 403, path
    for path in ("/", "/orders", "/products", "/cards", "/account"):
        assert helper.get(path).status_code == 200, path


def test_the_menu_shows_what_one_may_open(helper, clerk):
    def menu(who):
        nav = parse(who.get("/").text).one("nav")
        return [a.get("href") for a in nav.all("a")]
    for path in menu(helper):
        assert helper.web.get(path).status_code == 200, path
    assert PANEL + "/audit" in menu(clerk)
    assert PANEL + "/audit" not in menu(helper)


def test_the_log_names_who_did_what(shop, clerk):
    product, _ = new_product(clerk)
    page = clerk.get("/audit")
    assert "product.save" in page.text and f"product:{product}" in page.text
    assert clerk.name in page.text


# -- one's own account ------------------------------------------------------

def test_password_needs_the_old_one_and_ends_other_sessions(shop):
    shop.ctl("admin", "create", "pw-" + tag(), stdin="x" * 12 + "\n",
             check=False)
    name = "pw-" + tag()
    shop.ctl("admin", "create", name, "--role", "staff",
             stdin="the-first-one-1\n")
    here, there = (Clerk(shop, name, "the-first-one-1") for _ in range(2))
    for fields in ({"current": "wrong"}, {"fresh": "short"},
                   {"repeat": "the-second-two-2"}):
        answer = here.send("/account/password", on="/account", **{
            "current": "the-first-one-1", "fresh": "the-second-one-2",
            "repeat": "the-second-one-2", **fields})
        assert answer.status_code == 422, fields
        assert errors(here.web), fields
    answer = here.send("/account/password", on="/account",
                       current="the-first-one-1", fresh="the-second-one-2",
                       repeat="the-second-one-2")
    assert answer.url.endswith("?said=password"), answer.text[:2000]
    assert "/login" in there.get("/").url
    assert "/login" not in here.get("/").url
    Clerk(shop, name, "the-second-one-2")


def test_a_session_is_ended_from_another(shop):
    name = "ss-" + tag()
    shop.ctl("admin", "create", name, "--role", "staff",
             stdin="the-first-one-1\n")
    here, there = (Clerk(shop, name, "the-first-one-1") for _ in range(2))
    here.send("/account/sessions/end", on="/account")
    assert "/login" in there.get("/").url
    assert "/login" not in here.get("/").url


def totp(secret, step=0):
    import base64
    import hmac
    import struct
    import time
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(raw, struct.pack(">Q", int(time.time()) // 30 + step),
                   "sha1").digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7fffffff) % 10**6:06}"


def no_totp(secret):
    """Six digits that are no code of now, nor of what now may become."""
    near = {totp(secret, step) for step in range(-3, 9)}
    return next(c for c in map("{:06}".format, range(100)) if c not in near)


def test_second_factor_from_enrolment_to_login(shop):
    name = "tf-" + tag()
    shop.ctl("admin", "create", name, "--role", "staff",
             stdin="the-first-one-1\n")
    here = Clerk(shop, name, "the-first-one-1")
    here.send("/account/totp", on="/account")
    page = here.web.page()
    assert page.one("svg", class_=True) is not None or page.one("svg")
    form = here.web.form(PANEL + "/account/totp/confirm", "post")
    secret = form.fields["secret"]
    wrong = here.web.submit(form, totp=no_totp(secret))
    assert wrong.status_code == 422
    answer = here.web.submit(form, totp=totp(secret))
    assert answer.url.endswith("?said=totp"), answer.text[:2000]

    web = shop.shopper()
    answer = web.login(name, "the-first-one-1")
    assert answer.status_code == 200
    assert "/login" in web.get(PANEL + "/orders").url  # half way is outside
    web.login(name, "the-first-one-1")
    form = web.form(PANEL + "/login/code", "post")
    assert web.submit(form, totp="123").status_code == 403
    code = totp(secret, 1)  # the one before was spent on enrolling
    answer = web.submit(form, totp=code)
    assert answer.status_code == 200 and "/login" not in answer.url, \
        answer.text[:2000]
    other = shop.shopper()
    other.login(name, "the-first-one-1")
    assert other.submit(other.form(PANEL + "/login/code", "post"),
                        totp=code).status_code == 403  # a code works once


def test_a_notice_of_two_lines_stays_two_lines(shop, clerk):
    """An input of one line joined them whenever the form was saved."""
    answer = clerk.send("/shop", on="/shop", name="Keystall",
                        notice="first line\r\nsecond line", notice_en="")
    assert "said=" in answer.url, answer.text[:2000]
    box = parse(clerk.get("/shop").text).one("textarea", name="notice")
    assert box.text.strip().split("\n") == ["first line", "second line"]
