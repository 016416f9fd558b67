# SPDX-License-Identifier: Apache-2.0
"""The merchant's goods without a script: products, variants, prices, the
import of cards and what becomes of them."""

import re

import pytest

from clerk import (PANEL, audited, bad_goods, clerk, commit,  # noqa: F401
                   demo, errors, helper, new_product, new_sku, paste, sku,
                   tag)
from goods import free_cards, make_sku
from shopper import parse

# -- goods ------------------------------------------------------------------

def test_from_nothing_to_a_sold_card(shop, clerk):
    """The merchant's first day."""
    product, name = new_product(clerk)
    sku = new_sku(clerk, product, cost="3.00")
    first = [f"KEY-{tag()}-{i}" for i in range(3)]
    batch, counts = paste(clerk, sku, "\n".join(first))
    assert counts["added"] == 3
    slug = shop.value("SELECT slug FROM product WHERE id = %s", (product,))
    assert shop.value("SELECT COUNT(*) FROM card WHERE sku_id = %s AND "
                      "state = 'free'", (sku,)) == 0  # not before commit
    assert "said=committed" in commit(clerk, batch).url
    if shop.replica:
        shop.replica.catch_up()

    buyer = shop.shopper()
    assert name in buyer.get(f"/p/{slug}").text
    no, cards = buyer.buy(slug=slug)
    assert cards == [first[0]]

    page = clerk.get(f"/orders/{no}")
    assert page.status_code == 200
    story = parse(page.text).one("ol", class_="story").text
    texts = re.sub(r"\s+", " ", story)
    assert len(list(parse(page.text).one("ol", class_="story").all("li"))) \
        >= 3, texts  # placed, paid, delivered
    assert first[0] not in page.text  # cards are looked at card by card
    assert "12.50" in page.text and "buyer@example.test" in page.text
    assert no in clerk.get("/orders", params={"q": no}).text
    assert no in clerk.get("/orders", params={"q": "buyer@example.test"}).text
    assert no not in clerk.get("/orders", params={"state": "pending"}).text


def test_the_report_tells_every_kind_of_duplicate(shop, clerk):
    product, _ = new_product(clerk)
    sku = new_sku(clerk, product)
    other = new_sku(clerk, product)
    sold, stock, elsewhere, fresh = (f"{k}-{tag()}" for k in "SKEF")
    commit(clerk, paste(clerk, sku, sold)[0])
    slug = shop.value("SELECT slug FROM product WHERE id = %s", (product,))
    if shop.replica:
        shop.replica.catch_up()
    assert shop.shopper().buy(sku=sku)[1] == [sold], slug
    commit(clerk, paste(clerk, sku, stock)[0])
    commit(clerk, paste(clerk, other, elsewhere)[0])
    batch, counts = paste(
        clerk, sku, f"{fresh}\n\n  {fresh}  \n{stock}\n{sold}\n{elsewhere}\n")
    assert counts == {"lines": counts["lines"], "added": 1, "dup-file": 1,
                      "dup-stock": 1, "dup-sold": 1, "dup-other": 1,
                      "blank": 1, "bad": 0}
    commit(clerk, batch)
    assert shop.value("SELECT COUNT(*) FROM card WHERE sku_id = %s AND "
                      "state = 'free'", (sku,)) == 2


def test_a_batch_is_taken_back_until_one_is_sold(shop, clerk):
    sku = new_sku(clerk, new_product(clerk)[0])
    batch, _ = paste(clerk, sku, f"A-{tag()}\nB-{tag()}")
    commit(clerk, batch)
    shop.shopper().order(sku=sku)
    answer = clerk.send(f"/batches/{batch}/undo", on=f"/batches/{batch}")
    assert "said=sold" in answer.url
    again, _ = paste(clerk, sku, f"C-{tag()}")
    commit(clerk, again)
    answer = clerk.send(f"/batches/{again}/undo", on=f"/batches/{again}")
    assert "said=undone" in answer.url
    assert audited(shop, "import.undo")


