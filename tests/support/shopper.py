# SPDX-License-Identifier: Apache-2.0
"""A buyer with a browser that runs no scripts: follows links, fills in forms,
keeps cookies.  What it cannot find on the page, a person could not either."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link",
        "meta", "source", "track", "wbr"}


class Element:
    def __init__(self, tag, attrs, parent):
        self.tag, self.attrs, self.parent = tag, dict(attrs), parent
        self.children, self.parts = [], []

    def get(self, name, default=None):
        return self.attrs.get(name, default)

    @property
    def text(self):
        """All text inside, white space as written."""
        return "".join(p if isinstance(p, str) else p.text
                       for p in self.parts)

    def walk(self):
        for child in self.children:
            yield child
            yield from child.walk()

    def all(self, tag=None, **attrs):
        """Descendants by tag and attributes: data_card=True is "has
        data-card", name="sku" is equal."""
        for e in self.walk():
            if tag is not None and e.tag != tag:
                continue
            for name, want in attrs.items():
                got = e.attrs.get(name.rstrip("_").replace("_", "-"), False)
                if got is False or (want is not True and got != want):
                    break
            else:
                yield e

    def one(self, tag=None, **attrs):
        return next(self.all(tag, **attrs), None)


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {}, None)

    def handle_starttag(self, tag, attrs):
        e = Element(tag, attrs, self.here)
        self.here.children.append(e)
        self.here.parts.append(e)
        if tag not in VOID:
            self.here = e

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        e = self.here
        while e.parent is not None and e.tag != tag:
            e = e.parent
        if e.parent is not None:
            self.here = e.parent

    def handle_data(self, data):
        self.here.parts.append(data)


def parse(html):
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


class Form:
    """A form as a browser would send it: its fields with their values."""

    def __init__(self, element, base):
        self.action = urljoin(base, element.get("action") or base)
        self.method = (element.get("method") or "get").lower()
        self.fields, self.names = {}, set()
        for e in element.walk():
            name = e.get("name")
            if not name or "disabled" in e.attrs:
                continue
            self.names.add(name)
            kind = (e.get("type") or "text").lower()
            if e.tag == "input" and kind in ("checkbox", "radio"):
                if "checked" in e.attrs:
                    self.fields[name] = e.get("value", "on")
            elif e.tag == "input" and kind not in ("submit", "button",
                                                   "image", "file", "reset"):
                self.fields[name] = e.get("value") or ""
            elif e.tag == "textarea":
                self.fields[name] = e.text
            elif e.tag == "select":
                options = list(e.all("option"))
                chosen = [o for o in options if "selected" in o.attrs]
                for o in (chosen or options)[:1]:
                    self.fields[name] = o.get("value", o.text)


