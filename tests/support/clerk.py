# SPDX-License-Identifier: Apache-2.0
"""Somebody at the panel, and the shop without other people's goods in which
the tests of the panel work."""

import re
import secrets

import pytest

from goods import make_sku
from shopper import parse
from stack import Stack

PANEL = "/admin"


class Clerk:
    """Somebody with a session of the panel."""

    def __init__(self, shop, name, password):
        self.shop, self.name, self.password = shop, name, password
        self.web = shop.shopper()
        done = self.web.login(name, password)
        assert done.status_code == 200 and "/login" not in done.url, done.url
        self.csrf = parse(done.text).one("input", name="csrf").get("value")

    def get(self, path, **options):
        """Lists may come from the replica: it has what the test did."""
        if self.shop.replica and self.shop.replica.alive():
            self.shop.replica.catch_up()
        return self.web.get(PANEL + path, **options)

    def post(self, path, follow=True, **data):
        data.setdefault("csrf", self.csrf)
        return self.web.post(PANEL + path, data, follow=follow)

    def send(self, path, on=None, follow=True, **fields):
        """The form on page `on` (or at its own address), filled in."""
        self.get(path if on is None else on)
        return self.web.submit(self.web.form(PANEL + path, "post"),
                               follow=follow, **fields)


@pytest.fixture(scope="module")
def demo():
    """A shop with no goods but a test's own, so that all counts are known."""
    with Stack() as shop:
        shop.owner = shop.admin_create()
        make_sku(shop)  # and with it the first category
        yield shop


@pytest.fixture(scope="module")
def clerk(demo):
    return Clerk(demo, *demo.owner)


@pytest.fixture(scope="module")
def helper(demo):
    """Role staff: goods, stock and orders, but no settings and no log."""
    demo.ctl("admin", "create", "hand", "--role", "staff",
             stdin="a-long-enough-one\n")
    return Clerk(demo, "hand", "a-long-enough-one")


@pytest.fixture(scope="module")
def sku(demo):
    return make_sku(demo, cards=8)


def audited(shop, action, object_=None):
    rows = shop.sql("SELECT object FROM audit_log WHERE action = %s", (action,))
    return [r["object"] for r in rows
            if object_ is None or r["object"] == object_]


def tag():
    return secrets.token_hex(4)


def errors(web):
    """The fields of the last page that say what is wrong with them: each in
    words, which stand beside it."""
    page = web.page()
    found = set()
    for e in page.all(aria_invalid="true"):
        words = page.one(id=e.get("aria-describedby"))
        assert words is not None and words.text.strip(), e.attrs
        found.add(e.get("name"))
    return found


def new_product(clerk, **fields):
    name = "商品 " + tag()
    category = clerk.shop.value("SELECT MIN(id) FROM category")
    answer = clerk.send("/products/new", name=name, slug="p-" + tag(),
                        category=str(category), state="on", **fields)
    found = re.search(r"/products/(\d+)\?said=saved$", answer.url)
    assert found, f"{answer.url}\n{answer.text[:3000]}"
    return int(found.group(1)), name


def new_sku(clerk, product, **fields):
    code = "C-" + tag()
    answer = clerk.send(
        f"/products/{product}/skus/new",
        **{"name": "one", "code": code, "price": "12.50", **fields})
    assert answer.url.endswith("?said=sku"), answer.text[:3000]
    return clerk.shop.value("SELECT id FROM sku WHERE code = %s", (code,))


def paste(clerk, sku, text, **fields):
    """Import without a script; the batch and its counts."""
    answer = clerk.send("/cards/import", sku=str(sku), cards=text, **fields)
    found = re.search(r"/batches/(\d+)$", answer.url)
    assert found, f"{answer.url}\n{answer.text[:3000]}"
    return int(found.group(1)), {
        e.get("data-count"): int(e.text.strip())
        for e in clerk.web.page().all(data_count=True)}


def commit(clerk, batch):
    return clerk.send(f"/batches/{batch}/commit", on=f"/batches/{batch}")


@pytest.fixture(scope="module")
def bad_goods(demo):
    return make_sku(demo)
