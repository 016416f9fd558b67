# SPDX-License-Identifier: Apache-2.0
"""What the web server itself must do: conf/nginx*.in as an operator gets it,
and what Apache on a shared host must not undo."""

import base64
import glob
import hashlib
import os
import re
import socket
import time

import pytest

from procs import ROOT, wait_until
from servers import CONF, ApacheProxy


@pytest.fixture
def nginx(shop):
    if shop.front_kind != "nginx":
        pytest.skip("nginx only")
    return shop


def test_style_hash_of_the_servers_own_pages():
    with open(f"{CONF}/nginx-headers.conf", encoding="utf-8") as f:
        allowed = re.search(r"'sha256-([^']+)'", f.read()).group(1)
    pages = glob.glob(f"{CONF}/error/*.html")
    assert pages
    for path in pages:
        with open(path, encoding="utf-8") as f:
            style = re.search(r"<style>(.*?)</style>", f.read(), re.S)
        digest = hashlib.sha256(style.group(1).encode()).digest()
        assert base64.b64encode(digest).decode() == allowed, path


def test_too_large_says_so_and_is_cut_off_early(shop, shopper):
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", shop.port), 10) as s:
        s.sendall(b"POST /order HTTP/1.1\r\nHost: x\r\nContent-Type: "
                  b"application/x-www-form-urlencoded\r\n"
                  b"Content-Length: 104857600\r\n\r\n")
        head = b""
        # 100 MB are announced; the answer comes long before they are sent
        try:
            for _ in range(64):
                s.sendall(b"x" * 65536)
        except OSError:
            pass
        try:
            while b"\r\n\r\n" not in head:
                piece = s.recv(4096)
                if not piece:
                    break
                head += piece
        except OSError:
            pass
    assert time.monotonic() - start < 60
    # mod_fcgid answers 500 to what is past its own limit
    if head:
        assert re.match(rb"HTTP/1.1 (413|500|400) ", head), head[:200]
    assert shopper.status("/healthz") == 200


def test_readable_413(nginx, shopper):
    answer = shopper.post("/order", b"x" * 300_000)
    assert answer.status_code == 413
    assert "太大" in answer.text and answer.headers["Cache-Control"] == "no-store"
    assert "sha256-" in answer.headers["Content-Security-Policy"]


def test_long_address_and_headers(shop, shopper):
    assert shopper.status("/?" + "a" * 20000) == 414
    answer = shopper.get("/healthz", headers={"X-Long": "a" * 40000})
    assert answer.status_code in (400, 431)
    assert shopper.status("/healthz") == 200


def test_a_dead_pool_is_a_readable_503_and_no_neighbour_of_it(stack):
    shop = stack()
    if not shop.pools:
        pytest.skip("Apache with mod_fcgid has no pools")
    buyer = shop.shopper()
    shop.pools["storefront"].stop()
    for answer in (buyer.get("/"), buyer.post("/order", {"a": "b"})):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "商店正忙" in answer.text
    assert buyer.status("/admin/login") == 200
    assert buyer.status("/pay/notify/none") != 503
    shop.pools["storefront"].start()
    assert buyer.status("/") == 200


def test_no_token_in_the_access_log(shop, shopper):
    shopper.get("/o/NOSUCHORDER?t=plantedtoken123",
                headers={"Referer": "http://x/?t=plantedtoken123"})
    shopper.get("/pay/notify/none?sign=plantedtoken123")
    shopper.get("/healthz")  # on the same connection: the others are written
    logs = [p for p in glob.glob(f"{shop.log_dir}/*-access.log")]
    assert logs
    for path in logs:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        assert "NOSUCHORDER" in text and "plantedtoken123" not in text


def test_paths_are_decoded_once(shopper):
    """%2527 is %27 for the program, not an apostrophe, and a dot segment
    leads nowhere."""
    for path in ("/p/%252e%252e%252fadmin", "/p/a%2527b", "/p/a%3Fb",
                 "/p/a%00b", "/%2e%2e/admin/login/x", "/p/%E4%BD%A0"):
        assert shopper.status(path) in (400, 404), path


def test_proxy_header_is_dropped(nginx):
    """httpoxy: the parameter is set to nothing whatever a client sends."""
    with open(f"{ROOT}/conf/nginx-fastcgi.conf", encoding="utf-8") as f:
        assert re.search(r'^fastcgi_param HTTP_PROXY +"";$', f.read(), re.M)


