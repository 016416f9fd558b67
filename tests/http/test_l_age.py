# SPDX-License-Identifier: Apache-2.0
"""How old what a page says may be: two seconds, through every cache between
the rows and the visitor, in front of them nginx's and Apache's."""

import os
import re
import threading
import time

import pytest
import requests

from goods import make_sku
from servers import ApacheProxy
from stack import Stack

pytestmark = pytest.mark.skipif(
    os.environ.get("KEYSTALL_FRONT", "nginx") != "nginx",
    reason="both servers in one run")

MOST_S = 2.0
CARDS = 100
# One address after the other is asked for this often: what is asked for all
# the time is fetched anew early, what is not is shown to its very end.
PERIODS = (0.01, 0.4, 0.7, 1.1, 1.7)


@pytest.fixture(scope="module")
def shop():
    """As shipped."""
    settings = {"cache_page_s": 1, "page_max_age_s": 2}
    with Stack(front="nginx", settings=settings, replica=False).start(
            seed=True) as shop:
        apache = ApacheProxy(shop.dir, shop.values).start()
        try:
            shop.apache = apache.url
            yield shop
        finally:
            apache.stop()
        shop.verify()


def takes_away(shop, sku, gone, end):
    """One card after the other; gone[n]: since then there are fewer than n."""
    for n in range(CARDS, 0, -1):
        if time.monotonic() > end:
            break
        shop.sql("UPDATE card SET state = 'locked' WHERE sku_id = %s AND "
                 "state = 'free' ORDER BY id LIMIT 1", (sku.id,))
        gone[n] = time.monotonic()
        time.sleep(0.05)


def looks(url, period, end, seen):
    """What was on the page, when it was asked for, and what the cache said."""
    with requests.Session() as visitor:
        while time.monotonic() < end:
            start = time.monotonic()
            answer = visitor.get(url, timeout=20)
            count = re.search(r'class="stock[^>]*>[^<]*?(\d+)', answer.text)
            said = answer.headers.get("X-Keystall-Cache") or \
                answer.headers.get("X-Cache", "-").split()[0]
            seen.append((start, count and int(count.group(1)), said))
            time.sleep(period)


def test_stock_is_two_seconds_old_at_most(shop):
    sku = make_sku(shop, cards=CARDS)
    gone, end = {}, time.monotonic() + 5
    seen = {"nginx": [], "apache": []}
    threads = [threading.Thread(target=takes_away,
                                args=(shop, sku, gone, end))]
    for front, base in (("nginx", shop.shopper().base),
                        ("apache", shop.apache)):
        threads += [threading.Thread(target=looks, args=(
            f"{base}/p/{sku.slug}?a={i}", period, end, seen[front]))
            for i, period in enumerate(PERIODS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for front, looked in seen.items():
        assert len({n for _, n, _ in looked}) >= 3, (front, looked)
        assert all(n is not None for _, n, _ in looked), (front, looked)
        said = {said for _, _, said in looked}
        assert ({"HIT", "STALE"} if front == "nginx" else {"HIT"}) <= said, (
            front, looked)
        # nothing else is asked of it than that its rows were current then.
        # The clocks that count are looked at between start and the answer,
        # and a count is known to be gone after it is: a machine that stands
        # still makes pages seem younger here, never older.
        old = [(round(start - gone[n], 3), said)
               for start, n, said in looked if n in gone]
        assert max(old)[0] <= MOST_S, (front, sorted(old)[-10:])


def asked(shop):
    """How many pages of goods the program has answered."""
    return sum(v for k, v in shop.metrics().items() if k.startswith(
        'keystall_http_requests_total{route="/p/{slug}"'))


def test_a_page_is_asked_for_once_a_second(shop):
    """However many look at it, and however old it is in our own caches."""
    url = f"{shop.shopper().base}/p/{make_sku(shop, cards=3).slug}"
    before, looked = asked(shop), 0
    began, end = int(time.time()), time.monotonic() + 2.5
    with requests.Session() as visitor:
        while time.monotonic() < end:
            assert visitor.get(url, timeout=20).status_code == 200
            looked += 1
    seconds = int(time.time()) - began + 1
    assert looked > 20
    assert 2 <= asked(shop) - before <= seconds
