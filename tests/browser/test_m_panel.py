# SPDX-License-Identifier: Apache-2.0
"""The panel in a browser: a long file goes in by pieces, an order is looked
at, and no page of the panel overflows, complains or blocks its own parts."""

import secrets

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from goods import make_sku
from stack import Stack

LINES = 3000
THEMES = ("light", "dark")
LANGUAGES = ("zh-CN", "en")


@pytest.fixture(scope="module")
def demo():
    """A shop of its own: one product, a few orders."""
    with Stack() as shop:
        shop.owner = shop.admin_create()
        shop.goods = make_sku(
            shop, cards=6, name="A name as long as sellers make them, "
            "with-one-long-word-" + "x" * 40)
        shop.bought, _ = shop.shopper().buy(sku=shop.goods.id)
        shop.unpaid = shop.shopper().order(sku=shop.goods.id)
        yield shop


def login(driver, shop):
    name, password = shop.owner
    driver.get(shop.url + "/admin/login")
    driver.find_element(By.NAME, "username").send_keys(name)
    field = driver.find_element(By.NAME, "password")
    field.send_keys(password)
    field.submit()
    WebDriverWait(driver, 60).until(
        lambda d: d.find_elements(By.CSS_SELECTOR, "nav.desk-nav"))


def quiet(driver):
    """The console holds nothing: no error, no blocked style or script."""
    said = [e for e in driver.get_log("browser")
            if e["level"] in ("SEVERE", "WARNING")]
    assert not said, said


def count(driver, name):
    return int(driver.find_element(
        By.CSS_SELECTOR, f"[data-count='{name}']").text)


def test_a_long_file_goes_in_by_pieces(shop, browser, tmp_path):
    login(browser, shop)
    # about 250 KiB: three requests; one line twice, one that is in stock
    cards = [f"{secrets.token_hex(20)}----{secrets.token_hex(20)}"
             for _ in range(LINES - 2)]
    cards += [cards[0], shop.goods.texts[-1]]
    file = tmp_path / "cards.txt"
    file.write_text("\n".join(cards) + "\n")
    browser.get(shop.url + "/admin/cards/import")
    Select(browser.find_element(By.ID, "sku")).select_by_value(
        str(shop.goods.id))
    browser.find_element(By.ID, "name").send_keys("long file")
    browser.find_element(By.ID, "file").send_keys(str(file))
    browser.find_element(By.CSS_SELECTOR, "form[data-import] button").click()
    WebDriverWait(browser, 60).until(lambda d: "/batches/" in d.current_url)
    assert count(browser, "lines") == LINES
    assert count(browser, "added") == LINES - 2
    assert count(browser, "dup-file") == 1
    assert count(browser, "dup-stock") == 1
    batch = int(browser.current_url.rstrip("/").rsplit("/", 1)[1])
    assert shop.value("SELECT next_chunk FROM card_batch WHERE id = %s",
                      (batch,)) > 1
    browser.find_element(By.CSS_SELECTOR, "[data-commit]").click()
    WebDriverWait(browser, 60).until(
        lambda d: "said=committed" in d.current_url)
    assert shop.value("SELECT COUNT(*) FROM card WHERE batch_id = %s AND "
                      "state = 'free'", (batch,)) == LINES - 2
    quiet(browser)


def test_a_broken_import_says_so_and_goes_on(shop, browser, tmp_path):
    login(browser, shop)
    file = tmp_path / "cards.txt"
    file.write_text("".join(secrets.token_hex(30) + "\n"
                            for _ in range(4000)))
    browser.get(shop.url + "/admin/cards/import")
    Select(browser.find_element(By.ID, "sku")).select_by_value(
        str(shop.goods.id))
    browser.find_element(By.ID, "file").send_keys(str(file))
    # the third request finds no network, once
    browser.execute_script("""
        var real = window.fetch, n = 0;
        window.fetch = function (u, o) {
          n += 1;
          return n === 3 ? Promise.reject(new TypeError("away"))
                         : real.call(window, u, o);
        };""")
    button = browser.find_element(By.CSS_SELECTOR,
                                  "form[data-import] button")
    button.click()
    said = browser.find_element(By.CSS_SELECTOR, "[data-progress]")
    WebDriverWait(browser, 60).until(
        lambda d: said.text == said.get_attribute("data-failed"))
    assert button.is_enabled()
    button.click()
    WebDriverWait(browser, 60).until(lambda d: "/batches/" in d.current_url)
    assert count(browser, "added") == 4000
    assert count(browser, "dup-file") == 0
    browser.find_elements(By.CSS_SELECTOR, "button.btn-danger")[-1].click()
    WebDriverWait(browser, 60).until(lambda d: "said=undone" in d.current_url)
    quiet(browser)