def test_slow_senders_cost_no_worker(nginx):
    """More half-sent requests than there are workers; the shop answers."""
    shop = nginx
    slow = []
    try:
        for _ in range(4 * shop.workers):
            s = socket.create_connection(("127.0.0.1", shop.port), 5)
            s.sendall(b"POST /order HTTP/1.1\r\nHost: x\r\n"
                      b"Content-Length: 1000\r\n\r\nsku=")
            slow.append(s)
        for _ in range(4):
            start = time.monotonic()
            assert shop.shopper().status("/") == 200
            assert time.monotonic() - start < 10
    finally:
        for s in slow:
            s.close()


def test_limits_count_a_network_not_an_address(stack):
    """The login limit of the shipped file, with this machine counted."""
    shop = stack(front="nginx", front_values={"UNCOUNTED": ""})
    def attempt():
        return shop.shopper().post("/admin/login", {"username": "x"})

    def refused(answer):
        assert ("太频繁" in answer.text) == (answer.status_code == 429)
        return answer.status_code == 429

    assert attempt().status_code != 429
    # one more is allowed each six seconds: however slow this machine is
    wait_until(lambda: refused(attempt()), 60, "a refusal", pause=0)
    # looking is not counted, nor is anybody else
    assert shop.shopper().status("/admin/login") == 200
    assert shop.shopper(address="127.0.0.2").post(
        "/admin/login", {"username": "x"}).status_code != 429
    # payment notices have no limit at all
    codes = {shop.shopper().status("/pay/notify/none") for _ in range(40)}
    assert 429 not in codes and 503 not in codes


def test_an_apache_of_ones_own(stack):
    """conf/apache-proxy.conf.in to the same pools."""
    shop = stack(seed=True, page_max_age_s=2)
    if not shop.pools:
        pytest.skip("needs the pools")
    apache = ApacheProxy(shop.dir, shop.values).start()
    try:
        buyer = shop.shopper()
        buyer.base = apache.url
        assert buyer.status("/healthz") == 200
        home = buyer.get("/")
        assert home.status_code == 200
        assert "default-src 'none'" in home.headers["Content-Security-Policy"]
        assert buyer.status("/admin/login") == 200
        assert buyer.status("/p/%252e%252e%252fadmin") == 404
        sheet = buyer.page("/").one("link", rel="stylesheet").get("href")
        assert buyer.status(sheet) == 200
        assert "immutable" in buyer.last.headers["Cache-Control"]
        for path, boxed in (("img/logo.svg", True), ("js/work.js", False)):
            csp = buyer.get(f"/static/{path}").headers[
                "Content-Security-Policy"]
            assert "default-src 'none'" in csp
            assert ("sandbox" in csp) == boxed, path
        slug = buyer.first_on_sale()
        assert buyer.buy(slug=slug)[1]
        _apache_cache(shop, apache)
        shop.pools["storefront"].stop()
        for answer in (buyer.get("/?never=asked"), buyer.post("/order", {"a": "b"})):
            assert answer.status_code == 503
            assert "商店正忙" in answer.text
            assert answer.headers["Retry-After"] == "5"
        assert buyer.status("/admin/login") == 200
    finally:
        apache.stop()


def _apache_cache(shop, apache):
    """Shared by those without cookies, and by nobody else; compressed."""
    people = {"zh-CN": shop.shopper(), "en": shop.shopper()}
    for one in people.values():
        one.base = apache.url
    people["en"].get("/lang/en")
    said = {lang: set() for lang in people}
    for _ in range(6):
        for lang, one in people.items():
            answer = one.get("/help")
            assert f'<html lang="{lang}"' in answer.text
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Content-Encoding"] == "gzip"
            said[lang].add(answer.headers.get("X-Cache", "-").split()[0])
    assert "HIT" in said["zh-CN"] and "HIT" not in said["en"], said
    again = people["en"].get("/help", headers={
        "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for path in ("/orders", "/admin/login"):
        for _ in range(2):
            answer = people["en"].get(path)
            assert not answer.headers.get("X-Cache", "").startswith("HIT")
            assert "Content-Encoding" not in answer.headers


def test_templates_leave_no_placeholder_unsaid():
    """Each @NAME@ of the templates is one of those the docs name."""
    with open(f"{CONF}/docs/web-server.md", encoding="utf-8") as f:
        told = set(re.findall(r"@([A-Z][A-Z0-9_]*)@", f.read()))
    used = set()
    for path in glob.glob(f"{CONF}/*.in"):
        with open(path, encoding="utf-8") as f:
            used |= set(re.findall(r"@([A-Z][A-Z0-9_]*)@", f.read()))
    sql = {n for n in used if n.startswith(("DB_", "REPL_"))}
    assert used - sql - {"NAME"} <= told, used - sql - told
    assert os.path.exists(f"{CONF}/quickstart.sh")