def test_an_import_without_cards_or_goods_is_refused(shop, clerk):
    clerk.get("/cards/import")
    form = clerk.web.form(PANEL + "/cards/import", "post")
    before = shop.value("SELECT COUNT(*) FROM card_batch")
    for fields in ({"sku": "1", "cards": ""}, {"sku": "", "cards": "x"},
                   {"sku": "18446744073709551615", "cards": "x"},
                   {"sku": "-1", "cards": "x"},
                   {"sku": "1", "cards": "x", "cost": "1.005"}):
        answer = clerk.web.submit(form, follow=False, **fields)
        assert answer.status_code == 422, fields
        assert errors(clerk.web), fields
    assert shop.value("SELECT COUNT(*) FROM card_batch") == before


def test_pieces_out_of_order_say_what_is_wanted(shop, clerk, sku):
    answer = clerk.post("/cards/import/open", sku=str(sku.id))
    batch = answer.json()["batch"]

    def piece(seq, text):
        return clerk.web.request(
            "POST", f"{PANEL}/batches/{batch}/chunk",
            data={"csrf": clerk.csrf, "seq": str(seq)},
            files={"chunk": ("chunk", text.encode())})
    marks = [tag() for _ in range(3)]
    assert piece(0, f"p-{marks[0]}\n").json()["next"] == 1
    gap = piece(2, f"p-{marks[2]}\n").json()
    assert gap["next"] == 1 and gap["error"]
    assert piece(1, f"p-{marks[1]}\n").json()["next"] == 2
    assert piece(1, f"p-{marks[1]}\n").json()["next"] == 2  # sent twice
    clerk.get(f"/batches/{batch}")
    counts = {e.get("data-count"): e.text.strip()
              for e in clerk.web.page().all(data_count=True)}
    assert counts["added"] == "2" and counts["dup-file"] == "0"
    assert piece(2, "x" * 120000).status_code in (413, 422)
    clerk.post(f"/batches/{batch}/undo")


def test_category_is_made_and_only_removed_empty(shop, clerk):
    name, slug = "分类 " + tag(), "c-" + tag()
    answer = clerk.send("/categories/new", name=name, slug=slug)
    assert answer.url.endswith("/categories") and name in answer.text
    own = shop.value("SELECT id FROM category WHERE slug = %s", (slug,))
    clerk.send("/products/new", name="in it", slug="p-" + tag(),
               category=str(own))
    answer = clerk.post(f"/categories/{own}/delete")
    assert "said=not_empty" in answer.url
    assert parse(answer.text).one(role="status") is not None
    shop.sql("UPDATE product SET category_id = (SELECT MIN(id) FROM category)"
             " WHERE category_id = %s", (own,))
    assert clerk.post(f"/categories/{own}/delete").url.endswith("/categories")
    assert shop.value("SELECT COUNT(*) FROM category WHERE id = %s",
                      (own,)) == 0


def test_two_people_save_the_same_product(shop, clerk, helper):
    product, name = new_product(clerk)
    path = f"/products/{product}"
    helper.get(path)
    stale = helper.web.form(PANEL + path, "post")
    clerk.send(path, summary="first")
    answer = helper.web.submit(stale, summary="second typed in vain")
    assert answer.status_code == 409
    assert "second typed in vain" in answer.text
    assert parse(answer.text).one(role="alert") is not None
    assert shop.value("SELECT summary FROM product WHERE id = %s",
                      (product,)) == "first"


def test_two_people_save_the_same_variant(shop, clerk, helper):
    product, _ = new_product(clerk)
    path = f"/products/{product}/skus/{new_sku(clerk, product)}"
    helper.get(path)
    stale = helper.web.form(PANEL + path, "post")
    clerk.send(path, price="20.00")
    answer = helper.web.submit(stale, price="1.00")
    assert answer.status_code == 409
    assert shop.value("SELECT MIN(price_minor) FROM sku WHERE product_id = %s",
                      (product,)) == 2000


def test_a_taken_address_is_said_beside_the_field(shop, clerk, sku):
    clerk.get("/products/new")
    answer = clerk.web.submit(
        clerk.web.form(PANEL + "/products/new", "post"), name="kept name",
        slug=sku.slug, category="1")
    assert answer.status_code in (409, 422)
    assert "slug" in errors(clerk.web)
    assert "kept name" in answer.text


