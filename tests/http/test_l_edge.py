# SPDX-License-Identifier: Apache-2.0
"""The micro-cache of the shipped nginx configuration: no visitor sees
another's page, nothing private is kept, and a shop in trouble shows what it
showed last."""

import contextlib
import glob
import os
import re
import secrets
import threading
import time

import pytest

import fcgi_client
from procs import wait_until
from servers import CONF
from stack import Stack

pytestmark = pytest.mark.skipif(
    os.environ.get("KEYSTALL_FRONT", "nginx") != "nginx",
    reason="the micro-cache is nginx's")

# Every page is rendered anew, so that what is the same came from the edge.
SETTINGS = {"page_max_age_s": 2, "cache_page_s": 0}


@pytest.fixture(scope="module")
def edge():
    with Stack(front="nginx", settings=SETTINGS, replica=False).start(
            seed=True) as shop:
        shop.owner = shop.admin_create()
        buyer = shop.shopper()
        shop.slugs = buyer.products("/")[:3]
        shop.category = re.search(r'href="(/c/[a-z0-9-]+)"',
                                  buyer.get("/").text).group(1)
        yield shop
        shop.verify()


def cached(answer):
    return answer.headers.get("X-Keystall-Cache")


def hit(ask):
    """The answer that the cache has for this question.  It keeps a page for a
    second: a machine that stands still for longer asks again."""
    return wait_until(lambda: (lambda a: cached(a) == "HIT" and a)(ask()), 60,
                      "a hit")


def entries(shop, what):
    """The keys of the cache that hold `what`."""
    found = []
    for path in glob.glob(f"{shop.dir}/tmp/nginx-edge/*/*/*"):
        with contextlib.suppress(FileNotFoundError), open(path, "rb") as f:
            key = re.search(rb"\nKEY: (.*)\n", f.read(4096))
            if key and what.encode() in key.group(1):
                found.append(key.group(1).decode())
    return found


def cookie_header(shopper):
    return "; ".join(f"{c.name}={c.value}" for c in shopper.session.cookies)


# -- nobody sees another's page ---------------------------------------------

def visitors(shop):
    """Six people, of whom some differ in one thing only."""
    chinese = shop.shopper()
    plain = shop.shopper()  # as chinese, but reads no gzip
    plain.session.headers["Accept-Encoding"] = "identity"
    english = shop.shopper()
    english.get("/lang/en")
    dark = shop.shopper()
    dark.get("/theme/dark")
    buyer = shop.shopper()  # has ordered: its cookies are of a known visitor
    buyer.get("/theme/light")
    buyer.order(slug=buyer.first_on_sale())
    staff = shop.shopper()
    staff.get("/lang/en")
    staff.get("/theme/light")
    staff.login(*shop.owner)
    return {"chinese": chinese, "plain": plain, "english": english,
            "dark": dark, "buyer": buyer, "staff": staff}


def addresses(shop):
    return ["/", "/help", shop.category, "/search?q=steam",
            *(f"/p/{slug}" for slug in shop.slugs)]


def own_pages(shop, shopper, paths):
    """Asked of the program, past every cache."""
    pages = {}
    for path in paths:
        url, _, query = path.partition("?")
        answer = fcgi_client.ask(
            f"{shop.dir}/run/storefront.sock", url=url, query=query,
            headers={"Cookie": cookie_header(shopper),
                     "Host": f"127.0.0.1:{shop.port}"})
        pages[path] = answer.body
    return pages


def hammer(name, shopper, pages, rounds, wrong, seen):
    coding = None if name == "plain" else "gzip"
    for _ in range(rounds):
        for path, own in pages.items():
            answer = shopper.get(path)
            seen.add(cached(answer))
            if answer.content != own or "Set-Cookie" in answer.headers or \
                    answer.headers.get("Content-Encoding") != coding:
                wrong.append((name, path, cached(answer)))


