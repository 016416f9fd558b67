# SPDX-License-Identifier: Apache-2.0
"""The line of a sale: in the order of arrival, with the place shown, without
JavaScript, and nothing is stored for those who wait."""

import concurrent.futures
import socket
import time

import pytest

from goods import make_sku
from procs import wait_until

HOUR = 3600 * 10**6


@pytest.fixture(scope="module")
def sale():
    from stack import Stack
    with Stack(settings={"queue_rate": 2, "rate_turn": 60},
               replica=False).start() as one:
        yield one
        one.verify()


def sale_sku(shop, cards):
    sku = make_sku(shop, cards=cards)
    shop.sql("UPDATE sku SET sale_until_us = %s WHERE id = %s",
             (int(time.time() * 1e6) + HOUR, sku.id))
    # whoever reads the goods first makes the line known
    assert shop.shopper().checkout(sku=sku.id).status_code == 200
    return sku


def come(shop, sku, enough):
    """People come until so many of them wait: two a second are let in
    meanwhile, however slow this machine is."""
    people, places = [], []
    while sum(w is not None for w in places) < enough:
        people.append(shop.shopper())
        people[-1].checkout(sku=sku.id)
        places.append(waiting(people[-1]))
        assert len(people) < 500, "nobody has to wait"
    return people, places


def waiting(buyer):
    """(number, place) on the page of the line, or None: let in."""
    page = buyer.page()
    number = page.one(data_number=True)
    if number is None:
        assert page.one("form", action="/order") is not None
        return None
    assert 1 <= int(buyer.last.headers["Refresh"]) <= 20
    return int(number.text), int(page.one(data_place=True).text)


def test_in_the_order_of_arrival(sale):
    if not sale.pools:
        pytest.skip("mod_fcgid's processes have a line each")
    sku = sale_sku(sale, 20)
    people, first = come(sale, sku, 8)
    line = [(i, w) for i, w in enumerate(first) if w]
    numbers = [w[0] for _, w in line]
    assert numbers == sorted(set(numbers))
    places = [w[1] for _, w in line]
    assert all(a <= b for a, b in zip(places, places[1:])), places
    let_in, seen = [], dict(line)

    def ask_all():
        # the last comers first: asking sooner wins nothing
        for i in sorted(seen, reverse=True):
            people[i].checkout(sku=sku.id)
            now = waiting(people[i])
            if now is None:
                let_in.append((seen.pop(i)[0], i))
                continue
            assert now[0] == seen[i][0], "the number is kept"
            assert now[1] <= seen[i][1], "the place only gets better"
        if let_in and seen:
            assert max(n for n, _ in let_in) < min(
                w[0] for w in seen.values()), "somebody was overtaken"
        return not seen
    wait_until(ask_all, 90, "everybody is let in", pause=0.05)
    assert sorted(n for n, _ in let_in) == numbers
    for _, i in let_in[:2]:
        people[i].order(sku=sku.id, contact=f"line{i}@example.test")


def test_a_place_is_nobody_elses(sale):
    if not sale.pools:
        pytest.skip("mod_fcgid is the process manager there")
    sku = sale_sku(sale, 5)
    people, places = come(sale, sku, 6)
    ahead, mine, thief = people[-1], places[-1], sale.shopper()
    assert mine is not None
    thief.get("/orders")  # he has a visitor's cookie of his own
    for c in ahead.session.cookies:
        if "ks_t" in c.name:
            thief.session.cookies.set(c.name, c.value, domain=c.domain,
                                      path=c.path)
    thief.checkout(sku=sku.id)
    got = waiting(thief)
    assert got is None or got[0] > mine[0]
    # nor is a number one can write
    forger = sale.shopper()
    forger.get("/orders")
    for i in range(4):
        forger.session.cookies.set(f"ks_t{i}", "1.1.AAAAAAAAAAAAAAAAAAAAAA")
    forger.checkout(sku=sku.id)
    got = waiting(forger)
    assert got is None or got[0] > mine[0]


