# SPDX-License-Identifier: Apache-2.0
"""The merchant's panel without a script: who gets in, what a day's work is
made of (goods, cards, orders, channels), and what it must refuse."""

import re
import secrets

import pytest

from goods import free_cards, make_sku
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
            "/channels/fresh?gateway=epay", "/shop", "/audit", "/account"]


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


# -- goods ------------------------------------------------------------------

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


@pytest.fixture(scope="module")
def bad_goods(demo):
    return make_sku(demo)


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
    wrong = here.web.submit(form, totp="000000")
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