def test_a_preview_saves_nothing(shop, clerk):
    product, _ = new_product(clerk)
    answer = clerk.send(f"/products/{product}", preview="1",
                        body_md="**bold** <script>alert(1)</script>")
    assert answer.status_code == 200
    assert "<strong>bold</strong>" in answer.text
    assert "<script>alert" not in answer.text
    assert shop.value("SELECT MAX(body_md) FROM product_body WHERE product_id = %s",
                      (product,)) in ("", None)


def test_off_sale_and_on_again(shop, clerk):
    product, _ = new_product(clerk)
    clerk.post(f"/products/{product}/state", state="off")
    assert shop.value("SELECT state FROM product WHERE id = %s",
                      (product,)) == "off"
    answer = clerk.post(f"/products/{product}/state", state="sold-out")
    assert answer.status_code == 422
    clerk.post(f"/products/{product}/state", state="on")
    assert shop.value("SELECT state FROM product WHERE id = %s",
                      (product,)) == "on"


BAD_NUMBERS = ["-1", "1.005", "1,00", "1e3", "0x10", "9223372036854775808",
               "99999999999999999999", "NaN", "１", "٣", "1 2", "--1",
               "<b>1</b>", "1\0", "1\r\n2"]



@pytest.mark.parametrize("field", ["price", "cost", "min_qty", "max_qty",
                                   "buyer_limit", "version"])
def test_bad_numbers_of_a_variant_change_nothing(shop, clerk, bad_goods,
                                                 field):
    path = f"/products/{bad_goods.product}/skus/{bad_goods.id}"
    before = shop.sql("SELECT * FROM sku WHERE id = %s", (bad_goods.id,))
    clerk.get(path)
    form = clerk.web.form(PANEL + path, "post")
    for bad in BAD_NUMBERS:
        answer = clerk.web.submit(form, follow=False, **{field: bad})
        assert 400 <= answer.status_code < 500, (bad, answer.status_code)
        assert "<b>1</b>" not in answer.text
        if answer.status_code == 422 and field != "version":
            assert field in errors(clerk.web), bad
    assert shop.sql("SELECT * FROM sku WHERE id = %s",
                    (bad_goods.id,)) == before


@pytest.mark.parametrize("tiers", [
    "10", "=5", "10=", "10=-1", "10=1.005", "0=1", "x=1", "10=1=2",
    "\n".join(f"{i}=1.00" for i in range(2, 14)), "10=1\n10=2", "1001=1"])
def test_bad_wholesale_lines_are_said(shop, clerk, bad_goods, tiers):
    path = f"/products/{bad_goods.product}/skus/{bad_goods.id}"
    answer = clerk.send(path, tiers=tiers)
    assert answer.status_code == 422, tiers
    assert errors(clerk.web) == {"tiers"}
    if len(tiers) < 20:
        assert tiers.splitlines()[0] in answer.text  # nothing typed is lost


def test_bad_words_of_a_product_change_nothing(shop, clerk, bad_goods):
    path = f"/products/{bad_goods.product}"
    before = shop.sql("SELECT * FROM product WHERE id = %s",
                      (bad_goods.product,))
    clerk.get(path)
    form = clerk.web.form(PANEL + path, "post")
    for field, bad in (
            ("name", ""), ("name", "长" * 121), ("name", "a\0b"),
            ("slug", "../etc"), ("slug", "a b"), ("slug", "x" * 65),
            ("category", "0"), ("category", "999999999"), ("category", ""),
            ("sort", "1e9"), ("sort", "9999999999"), ("state", "sold"),
            ("stock_display", "loud"), ("summary", "x" * 301),
            ("body_md", "x" * 70000), ("name", b"\xff\xfe"),
            ("picture", "javascript:alert(1)"),
            ("picture", "//evil.example/x.png")):
        answer = clerk.web.submit(form, follow=False, **{field: bad})
        assert 400 <= answer.status_code < 500, (field, bad)
    assert shop.sql("SELECT * FROM product WHERE id = %s",
                    (bad_goods.product,)) == before


