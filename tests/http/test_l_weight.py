# SPDX-License-Identifier: Apache-2.0
"""What the first visit weighs, as it goes over the wire: the page and every
file of ours it names, in the forms a browser asks for."""

import os
import re

import pytest

LIMIT = 40 * 1000
HASHED = re.compile(r"\.[0-9a-f]{8}\.[a-z0-9]+$")


def named(page):
    """Every file of ours that a browser would fetch for it, each once."""
    found = [e.get("href") for e in page.all("link", href=True)
             if e.get("rel") in ("stylesheet", "icon", "manifest")]
    found += [e.get("src") for tag in ("script", "img")
              for e in page.all(tag, src=True)]
    found += [e.get("href").partition("#")[0]
              for e in page.all("use", href=True)]
    return [f for f in dict.fromkeys(found) if f.startswith("/")]


def weight(shopper, path):
    """Bytes of the body as they are sent."""
    answer = shopper.get(path, stream=True, headers={
        "Accept-Encoding": "gzip, deflate"})
    assert answer.status_code == 200, path
    return len(answer.raw.read(decode_content=False)), answer


@pytest.mark.skipif(os.environ.get("KEYSTALL_FRONT", "nginx") != "nginx",
                    reason="what a shared host compresses is its own affair")
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_first_visit_is_light(shop, lang):
    shopper = shop.shopper()
    shopper.get(f"/lang/{lang}")
    slug = shopper.products("/")[0]
    for path in ("/", f"/p/{slug}"):
        parts = {}
        parts[path], answer = weight(shopper, path)
        assert answer.headers["Content-Encoding"] == "gzip"
        files = named(shopper.page(path))
        assert len(files) >= 4, files
        for name in files:
            parts[name], answer = weight(shopper, name)
            if name.endswith((".css", ".js", ".svg")):
                assert HASHED.search(name), name
                assert "immutable" in answer.headers["Cache-Control"], name
                assert answer.headers.get("Content-Encoding") == "gzip" or \
                    parts[name] < 500, (name, parts[name])
        print(path, lang, sum(parts.values()), parts)
        assert sum(parts.values()) <= LIMIT, parts


def test_pages_that_many_see_are_compressed(shop):
    """Behind every web server we ship a configuration for."""
    for path in ("/", "/help", f"/p/{shop.shopper().products('/')[0]}",
                 "/search?q=a"):
        answer = shop.shopper().get(path)
        assert answer.headers.get("Content-Encoding") == "gzip", path
        assert "Accept-Encoding" in answer.headers["Vary"], path
        if shop.front_kind == "apache":
            again = shop.shopper().get(path, headers={
                "If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304, path
        plain = shop.shopper().get(path, headers={"Accept-Encoding": ""})
        assert "Content-Encoding" not in plain.headers, path


def test_pages_with_tokens_are_not_compressed(shop):
    """A length that depends on a secret and on what a request can choose can
    be made to tell the secret (BREACH)."""
    shopper = shop.shopper()
    shopper.checkout(slug=shopper.first_on_sale())
    pages = [shopper.last.url[len(shopper.base):], "/orders", "/admin/login"]
    for path in pages:
        answer = shopper.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, path
        assert 'name="csrf"' in answer.text or \
            'name="form_token"' in answer.text, path
        assert "Content-Encoding" not in answer.headers, path
