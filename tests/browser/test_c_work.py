# SPDX-License-Identifier: Apache-2.0
"""Goods that ask for work: the browser does it while the form is filled in."""

import pytest
from selenium.webdriver.common.by import By

from goods import free_cards, make_sku
from test_c_buy import fill_and_order, one, to_checkout, wait


def working(browser):
    return len(one(browser, '[name="work"]').get_attribute("value").split("."))


def guarded(shop, cards, level):
    sku = make_sku(shop, cards=cards)
    shop.sql("UPDATE product SET work = %s WHERE id = %s",
             (level, sku.product))
    if shop.replica:
        shop.replica.catch_up()
    return sku


LISTEN = """
    window.told = [];
    window.Worker = class extends Worker {
      constructor(url) {
        super(url);
        this.addEventListener('message', e => told.push(e.data));
      }
    };"""


def test_the_browser_works_and_buys(shop, browser):
    sku = guarded(shop, 3, "light")
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument",
                            {"source": LISTEN})
    to_checkout(browser, shop, sku)
    box = one(browser, "[data-work]")
    high = box.size["height"]
    # pressed before its time or not: it is sent when it is ready
    fill_and_order(browser, "worker@example.test")
    assert free_cards(shop, sku) == 2
    # another price of the same form is the same work
    to_checkout(browser, shop, sku)
    first = one(browser, '[name="work"]').get_attribute("value")[:28]
    old = one(browser, ".checkout-side")
    qty = one(browser, "#qty")
    browser.execute_script(
        "arguments[0].value = 2;"
        "arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
        qty)
    wait(browser, lambda b: one(b, ".checkout-side") != old)
    wait(browser, lambda b: working(b) == 17)
    assert len(browser.execute_script("return told")) == 16, "not the worker"
    assert one(browser, '[name="work"]').get_attribute("value")[:28] == first
    box = one(browser, "[data-work]")
    assert box.find_element(By.TAG_NAME, "p").text == \
        box.get_attribute("data-done")
    assert box.size["height"] == high, "nothing moved"
    fill_and_order(browser, "worker@example.test")
    assert free_cards(shop, sku) == 0
    bad = [e for e in browser.get_log("browser") if e["level"] == "SEVERE"]
    assert not bad, bad


@pytest.mark.parametrize("worker", [True, False], ids=["worker", "slices"])
def test_the_page_that_asks_again_works_too(shop, browser, worker):
    """A form that was sent without it comes back, and needs one press."""
    sku = guarded(shop, 1, "light")
    if not worker:  # an old browser, or a worker that does not start
        browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument",
                                {"source": "delete window.Worker"})
    to_checkout(browser, shop, sku)
    browser.execute_script(
        "document.querySelector('[name=contact]').value = 'a@example.test';"
        "document.querySelector('[name=work]').value = '';"
        "document.querySelector('form.checkout').submit()")
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".pay [data-work]"))
    assert free_cards(shop, sku) == 1
    one(browser, "[data-submit]").click()
    wait(browser, lambda b: b.current_url.endswith("/pay"))
    assert free_cards(shop, sku) == 0