def test_questions_to_the_buyer(shop, clerk):
    product, _ = new_product(clerk)
    sku = new_sku(clerk, product)
    commit(clerk, paste(clerk, sku, "Q-" + tag())[0])
    path = f"/products/{product}/inputs"
    answer = clerk.send(path, name_0="uid", label_0="Player id",
                        kind_0="digits", max_len_0="12", required_0="1")
    assert answer.url.endswith("?said=saved"), answer.text[:2000]
    if shop.replica:
        shop.replica.catch_up()
    buyer = shop.shopper()
    assert "Player id" in buyer.checkout(sku=sku).text
    answer = buyer.order(sku=sku, check=False, input_uid="12a")
    assert answer.status_code == 422
    no = buyer.order(sku=sku, input_uid="123456")
    assert "123456" in clerk.get(f"/orders/{no}").text
    answer = clerk.send(path, name_0="", label_0="kept?")
    assert shop.value("SELECT COUNT(*) FROM product_input WHERE product_id = %s",
                      (product,)) == 0


def test_bad_questions_keep_what_was_typed(shop, clerk):
    product, _ = new_product(clerk)
    path = f"/products/{product}/inputs"
    for fields in ({"name_0": "no spaces", "label_0": "typed text"},
                   {"name_0": "ok", "label_0": "typed text",
                    "max_len_0": "0"},
                   {"name_0": "ok", "label_0": "typed text",
                    "max_len_0": "501"},
                   {"name_0": "ok", "label_0": "typed text",
                    "kind_0": "choice"},
                   {"name_0": "ok", "label_0": "typed text",
                    "kind_0": "file"}):
        answer = clerk.send(path, **fields)
        assert answer.status_code == 422, fields
        assert "typed text" in answer.text, fields
        assert parse(answer.text).one(role="alert").text.strip(), fields


# -- cards ------------------------------------------------------------------

def test_a_card_is_kept_back_looked_at_and_put_back(shop, clerk):
    sku = make_sku(shop, cards=2)
    card = shop.value("SELECT MIN(id) FROM card WHERE sku_id = %s", (sku.id,))
    page = clerk.get(f"/cards/{card}")
    assert sku.texts[0] not in page.text
    answer = clerk.send(f"/cards/{card}/reveal", on=f"/cards/{card}")
    assert sku.texts[0] in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert audited(shop, "card.reveal", f"card:{card}")
    answer = clerk.send(f"/cards/{card}/lock", on=f"/cards/{card}",
                        reason="")
    assert answer.status_code == 422
    assert errors(clerk.web) == {"reason"}
    clerk.send(f"/cards/{card}/lock", on=f"/cards/{card}", reason="complaint")
    assert free_cards(shop, sku) == 1
    assert "complaint" in clerk.get(f"/cards/{card}").text
    assert shop.shopper().buy(sku=sku.id)[1] == [sku.texts[1]]
    clerk.send(f"/cards/{card}/unlock", on=f"/cards/{card}")
    assert free_cards(shop, sku) == 1
    assert audited(shop, "card.lock", f"card:{card}")
    assert audited(shop, "card.unlock", f"card:{card}")
    assert sku.texts[0] not in shop.logs()


def test_a_sold_card_is_not_kept_back(shop, clerk):
    sku = make_sku(shop, cards=1)
    shop.shopper().buy(sku=sku.id)
    card = shop.value("SELECT id FROM card WHERE sku_id = %s", (sku.id,))
    assert clerk.post(f"/cards/{card}/lock",
                      reason="late").status_code == 409
    assert shop.value("SELECT state FROM card WHERE id = %s",
                      (card,)) == "sold"


def test_a_card_is_found_by_its_whole_text(shop, clerk):
    sku = make_sku(shop, cards=3)
    clerk.get("/cards")
    form = clerk.web.form(PANEL + "/cards", "post")
    found = clerk.web.submit(form, exact=sku.texts[1])
    rows = list(parse(found.text).one("tbody").all("tr"))
    assert len(rows) == 1 and sku.code in rows[0].text
    assert sku.texts[1] not in found.url
    part = clerk.web.submit(form, exact=sku.texts[1][:-1])
    assert parse(part.text).one("tbody") is None
