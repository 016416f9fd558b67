# SPDX-License-Identifier: Apache-2.0
"""What the panel and the shop say to people: refusals that used to be silent
or bare, and texts in the reader's language."""

import re

import pytest

from clerk import (PANEL, clerk, demo, errors, helper, sku,  # noqa: F401
                   tag)
from goods import make_sku
from shopper import parse

GATEWAYS = ("alipay", "epay", "epay2", "epusdt", "paypal", "stripe",
            "wechatpay")


def hints(who, gateway, lang):
    who.web.get(f"/lang/{lang}")
    page = who.get(f"/channels/fresh?gateway={gateway}")
    assert page.status_code == 200
    return [h.text.strip() for h in parse(page.text).all("p", class_="hint")]


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_help_of_gateways_is_in_both_languages(clerk, gateway):
    here, there = (hints(clerk, gateway, lang) for lang in ("zh-CN", "en"))
    assert len(here) == len(there) > 4
    for zh, en in zip(here, there):
        assert re.search("[\u4e00-\u9fff]", zh), zh
        assert en and not re.search("[\u4e00-\u9fff]", en), en
    clerk.web.get("/lang/zh-CN")


def test_a_second_mail_within_the_minute_is_said(shop, clerk):
    own = make_sku(shop, cards=1)
    buyer = shop.shopper()
    contact = f"{tag()}@example.test"
    no, _ = buyer.buy(sku=own.id, contact=contact)
    shop.wait_mail(contact)
    # at a fresh minute, so that both fall into it
    shop.sql("DELETE FROM outbox WHERE dedupe LIKE 'mail:%%:again:%%'")
    said = []
    for _ in range(4):
        buyer.get(f"/o/{no}")
        said.append(buyer.submit(buyer.form(f"/o/{no}/mail", "post")).url)
    # a minute may end between two of them, but not between all
    assert sum("said=too_soon" in u for u in said) >= 2, said
    assert "said=resent" in said[0]
    assert buyer.page().one(role="status") is not None
    said = [clerk.send(f"/orders/{no}/mail", on=f"/orders/{no}").url
            for _ in range(3)]
    assert sum("said=too_soon" in u for u in said) >= 1, said
    assert parse(clerk.get(f"/orders/{no}?said=too_soon").text).one(
        role="status").text.strip()


@pytest.mark.parametrize("bad", [
    {"title": ""}, {"title": " "}, {"title": "t" * 121},
    {"body_md": "x\x01y"}])
def test_a_page_that_is_refused_comes_back(shop, clerk, bad):
    clerk.post("/shop/pages", slug="about", lang="en", title="About",
               body_md="us")
    before = shop.sql("SELECT title, body_md FROM content_page WHERE "
                      "slug = 'about' AND lang = 'en'")
    mark = "typed-" + tag()
    fields = {"slug": "about", "lang": "en", "title": mark, "body_md": mark}
    answer = clerk.post("/shop/pages", **{**fields, **bad})
    assert answer.status_code == 422
    page = parse(answer.text)
    (box,) = [d for d in page.all("details") if "open" in d.attrs]
    assert mark in answer.text and errors(clerk.web) == set(bad)
    assert box.one("input", name="slug").get("value") == "about"
    # the shop's own form stands there as it is saved
    assert page.one(id="name").get("value") == shop.value(
        "SELECT name FROM merchant")
    assert shop.sql("SELECT title, body_md FROM content_page WHERE "
                    "slug = 'about' AND lang = 'en'") == before


def test_hidden_is_not_listed_and_still_sold_by_link(shop, clerk):
    """A known way to sell to a few; the form says so."""
    own = make_sku(shop, cards=1, name="for few " + tag())
    clerk.send("/categories/new", name="few", slug="few-" + tag(), hidden="1")
    category = shop.value("SELECT MAX(id) FROM category")
    name = shop.value("SELECT name FROM product WHERE id = %s",
                      (own.product,))
    clerk.send(f"/products/{own.product}", category=str(category))
    if shop.replica:
        shop.replica.catch_up()
    shop.wait_outbox()
    slug = shop.value("SELECT slug FROM category WHERE id = %s", (category,))
    buyer = shop.shopper()
    assert buyer.status(f"/c/{slug}") == 404
    assert name not in buyer.get("/").text
    assert name in buyer.get(f"/p/{own.slug}").text
    assert buyer.buy(slug=own.slug)[1] == own.texts
    form = clerk.get(f"/categories/{category}").text
    assert "直接链接" in form