def mix_ups(shop, people, rounds):
    """Everybody asks for everything at the same time; the answers that were
    not their own, and what the cache said meanwhile."""
    wrong, seen, threads = [], set(), []
    for name, shopper in people.items():
        pages = own_pages(shop, shopper, addresses(shop))
        threads.append(threading.Thread(target=hammer, args=(
            name, shopper, pages, rounds, wrong, seen)))
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return wrong, seen


@contextlib.contextmanager
def other_rules(shop, change):
    """The same nginx with conf/nginx-edge.conf and its maps changed."""
    with open(f"{CONF}/nginx-edge.conf", encoding="utf-8") as f:
        text = f.read()
    own = f"{shop.dir}/etc/nginx-edge.conf"
    with open(own, "w", encoding="utf-8") as f:
        f.write(change(text))
    site = f"{shop.dir}/etc/nginx-site.conf"
    with open(site, encoding="utf-8") as f:
        shipped = f.read()
    assert (change(text), change(shipped)) != (text, shipped)
    try:
        _restart(shop, site, change(shipped).replace(
            f"{CONF}/nginx-edge.conf", own))
        yield
    finally:
        _restart(shop, site, shipped)


def _restart(shop, site, text):
    with open(site, "w", encoding="utf-8") as f:
        f.write(text)
    shop.front.restart()


def test_nobody_sees_anothers_page(edge):
    people = visitors(edge)
    pages = [own_pages(edge, p, ["/"])["/"] for name, p in people.items()
             if name != "plain"]
    assert len(set(pages)) == len(pages), "they would see the same anyway"
    wrong, seen = mix_ups(edge, people, 30)
    assert not wrong, wrong[:20]
    assert {"HIT", "BYPASS"} <= seen, seen


@pytest.mark.parametrize("whole, broken", [
    ('"$keystall_lang $keystall_theme"', '" $keystall_theme"'),
    ('"$keystall_lang $keystall_theme"', '"$keystall_lang "'),
    (' $keystall_copy $keystall_coding";', ' $keystall_copy";'),
], ids=["language", "theme", "coding"])
def test_the_test_finds_a_broken_key(edge, whole, broken):
    """The checker above, on a key that forgets what pages depend on."""
    people = visitors(edge)
    with other_rules(edge, lambda text: text.replace(whole, broken)):
        wrong, _ = mix_ups(edge, people, 10)
    assert wrong


# -- what is kept -----------------------------------------------------------

def test_made_up_cookies_get_no_copy_of_their_own(edge):
    mark = secrets.token_hex(6)
    cookies = ["", "ks_lang=", "ks_lang=fr", "ks_lang=enx", "xks_lang=en",
               "ks_theme=purple", "a=1; b=2", "ks_lang=%65n",
               f"ks_v={'A' * 43}", f"ks_o={'B' * 24}.{'C' * 43}",
               *(f"ks_lang={secrets.token_hex(4)}; "
                 f"junk{i}={secrets.token_hex(8)}" for i in range(30))]
    bodies = set()
    for cookie in cookies:
        answer = edge.shopper().get(f"/?q={mark}", headers={
            "Cookie": cookie, "Accept-Language": secrets.token_hex(2),
            "User-Agent": secrets.token_hex(8)})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        bodies.add(answer.content)
    assert len(bodies) == 1
    assert len(entries(edge, mark)) == 1
    # and the values we do know, in any company, share one each
    for cookie in ("ks_lang=en", "a=b; ks_lang=en", "ks_lang=en; c=d",
                   "__Host-ks_lang=en", "c=d; __Host-ks_lang=en; e=f"):
        answer = edge.shopper().get(f"/?q={mark}",
                                    headers={"Cookie": cookie})
        assert '<html lang="en"' in answer.text, cookie
    assert len(entries(edge, mark)) == 2


