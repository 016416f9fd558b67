# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the browser tests: Debian's Chromium and the shop in front of
it.

`shop`     one demo shop for the whole run
`browser`  a fresh Chromium; `browser_of(width=360, script=False, dark=True)`
           makes another
"""

import os
import shutil
import sys
import tempfile

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

from stack import Stack  # noqa: E402  (needs the path above)

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu",
         "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-extensions", "--hide-scrollbars")


@pytest.fixture(scope="session")
def demo():
    with Stack().start(seed=True) as shop:
        shop.owner = shop.admin_create()
        if shop.replica:
            shop.replica.catch_up()
        yield shop


@pytest.fixture
def shop(demo):
    yield demo
    demo.verify()


def _start(width, height, script, dark):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    profile = tempfile.mkdtemp(prefix="ks-chromium-")
    for flag in (*FLAGS, f"--user-data-dir={profile}",
                 f"--window-size={max(width, 500)},{height}"):
        options.add_argument(flag)
    if dark:
        options.add_argument("--force-dark-mode")
    if not script:
        options.add_experimental_option("prefs", {
            "profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"),
                              options=options)
    driver.set_page_load_timeout(60)
    driver.profile = profile
    # below 500 pixels a window cannot go: the page is told its width
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1,
        "mobile": width < 500})
    return driver


@pytest.fixture
def browser_of():
    made = []

    def make(width=1280, height=900, script=True, dark=False):
        driver = _start(width, height, script, dark)
        made.append(driver)
        return driver

    yield make
    for driver in made:
        driver.quit()
        shutil.rmtree(driver.profile, ignore_errors=True)


@pytest.fixture
def browser(browser_of):
    return browser_of()
