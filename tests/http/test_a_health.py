# SPDX-License-Identifier: Apache-2.0
"""The most basic questions: does it start, answer, say so, and survive the
loss of what it can do without?"""

import re

import pytest

from procs import wait_until


def test_alive_and_ready(shop, shopper):
    assert shopper.get("/healthz").text == "ok\n"
    ready = shopper.get("/readyz")
    assert ready.status_code == 200
    assert "database up" in ready.text
    if shop.replica:
        wait_until(lambda: "replicas 1" in shopper.get("/readyz").text, 60,
                   "the replica in the rotation")
    assert "cache up" in shopper.get("/readyz").text


def test_home_is_a_page(shopper):
    home = shopper.get("/")
    assert home.status_code == 200
    assert home.headers["Content-Type"].lower() == "text/html; charset=utf-8"
    page = shopper.page()
    assert page.one("html").get("lang")
    assert page.one("title").text.strip()
    assert shopper.products()


@pytest.mark.parametrize("path", ["/", "/nowhere", "/p/nowhere", "/o/NOWHERE",
                                  "/admin/login", "/healthz", "/orders",
                                  "/pay/notify/none"])
def test_security_headers_everywhere(shopper, path):
    answer = shopper.get(path)
    head = answer.headers
    assert head["X-Content-Type-Options"] == "nosniff", answer.status_code
    csp = head["Content-Security-Policy"]
    assert "default-src 'none'" in csp
    assert "unsafe-inline" not in csp and "unsafe-eval" not in csp
    assert "frame-ancestors 'none'" in csp
    assert head["Referrer-Policy"]
    assert "charset=utf-8" in head["Content-Type"].lower()
    assert "Access-Control-Allow-Origin" not in head


def test_unknown_page_and_method(shopper):
    gone = shopper.get("/there/is/nothing/here")
    assert gone.status_code == 404
    assert shopper.page().one("h1") is not None
    assert shopper.post("/healthz").status_code == 405
    assert "GET" in shopper.last.headers["Allow"]
    assert shopper.request("BREW", "/").status_code in (405, 501)
    # a change is never made by a look
    assert shopper.get("/order").status_code == 405


def test_head_is_get_without_body(shopper):
    full = shopper.get("/healthz")
    head = shopper.request("HEAD", "/healthz")
    assert head.status_code == 200 and head.content == b""
    assert head.headers["Content-Type"] == full.headers["Content-Type"]


def test_request_ids_differ_and_are_not_the_visitors(shopper):
    seen = set()
    for _ in range(3):
        page = shopper.get("/nowhere", headers={"X-Request-Id": "mine"})
        ids = re.findall(r"\b[0-9a-f]{16,32}\b", page.text)
        assert ids, page.text[:1500]
        seen.add(ids[-1])
    assert len(seen) == 3


def test_static_files_have_hashed_names(shop, shopper):
    page = shopper.page("/")
    sheets = [e.get("href") for e in page.all("link", rel="stylesheet")]
    assert sheets
    for href in sheets:
        assert re.fullmatch(r"/static/css/[\w-]+\.[0-9a-f]{8}\.css", href)
        plain = shopper.get(href, headers={"Accept-Encoding": "identity"})
        assert plain.status_code == 200
        assert plain.headers["Content-Type"].startswith("text/css")
        assert "immutable" in plain.headers["Cache-Control"]
        packed = shopper.get(href, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Content-Type"].startswith("text/css")
        assert packed.text == plain.text
    assert shopper.status("/static/css/none.css") == 404
    # a picture opened by itself runs nothing; a worker may run
    picture = shopper.get("/static/img/logo.svg").headers
    assert "sandbox" in picture["Content-Security-Policy"]
    worker = shopper.get("/static/js/work.js").headers
    assert "sandbox" not in worker.get("Content-Security-Policy", "")
    # nothing but the static folder
    for path in ("/static/../etc/keystall.conf", "/static/", "/.htaccess",
                 "/keystall.fcgi", "/static/%2e%2e/keystall.fcgi"):
        assert shopper.status(path) in (400, 403, 404), path


def test_verify_and_config(shop):
    shop.verify()
    shop.ctl("check-config")
    assert "/healthz" in shop.ctl("routes")
    told = shop.ctl("settings")
    assert shop.password not in told and shop.admin_password not in told


def test_wrong_settings_refuse_to_start(shop):
    for line, reason in (("no_such_key = 1", "no_such_key"),
                         ("workers = many", "workers"),
                         ("workers = 99999999999999999999", "workers"),
                         ("pool = kitchen", "pool")):
        path = f"{shop.dir}/tmp/wrong.conf"
        with open(shop.config, encoding="utf-8") as f:
            right = f.read()
        name = line.split()[0]
        right = re.sub(rf"^{name} = .*\n", "", right, flags=re.M)
        with open(path, "w", encoding="utf-8") as f:
            f.write(right + line + "\n")
        done = shop.run("keystall-fcgi", "-c", path)
        assert done.returncode == 78, (line, done)
        assert done.stderr.count("\n") == 1 and reason in done.stderr
        assert f"wrong.conf:{right.count(chr(10)) + 1}" in done.stderr


def test_loss_of_replica_and_cache(stack):
    shop = stack(seed=True)
    buyer = shop.shopper()
    slug = buyer.first_on_sale()

    def sells():
        assert buyer.status("/") == 200
        assert buyer.status(f"/p/{slug}") == 200
        no, cards = shop.shopper().buy(slug=slug)
        assert len(cards) == 1 and cards[0], no

    sells()
    shop.replica.stop()
    sells()
    shop.memcached.stop()
    sells()
    shop.replica.start()
    sells()
    shop.memcached.start()
    sells()
    # a cache that hangs is worse than one that is gone
    shop.memcached.pause()
    sells()
    shop.memcached.resume()
    wait_until(lambda: "replicas 1" in buyer.get("/readyz").text, 60,
               "the replica back in the rotation")
    shop.verify()


def test_loss_of_the_primary(stack):
    shop = stack(seed=True, memcached=False)
    buyer = shop.shopper()
    slug = buyer.first_on_sale()
    shop.primary.kill()
    ready = buyer.get("/readyz")
    assert ready.status_code == 503 and "database down" in ready.text
    assert buyer.get("/healthz").status_code == 200
    answer = buyer.get("/orders")
    answer = buyer.checkout(slug) if answer.status_code == 200 else answer
    assert answer.status_code == 503, answer.text[:500]
    assert int(answer.headers["Retry-After"]) > 0
    assert buyer.page().one("h1") is not None
    shop.primary.start()
    wait_until(lambda: buyer.get("/readyz").status_code == 200, 60,
               "ready again")
    no, cards = shop.shopper().buy(slug=slug)
    assert len(cards) == 1, no
    shop.verify()