def test_a_coding_is_gzip_or_none(edge):
    """Whatever a client says it reads, there are two copies, and who has not
    asked for gzip gets none."""
    mark = secrets.token_hex(6)
    asked = {"gzip": True, "gzip, deflate, br, zstd": True, "x, GZIP": True,
             "deflate;q=0.5,gzip ; q=0.1": True, "gzip;q=1.000": True,
             "gzip;q=0": False, "gzip;q=0.000, br": False, "br, zstd": False,
             "*": False, "": False, "xgzip": False, "gzipped": False,
             f"{secrets.token_hex(4)}": False}
    tags = {True: set(), False: set()}
    for coding, packed in asked.items():
        answer = edge.shopper().get(f"/?q={mark}",
                                    headers={"Accept-Encoding": coding})
        assert answer.status_code == 200 and "</html>" in answer.text
        assert ("Content-Encoding" in answer.headers) == packed, coding
        assert answer.headers["Vary"] == "Accept-Encoding, Cookie"
        tags[packed].add(answer.headers["ETag"])
    assert len(entries(edge, mark)) == 2
    assert not tags[True] & tags[False]


def header_lines(pairs):
    """Of those that a hit must not lack, each line as often as it stands."""
    return sorted((name.lower(), value) for name, value in pairs
                  if name.lower() not in (
                      "status", "server", "date", "connection", "etag",
                      "content-length", "cache-control", "x-keystall-cache",
                      "vary", "content-encoding"))


def test_a_page_has_the_lines_the_program_gives_it(edge):
    """nginx adds them to what it keeps; for all other web servers the program
    says them.  404 and what goes past the cache have them, too."""
    staff = edge.shopper()
    staff.login(*edge.owner)
    for path, people in (("/", {"": 200, cookie_header(staff): 200}),
                         ("/help", {"": 200}),
                         (f"/p/{edge.slugs[0]}", {"": 200}),
                         ("/p/no-such-thing", {"": 404})):
        for cookie, status in people.items():
            own = fcgi_client.ask(
                f"{edge.dir}/run/storefront.sock", url=path,
                headers={"Cookie": cookie,
                         "Host": f"127.0.0.1:{edge.port}"})
            answer = edge.shopper().get(path, headers={"Cookie": cookie})
            assert answer.status_code == status
            want = header_lines(own.header_list)
            got = header_lines(answer.raw.headers.items())
            want = [(n, v) for n, v in want if n != "x-request-id"]
            got = [(n, v) for n, v in got if n != "x-request-id"]
            assert got == want, (path, cookie, set(got) ^ set(want))
            assert "content-security-policy" in dict(got)


def test_a_page_that_two_cookies_claim_is_nobody_elses(edge):
    """The program reads the first of two cookies, a pattern might find the
    second: whatever nginx takes, page and key agree."""
    mark = secrets.token_hex(6)
    for first, second in (("zh-CN", "en"), ("en", "zh-CN")):
        edge.shopper().get(f"/?q={mark}", headers={
            "Cookie": f"ks_lang={first}; ks_lang={second}"})
        edge.shopper().get(f"/?q={mark}", headers={
            "Cookie": f'ks_lang="{first}"; __Host-ks_lang={second}'})
    for lang in ("zh-CN", "en"):
        answer = edge.shopper().get(f"/?q={mark}",
                                    headers={"Cookie": f"ks_lang={lang}"})
        assert f'<html lang="{lang}"' in answer.text


def test_staff_and_writers_go_past_it(edge):
    people = visitors(edge)
    mark = secrets.token_hex(6)
    assert "ks_g" in cookie_header(people["buyer"])
    for name in ("staff", "buyer"):
        for _ in range(2):
            answer = people[name].get(f"/?{name}={mark}")
            assert answer.status_code == 200 and cached(answer) == "BYPASS"
    assert entries(edge, mark) == []
    # an order of long ago is no reason: its pages are everybody's
    del people["buyer"].session.cookies["ks_g"]
    assert cached(people["buyer"].get(f"/?x={mark}")) == "MISS"
    hit(lambda: people["buyer"].get(f"/?x={mark}"))


