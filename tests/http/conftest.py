# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the HTTP tests.

`shop`   one demo shop for the whole run: look, buy, but break nothing
`stack`  a factory: an own shop with own settings, to stop and kill parts of
"""

import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

from stack import Stack  # noqa: E402  (needs the path above)
from worlds import Worlds  # noqa: E402


@pytest.fixture(scope="session")
def demo():
    """The shop behind `shop`, with the demo's goods and a login."""
    with Stack().start(seed=True) as shop:
        shop.owner = shop.admin_create()
        if shop.replica:
            shop.replica.catch_up()
        yield shop


@pytest.fixture
def shop(demo):
    """The common shop; every test leaves it with its invariants intact."""
    yield demo
    demo.verify()


@pytest.fixture
def stack():
    """stack(order_ttl_s=30) or stack(settings={...}, workers=4)."""
    made = []

    def make(settings=None, seed=False, **options):
        own = {k: options.pop(k) for k in list(options)
               if k not in ("front", "workers", "replica", "memcached",
                            "front_values")}
        one = Stack(settings={**(settings or {}), **own}, **options)
        made.append(one)
        return one.start(seed)

    yield make
    for one in made:
        one.stop()


@pytest.fixture(scope="session")
def worlds():
    """A shop in yuan and one in dollars, with every gateway's channel."""
    made = Worlds()
    yield made
    made.end()


@pytest.fixture
def shopper(shop):
    return shop.shopper()