class Shopper:
    def __init__(self, shop, address=None):
        self.shop, self.base = shop, shop.url
        self.session = requests.Session()
        self.session.trust_env = False
        if address:  # another loopback address is another visitor
            self.session.mount("http://", _From(address))
        self.last = None

    def request(self, method, path, follow=True, **options):
        options.setdefault("timeout", 60)
        url = self.base + path if path.startswith("/") else path
        self.last = self.session.request(
            method, url, allow_redirects=follow, **options)
        return self.last

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, data=None, **options):
        return self.request("POST", path, data=data, **options)

    def status(self, path):
        return self.get(path).status_code

    def page(self, path=None, **options):
        """The parsed page at path, or the last one read."""
        return parse(self.get(path, **options).text if path
                     else self.last.text)

    def form(self, action=None, method=None):
        """The form of the last page whose action has this path."""
        for e in parse(self.last.text).all("form"):
            form = Form(e, self.last.url)
            if (action is None or urlsplit(form.action).path == action) and \
                    (method is None or form.method == method):
                return form
        raise AssertionError(f"{self.last.url} ({self.last.status_code}) has "
                             f"no form for {action}:\n{self.last.text[:2000]}")

    def submit(self, form, follow=True, **fields):
        values = {**form.fields, **fields}
        if form.method == "get":
            return self.get(form.action, params=values, follow=follow)
        return self.post(form.action, values, follow=follow)

    def products(self, path="/"):
        """The slugs of the products a page links to, each once."""
        links = (e.get("href") for e in self.page(path).all("a", href=True))
        found = (re.fullmatch(r"/p/([a-z0-9-]+)", link) for link in links)
        return list(dict.fromkeys(m.group(1) for m in found if m))

    def first_on_sale(self, path="/"):
        """A product of that page which can be bought right now, of the kind
        that is delivered by itself and asks for nothing special."""
        for slug in self.products(path):
            self.get(f"/p/{slug}")
            try:
                self.submit(self.form("/checkout", "get"))
            except AssertionError:
                continue
            if self.last.status_code == 200 and not [
                    n for n in self.form("/order", "post").names
                    if n.startswith("input_")]:
                return slug
        raise AssertionError(f"{path}: nothing is on sale")

    # -- a purchase --------------------------------------------------------

    def checkout(self, slug=None, sku=None, qty=1):
        """To the checkout page, from the product page or straight."""
        if slug:
            self.get(f"/p/{slug}")
            assert self.last.status_code == 200, self.last.text[:500]
            fields = {"qty": str(qty)}
            if sku:
                fields["sku"] = str(sku)
            self.submit(self.form("/checkout", "get"), **fields)
        else:
            self.get("/checkout", params={"sku": sku, "qty": qty})
        return self.last

    def order(self, slug=None, sku=None, qty=1, contact="buyer@example.test",
              password="secret-1234", check=True, **fields):
        """Checkout, fill in, send; the order number, or the answer if
        check=False."""
        answer = self.checkout(slug, sku, qty)
        if check:
            assert answer.status_code == 200, answer.text[:2000]
        elif answer.status_code != 200 or 'action="/order"' not in answer.text:
            return answer
        form = self.form("/order", "post")
        if "lookup_password" in form.names:
            fields.setdefault("lookup_password", password)
        answer = self.submit(form, follow=False, contact=contact, **fields)
        if not check:
            return answer
        assert answer.status_code == 303, \
            f"{answer.status_code}\n{answer.text[:2000]}"
        return order_no(answer)

    def pay(self, no, **options):
        """Look at the pay page, then pay at the gateway."""
        page = self.page(f"/o/{no}/pay")
        way = page.one(data_pay=True)
        assert way is not None, self.last.text[:2000]
        self._open_gateway(way)
        return self.shop.pay(no, **options)

    def _open_gateway(self, way):
        """Follow the link or form, as the gateway learns of the order so."""
        if way.tag == "a":
            self.get(way.get("href"))
        else:
            form = way if way.tag == "form" else _form_of(way)
            if form is None:
                return
            self.submit(Form(form, self.last.url))

    def cards(self, no):
        """The card texts on the order page."""
        page = self.page(f"/o/{no}")
        return [e.text.strip() for e in page.all(data_card=True)]

    def state(self, no):
        return self.get(f"/o/{no}/status.json").json()

    def buy(self, **options):
        """Order and pay; the number and the cards."""
        no = self.order(**options)
        self.pay(no)
        return no, self.cards(no)

    # -- the panel ---------------------------------------------------------

    def login(self, username, password, **fields):
        self.get("/admin/login")
        return self.submit(self.form("/admin/login", "post"), username=username,
                           password=password, **fields)


def order_no(answer):
    where = urlsplit(answer.headers["Location"]).path
    found = re.fullmatch(r"/o/([0-9A-Za-z]+)/pay", where)
    assert found, where
    return found.group(1)


def _form_of(element):
    while element is not None and element.tag != "form":
        element = element.parent
    return element


class _From(requests.adapters.HTTPAdapter):
    """Connect from another address of the loopback network."""

    def __init__(self, address):
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, source_address=(self._address, 0),
                                 **options)
