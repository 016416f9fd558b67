# SPDX-License-Identifier: Apache-2.0
"""keystall-jobs as a process: it ends when asked, once means once, broken
settings change nothing, and a dead database is waited for."""

import os
import signal
import time

import pytest

from goods import free_cards, make_sku
from procs import wait_until
from stack import Stack


@pytest.fixture(scope="module")
def house():
    with Stack(settings={"order_ttl_s": 30}, replica=False,
               memcached=False) as shop:
        yield shop


@pytest.fixture
def quiet(house):
    """A shop whose job process rests, with short holds."""
    house.jobs.stop()
    return house


def log(shop):
    with open(shop.settings["log_file"], encoding="utf-8") as f:
        return f.read()


def once(shop):
    return shop.run("keystall-jobs", "-c", shop.config, "--once")


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        used = f.read().rsplit(")", 1)[1].split()[11:13]
    return sum(int(x) for x in used) / os.sysconf("SC_CLK_TCK")


def age(shop, seconds):
    shop.sql("UPDATE orders SET expires_us = expires_us - %s",
             (seconds * 1_000_000,))


def test_once_does_what_is_due(quiet):
    sku = make_sku(quiet, cards=3)
    buyer = quiet.shopper()
    buyer.order(sku=sku.id, qty=2)
    assert free_cards(quiet, sku) == 1
    done = once(quiet)
    assert done.returncode == 0, done.stderr
    assert free_cards(quiet, sku) == 1  # not due yet
    age(quiet, 60)
    assert once(quiet).returncode == 0
    assert free_cards(quiet, sku) == 3
    quiet.verify()


def test_two_at_once_do_it_once(quiet):
    sku = make_sku(quiet, cards=20)
    for _ in range(10):
        quiet.shopper().order(sku=sku.id, qty=2)
    age(quiet, 60)
    quiet.jobs.start()
    assert once(quiet).returncode == 0
    wait_until(lambda: free_cards(quiet, sku) == 20, 60)
    quiet.verify()


def test_ends_when_asked(quiet):
    for _ in range(5):
        quiet.jobs.start()
        time.sleep(0.3)
        assert quiet.jobs.stop() == 0  # and was not killed


def test_killed_and_started_again(quiet):
    sku = make_sku(quiet, cards=4)
    quiet.shopper().order(sku=sku.id, qty=4)
    age(quiet, 60)
    for _ in range(4):
        quiet.jobs.start()
        time.sleep(0.05)
        quiet.jobs.kill()
    quiet.jobs.start()
    wait_until(lambda: free_cards(quiet, sku) == 4, 60)
    quiet.verify()


def test_broken_settings_change_nothing(quiet):
    started = '"ev":"started","prog":"jobs"'
    before = log(quiet).count(started)
    quiet.jobs.start()
    wait_until(lambda: log(quiet).count(started) > before, 60)
    with open(quiet.config, "a", encoding="utf-8") as f:
        f.write("no_such_setting = 1\n")
    quiet.jobs.signal(signal.SIGHUP)
    wait_until(lambda: "reload_refused" in log(quiet), 60)
    assert quiet.jobs.alive()
    quiet.reload()  # writes good ones
    wait_until(lambda: '"ev":"reloaded","prog":"jobs"' in log(quiet), 60)
    sku = make_sku(quiet, cards=1)
    quiet.shopper().order(sku=sku.id)
    age(quiet, 60)
    wait_until(lambda: free_cards(quiet, sku) == 1, 60)


def test_waits_for_a_dead_database(quiet):
    sku = make_sku(quiet, cards=1)
    quiet.shopper().order(sku=sku.id)
    age(quiet, 60)
    quiet.primary.stop()
    quiet.jobs.start()
    used = cpu_s(quiet.jobs.pid)
    time.sleep(3)
    assert quiet.jobs.alive()
    # it waits, it does not spin
    assert cpu_s(quiet.jobs.pid) - used < 0.5
    assert once(quiet).returncode == 1
    quiet.primary.start()
    wait_until(lambda: free_cards(quiet, sku) == 1, 60)
    quiet.verify()