def test_what_is_never_kept(edge):
    mark = secrets.token_hex(6)
    buyer = edge.shopper()
    no = buyer.order(slug=buyer.first_on_sale())
    for path in ("/checkout", f"/o/{no}", f"/o/{no}/pay", f"/o/{no}/status.json",
                 "/orders", "/admin/login", "/lang/en", "/healthz",
                 "/pay/notify/none"):
        for shopper in (buyer, edge.shopper()):
            answer = shopper.get(f"{path}?m={mark}", follow=False)
            assert cached(answer) is None, path
    edge.shopper().get(f"/p/no-such-{mark}")
    edge.shopper().post(f"/?{mark}")
    assert entries(edge, mark) == []


def test_validators_and_head(edge):
    mark = secrets.token_hex(6)
    # a HEAD that comes first leaves no empty page behind
    head = edge.shopper().request("HEAD", f"/?{mark}")
    assert head.status_code == 200 and head.content == b""
    page = edge.shopper().get(f"/?{mark}")
    assert page.status_code == 200 and "</html>" in page.text
    again = hit(lambda: edge.shopper().get(f"/?{mark}", headers={
        "If-None-Match": page.headers["ETag"]}))
    assert again.status_code == 304
    # this cache says no Age: nobody else may keep what comes from it
    assert page.headers["Cache-Control"].endswith(
        ", public, max-age=0, must-revalidate")
    assert "X-Accel-Expires" not in page.headers
    # a range of a page that was not there is still the whole one for others
    edge.shopper().get(f"/?r={mark}", headers={"Range": "bytes=0-9"})
    assert "</html>" in edge.shopper().get(f"/?r={mark}").text


def test_it_does_not_grow_old(edge):
    """What the shop says now is on the page soon, whoever asks meanwhile."""
    path, name = f"/p/{edge.slugs[0]}", secrets.token_hex(6)
    edge.shopper().get(path)
    edge.sql("UPDATE product SET name = %s WHERE slug = %s",
             (name, edge.slugs[0]))
    wait_until(lambda: name in edge.shopper().get(path).text, 60, "the name")
    answer = edge.shopper().get(path)
    assert name in answer.text


# -- trouble ----------------------------------------------------------------

def test_an_error_is_not_kept_and_the_last_page_is_shown(edge):
    shown, other = f"/p/{edge.slugs[1]}", f"/p/{edge.slugs[2]}"
    mark = secrets.token_hex(6)
    page = edge.shopper().get(f"{shown}?{mark}")
    assert page.status_code == 200
    edge.sql("RENAME TABLE product TO product_gone")
    try:
        wait_until(lambda: edge.shopper().status(f"{other}?{mark}") == 500, 60,
                   "an error")
        # fresh, then stale, and for as long as it lasts
        wait_until(lambda: cached(edge.shopper().get(f"{shown}?{mark}")) ==
                   "STALE", 60, "the page of before")
        end = time.monotonic() + 3
        while time.monotonic() < end:
            old = edge.shopper().get(f"{shown}?{mark}")
            assert old.status_code == 200 and old.content == page.content
            time.sleep(0.1)
    finally:
        edge.sql("RENAME TABLE product_gone TO product")
    assert edge.shopper().status(f"{other}?{mark}") == 200


def test_a_dead_pool_shows_the_last_page_too(edge):
    mark = secrets.token_hex(6)
    page = edge.shopper().get(f"/?{mark}")
    edge.pools["storefront"].stop()
    try:
        wait_until(lambda: cached(edge.shopper().get(f"/?{mark}")) == "STALE",
                   60, "the page of before")
        old = edge.shopper().get(f"/?{mark}")
        assert old.status_code == 200 and old.content == page.content
        never = edge.shopper().get(f"/?other={mark}")
        assert never.status_code == 503 and never.headers["Retry-After"] == "5"
    finally:
        edge.pools["storefront"].start()
    assert edge.shopper().status(f"/?other={mark}") == 200
