# SPDX-License-Identifier: Apache-2.0
"""A person pays at each gateway's page, and comes back to the key.  A code is
read off the screen, as a telephone would."""

import subprocess

import pytest
from selenium.webdriver.common.by import By

from goods import make_sku
from test_c_buy import cards, one, pay_at_gateway, wait
from worlds import CNY, USD, Worlds


@pytest.fixture(scope="module")
def worlds():
    made = Worlds()
    yield made
    made.end()


def order(browser, shop, sku, channel):
    browser.get(f"{shop.url}/checkout?sku={sku.id}&qty=1")
    one(browser, '[name="contact"]').send_keys(f"{channel}@example.test")
    choice = one(browser, f'[name="channel"][value="{channel}"]')
    browser.execute_script("arguments[0].click()", choice)
    form = one(browser, 'form[action="/order"]')
    form.find_element(
        By.CSS_SELECTOR,
        'button:not([formaction]):not([type="button"])').click()
    wait(browser, lambda b: b.current_url.endswith("/pay"))
    return browser.current_url.split("/")[-2]


def read_code(browser, tmp_path):
    picture = str(tmp_path / "code.png")
    browser.save_screenshot(picture)
    done = subprocess.run(["zbarimg", "-q", "--raw", picture],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip()


def ends_well(browser, shop, sku, no):
    wait(browser, lambda b: shop.value(
        "SELECT state FROM orders WHERE no = %s", (no,)) == "delivered")
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "[data-card]"))
    assert browser.current_url.split("?")[0].startswith(f"{shop.url}/o/{no}")
    assert cards(browser) == [sku.texts[0]]


@pytest.mark.parametrize("channel", CNY + USD)
def test_paid_at_the_gateways_page(worlds, browser_of, channel, tmp_path):
    shop = worlds.of(channel)
    sku = make_sku(shop, cards=1)
    browser = browser_of(width=1280, height=1400)
    no = order(browser, shop, sku, channel)
    way = one(browser, "[data-pay]")
    if way.tag_name == "div":  # a code, and nothing to click
        text = shop.value(
            "SELECT p.qr_text FROM payment p JOIN orders o ON "
            "o.id = p.order_id WHERE o.no = %s", (no,))
        assert read_code(browser, tmp_path) == text != ""
        assert shop.pay(no)["accepted"] == 1
    else:
        pay_at_gateway(browser)
    ends_well(browser, shop, sku, no)
