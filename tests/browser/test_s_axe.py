# SPDX-License-Identifier: Apache-2.0
"""axe-core finds nothing serious on any page, in both themes and at both
widths.  It comes from npm; without it (tests/run.sh says so) this is skipped.
"""

import json
import os

import pytest

from goods import make_sku
from test_m_panel import login

AXE = os.environ.get("KEYSTALL_AXE", "")
pytestmark = pytest.mark.skipif(not os.path.exists(AXE),
                                reason="no axe.min.js (npm)")
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
  r => done(JSON.stringify(r.violations.map(v => ({
    id: v.id, impact: v.impact,
    where: v.nodes.slice(0, 3).map(n => n.target.join(' ')),
  })))), e => done(JSON.stringify([{id: String(e), impact: 'critical'}])));
"""


def findings(browser):
    with open(AXE, encoding="utf-8") as f:
        source = f.read()
    # through the debugger: the page's own policy allows no script of others
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": source})
    browser.set_script_timeout(60)
    return [v for v in json.loads(browser.execute_async_script(RUN))
            if v["impact"] in ("serious", "critical")]


@pytest.fixture(scope="module")
def pages(demo):
    sku = make_sku(demo, cards=3)
    buyer = demo.shopper()
    no, _ = buyer.buy(sku=sku.id)
    return {
        "shop": ["/", "/search?q=a", f"/p/{sku.slug}",
                 f"/checkout?sku={sku.id}&qty=1", "/orders", "/help",
                 "/no-such-page"],
        "panel": ["/", "/orders", f"/orders/{no}", "/orders/short",
                  "/refunds", "/products", "/products/new", "/categories",
                  "/cards", "/cards/import", "/batches", "/channels",
                  "/channels/epay-demo", "/webhooks", "/outbox", "/shop",
                  "/audit", "/account"],
    }


def test_it_finds_what_is_wrong(browser):
    browser.get("data:text/html,<html><body><img src='x'><input></body></html>")
    assert {"image-alt", "label"} <= {v["id"] for v in findings(browser)}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_shop_pages(shop, pages, browser_of, theme, width):
    browser = browser_of(width=width)
    browser.get(f"{shop.url}/theme/{theme}?to=/")
    bad = {}
    for path in pages["shop"]:
        browser.get(shop.url + path)
        found = findings(browser)
        if found:
            bad[path] = found
    assert not bad, json.dumps(bad, indent=1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_panel_pages(shop, pages, browser_of, theme):
    browser = browser_of(width=1280)
    login(browser, shop)
    browser.get(f"{shop.url}/theme/{theme}?to=/")
    bad = {}
    for path in pages["panel"]:
        browser.get(f"{shop.url}/admin{path}")
        found = findings(browser)
        if found:
            bad[path] = found
    assert not bad, json.dumps(bad, indent=1)
