# SPDX-License-Identifier: Apache-2.0
"""What a buyer does and sees, with a script and without."""

import os

import pytest
from selenium.common.exceptions import (NoSuchElementException,
                                        StaleElementReferenceException)
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from ending import left
from goods import make_sku


def one(browser, css):
    return browser.find_element(By.CSS_SELECTOR, css)


def wait(browser, check, seconds=60):
    # a page may be exchanged between two steps of one look
    return WebDriverWait(browser, seconds, ignored_exceptions=[
        StaleElementReferenceException]).until(check)


def to_checkout(browser, shop, sku):
    browser.get(f"{shop.url}/p/{sku.slug}")
    form = one(browser, 'form[action="/checkout"]')
    choices = form.find_elements(By.CSS_SELECTOR, 'select[name="sku"]')
    if choices:
        Select(choices[0]).select_by_value(str(sku.id))
    form.find_element(By.CSS_SELECTOR, 'button:not([type="button"])').click()
    wait(browser, lambda b: b.find_elements(
        By.CSS_SELECTOR, 'form[action="/order"]'))


def fill_and_order(browser, contact):
    one(browser, '[name="contact"]').send_keys(contact)
    one(browser, '[name="lookup_password"]').send_keys("open-sesame-1")
    form = one(browser, 'form[action="/order"]')
    form.find_element(
        By.CSS_SELECTOR,
        'button:not([formaction]):not([type="button"])').click()
    wait(browser, lambda b: b.current_url.endswith("/pay"))
    return browser.current_url.split("/")[-2]


def pay_at_gateway(browser):
    way = one(browser, "[data-pay]")
    if way.tag_name == "form":
        way = way.find_element(By.CSS_SELECTOR, "button")
    browser.execute_script("arguments[0].removeAttribute('target')", way)
    way.click()
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR,
                                            "[data-sim-pay]"))
    one(browser, "[data-sim-pay]").click()
    # the simulator's page goes back by itself after a moment, perhaps between
    # the look and the click: both ways lead to the shop
    try:
        wait(browser, lambda b: b.find_elements(
            By.CSS_SELECTOR, "[data-sim-return]") or "/o/" in b.current_url)
        one(browser, "[data-sim-return]").click()
    except (NoSuchElementException, StaleElementReferenceException):
        wait(browser, lambda b: "/o/" in b.current_url)


def cards(browser):
    return [e.get_attribute("textContent").strip() for e in
            browser.find_elements(By.CSS_SELECTOR, "[data-card]")]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", [1280, 360])
def test_buy_pay_and_hold_the_key(shop, browser_of, script, width):
    sku = make_sku(shop, cards=2)
    browser = browser_of(width=width, script=script)
    to_checkout(browser, shop, sku)
    no = fill_and_order(browser, f"b{width}{script}@example.test")
    pay_at_gateway(browser)
    wait(browser, lambda b: shop.value(
        "SELECT state FROM orders WHERE no = %s", (no,)) == "delivered")
    browser.get(f"{shop.url}/o/{no}")
    assert cards(browser) == [sku.texts[0]]
    browser.get(f"{shop.url}/orders")
    assert no in browser.page_source


def test_the_clock_follows_the_time_that_is_given(shop, browser_of):
    """The page that waits asks for more time, and shows it."""
    sku = make_sku(shop, cards=1)
    browser = browser_of()
    to_checkout(browser, shop, sku)
    no = fill_and_order(browser, "clock@example.test")
    left(shop, no, 90)
    browser.refresh()
    clock = '[data-clock] [role="timer"]'
    assert one(browser, clock).text.startswith(("01:", "00:"))
    left(shop, no, 45)
    wait(browser, lambda b: one(b, clock).text.startswith("05:"))


def test_look_up_with_number_and_password(shop, browser_of):
    sku = make_sku(shop, cards=1)
    no, bought = shop.shopper().buy(sku=sku.id, password="a-pass-word")
    browser = browser_of()
    browser.get(f"{shop.url}/orders")
    one(browser, '[name="order_no"]').send_keys(no)
    one(browser, '[name="lookup_password"]').send_keys("a-pass-word")
    one(browser, 'form[action="/orders"] button').click()
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "[data-card]"))
    assert cards(browser) == bought


PAGES = ("/", "/search?q=a", "/orders", "/help", "/no-such-page")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_fit_and_are_clean(shop, browser_of, width, lang, theme):
    """No sideways scrolling, no console error, no CSP violation; the page
    says its language."""
    browser = browser_of(width=width)
    browser.get(f"{shop.url}/lang/{lang}?to=/")
    browser.get(f"{shop.url}/theme/{theme}?to=/")
    slugs = shop.shopper().products()
    paths = PAGES + tuple(f"/p/{s}" for s in slugs[:3])
    for path in paths:
        browser.get(shop.url + path)
        root = one(browser, "html")
        assert root.get_attribute("lang") == lang
        assert root.get_attribute("data-theme") == theme
        over = browser.execute_script(
            "return document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} px too wide at {width}"
        bad = [e for e in browser.get_log("browser")
               if e["level"] == "SEVERE" and "404" not in e["message"]]
        assert not bad, (path, bad)
        if os.environ.get("KEYSTALL_SHOTS"):
            name = path.strip("/").replace("/", "-").replace("?", "-")
            browser.save_screenshot(os.path.join(
                os.environ["KEYSTALL_SHOTS"],
                f"{name or 'home'}-{width}-{lang}-{theme}.png"))