def test_the_order_is_seen_and_its_deeds_unfold(shop, browser):
    login(browser, shop)
    browser.get(shop.url + "/admin/orders")
    browser.find_element(By.LINK_TEXT, shop.bought).click()
    story = browser.find_element(By.CSS_SELECTOR, ".story")
    assert len(story.find_elements(By.TAG_NAME, "li")) >= 3
    browser.get(f"{shop.url}/admin/orders/{shop.unpaid}")
    deed = browser.find_element(By.ID, "close_reason").find_element(
        By.XPATH, "./ancestor::details")
    assert not deed.get_property("open")
    deed.find_element(By.TAG_NAME, "summary").click()
    assert deed.get_property("open")
    quiet(browser)


def pages(shop):
    card = shop.value("SELECT MIN(id) FROM card")
    goods = f"/products/{shop.goods.product}"
    return ["/login", "/", "/orders", "/orders?q=nothing-like-it",
            f"/orders/{shop.bought}", f"/orders/{shop.unpaid}", "/products",
            "/products/new", goods, goods + "/skus/new",
            f"{goods}/skus/{shop.goods.id}", goods + "/inputs", "/categories",
            "/categories/1", "/cards", "/cards/import", f"/cards/{card}",
            "/batches", "/batches/1", "/channels", "/channels/epay-demo",
            "/shop", "/audit", "/account"]


# What a page must be, measured where it is drawn: nothing wider than the
# window, nothing a finger misses (WCAG 2.5.8, 24 px; links in text are
# exempt), nothing without a name.
MEASURE = """
    var wide = document.documentElement.scrollWidth - window.innerWidth;
    var small = [], nameless = [], ids = {}, twice = [];
    document.querySelectorAll("button, input, select, textarea, nav a, a.btn,"
      + " summary").forEach(function (e) {
        var r = e.getBoundingClientRect();
        if (e.type === "hidden" || r.width === 0) return;
        var box = e.closest("label") || e;
        r = box.getBoundingClientRect();
        if (r.height < 24 || r.width < 24) small.push(e.outerHTML);
        if (!(e.textContent.trim() || e.getAttribute("aria-label") ||
              (e.labels && e.labels.length))) nameless.push(e.outerHTML);
      });
    document.querySelectorAll("[id]").forEach(function (e) {
      if (ids[e.id]) twice.push(e.id);
      ids[e.id] = true;
    });
    return {wide: wide, small: small, nameless: nameless, twice: twice,
            inline: document.querySelectorAll("[style], style").length,
            lang: document.documentElement.lang,
            theme: document.documentElement.dataset.theme,
            h1: document.querySelectorAll("h1").length};
"""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", (360, 1280))
def test_every_page_fits_and_is_clean(shop, browser_of, width, lang, theme):
    driver = browser_of(width=width)
    login(driver, shop)
    driver.get(f"{shop.url}/lang/{lang}?to=/orders")
    driver.get(f"{shop.url}/theme/{theme}?to=/orders")
    for path in pages(shop):
        driver.get(shop.url + "/admin" + path)
        got = driver.execute_script(MEASURE)
        assert got == {"wide": 0, "small": [], "nameless": [], "twice": [],
                       "inline": 0, "lang": lang, "theme": theme, "h1": 1}, \
            (path, width, got)
    quiet(driver)