def test_a_form_waits_with_all_that_was_typed(sale):
    if not sale.pools:
        pytest.skip("mod_fcgid is the process manager there")
    sku = make_sku(sale, cards=3)
    buyer = sale.shopper()
    buyer.checkout(sku=sku.id)
    form = buyer.form("/order", "post")
    form.fields.update(contact="form@example.test", lookup_password='"<&>')
    # the sale is set up while he types
    sale.sql("UPDATE sku SET sale_until_us = %s WHERE id = %s",
             (int(time.time() * 1e6) + HOUR, sku.id))
    come(sale, sku, 10)
    answer = buyer.submit(form, follow=False)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    again = buyer.form("/order", "post")
    assert again.fields == {k: v for k, v in form.fields.items()}
    wait_until(lambda: buyer.submit(again, follow=False).status_code == 303,
               60, "his turn")
    no = buyer.last.headers["Location"].split("/")[2]
    # sent twice, it is the same order, and no new turn is needed
    assert buyer.submit(again, follow=False).headers["Location"] == \
        f"/o/{no}/pay"


def test_a_script_cannot_make_the_line_endless(sale):
    if not sale.pools:
        pytest.skip("mod_fcgid is the process manager there")
    sku = sale_sku(sale, 5)
    codes, began = [], time.monotonic()
    while codes.count(429) < 20:  # each without cookies, each a new number
        one = sale.shopper(address="127.0.0.9")
        codes.append(one.checkout(sku=sku.id).status_code)
        assert len(codes) < 500, "it would be endless"
    assert set(codes) == {200, 429}
    # sixty a minute, and what has come since
    assert codes.count(200) <= 62 + time.monotonic() - began
    other = sale.shopper(address="127.0.0.10")
    assert other.checkout(sku=sku.id).status_code == 200


@pytest.mark.parametrize("trouble", ["none", "flushed", "frozen"])
def test_as_many_orders_as_cards(sale, trouble):
    """Tickets in memcached spare work; the rows decide, with it or without."""
    if not sale.pools:
        pytest.skip("the line is not shared there")
    sale.reload(queue_rate=5000, rate_turn=0)
    wait_until(lambda: _let_in(sale), 60, "no line")
    sku = sale_sku(sale, 6)
    buyers = []
    for i in range(24):
        one = sale.shopper()
        one.checkout(sku=sku.id)
        form = one.form("/order", "post")
        form.fields.update(contact=f"t{trouble}{i}@example.test")
        buyers.append((one, form))
    if trouble == "frozen":
        sale.memcached.pause()
    try:
        def buy(buyer):
            one, form = buyer
            codes = []
            while True:  # "a moment": the same form again, as the page does
                codes.append(one.submit(form, follow=False).status_code)
                if codes[-1] != 429:
                    return codes[-1]
                if trouble == "flushed":
                    flush(sale)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            got = list(pool.map(buy, buyers))
    finally:
        if trouble == "frozen":
            sale.memcached.resume()
    assert got.count(303) == 6, got
    assert set(got) <= {303, 409}, got


def test_tickets_are_counted_from_the_rows(sale):
    """Nobody waits while there are cards: the counter knows how many."""
    if not sale.pools:
        pytest.skip("mod_fcgid is the process manager there")
    sale.reload(queue_rate=5000, rate_turn=0)
    wait_until(lambda: _let_in(sale), 60, "no line")
    sku = sale_sku(sale, 30)
    for i in range(30):
        one = sale.shopper()
        one.order(sku=sku.id, contact=f"count{i}@example.test")


def _let_in(shop):
    sku = sale_sku(shop, 1)
    people = [shop.shopper() for _ in range(8)]
    for one in people:
        one.checkout(sku=sku.id)
    return all(waiting(one) is None for one in people)


def flush(shop):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(10)
        s.connect(shop.settings["memcached"])
        s.sendall(b"flush_all\r\n")
        assert s.recv(64).startswith(b"OK")
