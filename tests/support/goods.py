# SPDX-License-Identifier: Apache-2.0
"""Goods for tests: a product made by SQL, its cards by the real import, so
that every test knows exactly what is in stock."""

import secrets
import time


def make_sku(shop, code=None, price=1000, cards=0, kind="card", max_qty=100,
             buyer_limit=0, name="测试商品", texts=None):
    """A product with one SKU; returns it with its card texts."""
    code = code or "T-" + secrets.token_hex(4).upper()
    slug = code.lower()
    now = int(time.time() * 1e6)
    if shop.value("SELECT COUNT(*) FROM category WHERE slug = 'tests'") == 0:
        shop.sql("INSERT INTO category (merchant_id, slug, name, created_us) "
                 "VALUES (1, 'tests', 'Tests', %s)", (now,))
    category = shop.value("SELECT id FROM category WHERE slug = 'tests'")
    shop.sql("INSERT INTO product (merchant_id, category_id, slug, name, "
             "state, created_us, updated_us) VALUES (1, %s, %s, %s, 'on', "
             "%s, %s)", (category, slug, name, now, now))
    product = shop.value("SELECT id FROM product WHERE slug = %s", (slug,))
    shop.sql("INSERT INTO sku (merchant_id, product_id, code, name, "
             "price_minor, kind, max_qty, buyer_limit, created_us) VALUES "
             "(1, %s, %s, 'one', %s, %s, %s, %s, %s)",
             (product, code, price, kind, max_qty, buyer_limit, now))
    sku = shop.value("SELECT id FROM sku WHERE code = %s", (code,))
    texts = texts if texts is not None else [
        f"CARD-{secrets.token_hex(8).upper()}" for _ in range(cards)]
    if texts:
        shop.import_cards(code, texts)
    if shop.replica and shop.replica.alive():
        shop.replica.catch_up()
    return Sku(sku, code, slug, product, texts)


class Sku:
    def __init__(self, sku, code, slug, product, texts):
        self.id, self.code, self.slug = sku, code, slug
        self.product, self.texts = product, texts

    def __str__(self):
        return str(self.id)


def free_cards(shop, sku):
    return shop.value("SELECT COUNT(*) FROM card WHERE sku_id = %s AND "
                      "state = 'free'", (sku.id,))
