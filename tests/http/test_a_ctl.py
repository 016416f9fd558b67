# SPDX-License-Identifier: Apache-2.0
"""keystallctl: every command in its good and its bad cases.  What is wrong is
one line on standard error and a status that is not 0."""

import json
import os
import re
import signal
import stat
import subprocess

import pytest

from goods import free_cards, make_sku
from procs import privileges, wait_until
from stack import Stack


@pytest.fixture(scope="module")
def house():
    with Stack(replica=False, memcached=False) as shop:
        yield shop


def fails(done, *words, lines=1):
    assert done.returncode not in (0, 64), done
    assert len(done.stderr.strip().splitlines()) <= lines, done.stderr
    for word in words:
        assert word in done.stderr, done.stderr
    return done


def test_usage(house):
    for args in ((), ("nonsense",), ("admin",), ("cards", "import"),
                 ("channel", "set", "x"), ("migrate", "now"), ("key",),
                 ("verify", "--anchor"), ("key", "reseal", "--batch", "0"), ("key", "retire", "x"),
                 ("key", "reseal", "--pause"), ("key", "retire")):
        done = house.ctl(*args, check=False)
        assert done.returncode == 64, args
        assert "usage: keystallctl" in done.stderr
    assert house.ctl("help").startswith("usage: keystallctl")
    done = house.run("keystallctl", "--nonsense")
    assert done.returncode == 64 and "--nonsense" in done.stderr


def test_version_needs_no_settings(house):
    done = house.run("keystallctl", "version", "--build")
    assert re.match(r"keystall \d+\.\d+", done.stdout)
    done = house.run("keystallctl", "settings", "--example")
    assert "db_password" in done.stdout and done.returncode == 0


def test_missing_and_broken_settings(house):
    fails(house.run("keystallctl", "-c", "/nonexistent", "check-config"),
          "/nonexistent")
    path = f"{house.dir}/etc/broken.conf"
    with open(path, "w", encoding="utf-8") as f:
        f.write("workers = many\n")
    os.chmod(path, 0o644)
    fails(house.run("keystallctl", "-c", path, "check-config"),
          f"{path}:1", "workers")


def test_settings_print_no_secret(house):
    text = house.ctl("settings")
    assert "db_password = (set)" in text
    for secret in (house.password, house.admin_password):
        assert secret not in text


def test_check_config(house):
    assert house.ctl("check-config") == "ok\n"
    path = f"{house.dir}/etc/no-templates.conf"
    with open(house.config, encoding="utf-8") as f:
        text = re.sub(r"^templates_dir = .*$",
                      f"templates_dir = {house.dir}/tmp", f.read(),
                      flags=re.M)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, 0o644)
    done = house.run("keystallctl", "-c", path, "check-config")
    assert done.returncode != 0 and done.stderr


def test_migrate_twice(house):
    assert "nothing to do" in house.ctl("migrate")
    assert "nothing to do" in house.ctl("migrate", "--status")


def test_verify(house):
    lines = house.ctl("verify").splitlines()
    assert "I1 ok" in lines and all(x.endswith(" ok") for x in lines)
    found = json.loads(house.ctl("verify", "--json"))
    assert found[0]["id"] == "I1" and found[0]["state"] == "ok"


def test_verify_finds_what_is_wrong(house):
    sku = make_sku(house, cards=1)
    house.sql("UPDATE card SET state = 'sold' WHERE sku_id = %s", (sku.id,))
    try:
        done = house.ctl("verify", check=False)
        assert done.returncode == 1
        assert re.search(r"^I2 VIOLATED 1$", done.stdout, re.M), done.stdout
        found = json.loads(house.ctl("verify", "--json", check=False).stdout)
        assert any(x["state"] == "violated" for x in found)
    finally:
        house.sql("UPDATE card SET state = 'free' WHERE sku_id = %s",
                  (sku.id,))
    house.verify()


def test_anchor_of_the_audit_log(house):
    """Rows and head set back together: only what was kept elsewhere tells."""
    anchor = f"{house.dir}/tmp/anchor"

    def kept():
        with open(anchor, encoding="ascii") as f:
            return f.read()

    def check(*more):
        return house.ctl("verify", "--anchor", anchor, *more, check=False)

    assert check().returncode == 0
    first = kept()
    assert re.fullmatch(r"audit \d+ [0-9a-f]{64}\n", first)
    house.ctl("admin", "create", "vera", stdin="a long password 1\n")
    assert check().returncode == 0
    seq = int(kept().split()[1])
    assert seq == int(first.split()[1]) + 1
    second = kept()
    gone = house.sql("SELECT * FROM audit_log WHERE seq = %s", (seq,))[0]
    head = house.sql("SELECT seq, hash FROM audit_head")[0]
    try:
        house.sql("DELETE FROM audit_log WHERE seq = %s", (seq,))
        house.sql("UPDATE audit_head SET seq = %s, hash = %s",
                  (seq - 1, bytes.fromhex(first.split()[2])))
        assert "I12 ok" in house.ctl("verify").splitlines()
        done = check()
        assert done.returncode == 1 and "I12 VIOLATED 1\n" in done.stdout
        assert f"audit row {seq}" in done.stderr
        assert kept() == second  # not moved to what is wrong
        assert any(x["id"] == "I12" and x["state"] == "violated"
                   for x in json.loads(check("--json").stdout))
    finally:
        house.sql(f"INSERT INTO audit_log ({', '.join(gone)}) VALUES "
                  f"({', '.join(['%s'] * len(gone))})", tuple(gone.values()))
        house.sql("UPDATE audit_head SET seq = %s, hash = %s",
                  (head["seq"], head["hash"]))
    assert check().returncode == 0
    for text in ("", "audit 1\n", second + second, "audit x" + second[7:]):
        with open(anchor, "w", encoding="ascii") as f:
            f.write(text)
        fails(check(), "not an anchor")
        assert kept() == text
    done = house.ctl("verify", "--anchor", "/nonexistent/anchor", check=False)
    fails(done, "/nonexistent/anchor")


def test_key_file(house):
    path = f"{house.dir}/etc/other-keys"
    conf = f"{house.dir}/etc/other.conf"
    with open(house.config, encoding="utf-8") as f:
        text = re.sub(r"^key_file = .*$", f"key_file = {path}", f.read(),
                      flags=re.M)
    with open(conf, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(conf, 0o644)

    def key(*args):
        return house.run("keystallctl", "-c", conf, "key", *args)

    assert key("create").returncode == 0
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    with open(path, "rb") as f:
        before = f.read()
    fails(key("create"), path)  # never over an old one
    with open(path, "rb") as f:
        assert f.read() == before
    assert key("add-card").returncode == 0
    with open(path, "rb") as f:
        after = f.read()
    assert after.count(b"card ") == 2 and before in after or \
        after.startswith(before.splitlines()[0])
    os.chmod(path, 0o644)
    fails(house.run("keystallctl", "-c", conf, "check-config"), "chmod 600")


def card_keys(house):
    with open(house.settings["key_file"], encoding="ascii") as f:
        return dict(line.split()[1:] for line in f if line.startswith("card"))


def under(house, key):
    return house.value("SELECT COUNT(*) FROM card WHERE key_id = %s", (key,))


def reseal(house, *options):
    return subprocess.Popen(
        privileges() + [f"{house.bin_dir}/keystallctl", "-c", house.config,
                        "key", "reseal", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/")


def killed_in_its_transaction(house, card):
    """kill -9 while it waits for one card and has changed those before."""
    def transactions(more=""):
        return house.value("SELECT COUNT(*) FROM information_schema.innodb_trx"
                           + more)

    # the server shows the same for as long as it is asked every 100 ms
    pause = 0.15
    link = house.primary.connect("keystall")
    try:
        link.begin()
        with link.cursor() as c:
            c.execute("SELECT id FROM card WHERE id = %s FOR UPDATE", (card,))
        run = reseal(house)
        wait_until(lambda: transactions(" WHERE trx_state = 'LOCK WAIT'"),
                   what="it waits", pause=pause)
        run.kill()
        run.communicate()
    finally:
        link.rollback()
        link.close()
    wait_until(lambda: transactions() == 0, what="it is undone", pause=pause)


def holders(folder, *needles):
    """The files in which one of these bytes stands."""
    found = []
    for where, _, names in os.walk(folder):
        for path in (os.path.join(where, name) for name in names):
            if stat.S_ISREG(os.lstat(path).st_mode):
                with open(path, "rb") as f:
                    text = f.read()
                found += [path for n in needles if n in text]
    return found


def test_change_of_the_card_key(house):
    """While the shop is open: from add-card to retire, with a run that is
    killed, one that is stopped, and sales between."""
    sku = make_sku(house, cards=8)
    buyer = house.shopper()
    no, card = buyer.buy(sku=sku.id)
    held = buyer.order(sku=sku.id)
    fails(house.ctl("key", "retire", "1", check=False), "newest")
    fails(house.ctl("key", "retire", "7", check=False), "no card key 7")
    house.ctl("key", "add-card")
    old = card_keys(house)["1"]
    everything = under(house, 1)
    fails(house.ctl("key", "retire", "1", check=False),
          f"{everything} cards", "reseal")

    killed_in_its_transaction(house, house.value(
        "SELECT MAX(id) FROM card WHERE state = 'held'"))
    assert under(house, 1) == everything  # no half of it
    run = reseal(house, "--batch", "1", "--pause", "60000")
    try:
        wait_until(lambda: under(house, 2) == 1, what="the first card")
        sold = [buyer.buy(sku=sku.id)]
        run.send_signal(signal.SIGTERM)
        out, err = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == 1 and "stopped" in err, err
    assert "resealed 1\n" in out and under(house, 1) == everything - 1
    fails(house.ctl("key", "retire", "1", check=False),
          f"{everything - 1} cards")
    done = house.ctl("key", "reseal", "--pause", "0")
    assert f"resealed {everything - 1}\nmoved 0\nbroken 0\nleft 0\n" in done

    # workers that began under the old key
    buyer.pay(held)
    sold += [(no, card), (held, buyer.cards(held)), buyer.buy(sku=sku.id)]
    got = [c for _, cards in sold for c in cards]
    assert len(got) == len(set(got)) == 4 and set(got) <= set(sku.texts)
    house.ctl("key", "retire", "1")
    assert list(card_keys(house)) == ["2"]
    mode = os.stat(house.settings["key_file"]).st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert holders(house.dir, card_keys(house)["2"].encode()) == \
        [house.settings["key_file"]]
    assert not holders(house.dir, old.encode(), bytes.fromhex(old))
    house.restart()
    for order, cards in sold:
        assert buyer.cards(order) == cards and len(cards) == 1
    assert [r["action"] for r in house.sql(
        "SELECT action FROM audit_log WHERE action LIKE 'key.%' "
        "ORDER BY seq")] == ["key.reseal"] + \
        ["key.reseal", "key.resealed"] * 2 + ["key.retire"]
    house.verify()


def test_admin(house):
    house.ctl("admin", "create", "anna", stdin="a long password 1\n")
    fails(house.ctl("admin", "create", "anna", stdin="a long password 2\n",
                    check=False), "anna")
    fails(house.ctl("admin", "create", "bert", stdin="short\n", check=False))
    fails(house.ctl("admin", "reset-password", "nobody",
                    stdin="a long password 1\n", check=False), "nobody")
    # nothing on standard input: a password is made, shown once
    made = house.ctl("admin", "reset-password", "anna").strip()
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", made)
    who = house.shopper()
    who.get("/admin/login")
    done = who.submit(who.form("/admin/login", "post"), follow=False,
                      username="anna", password=made)
    assert done.status_code == 303
    house.ctl("admin", "reset-2fa", "anna")


def channel(house, text, name="shop-two"):
    path = f"{house.dir}/etc/channel.hdf"
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, 0o644)
    return house.ctl("channel", "set", name, path, check=False)


def test_channel(house):
    with open(house.paysim.channel_file("epay"), encoding="utf-8") as f:
        good = f.read()
    secret = re.search(r"^key = (.+)$", good, re.M).group(1)
    done = channel(house, good + "title = Second\nfee_permyriad = 60\n"
                   "fee_payer = buyer\nsort = 9\n")
    assert done.returncode == 0, done.stderr
    listed = house.ctl("channel", "list")
    assert re.search(r"^shop-two +epay +on +usable Second$", listed, re.M)
    assert secret not in listed
    assert "shop-two" in house.ctl("channel", "test", "shop-two")
    # what is left out stays
    assert channel(house, "state = off\n").returncode == 0
    assert re.search(r"^shop-two +epay +off", house.ctl("channel", "list"),
                     re.M)
    row = house.sql("SELECT fee_permyriad, fee_payer, title FROM channel "
                    "WHERE name = 'shop-two'")[0]
    assert list(row.values()) == [60, "buyer", "Second"]
    for bad, word in (("fee_permyriad = -1\n", "fee_permyriad"),
                      ("state = maybe\n", "state"),
                      ("nonsense = 1\n", "nonsense"),
                      ("key = \n x", ""), ("base_url = javascript:x\n",
                                           "base_url")):
        done = channel(house, bad)
        fails(done, word)
        assert secret not in done.stdout + done.stderr
    fails(channel(house, good.replace("epay", "nosuch"), "third"))
    fails(channel(house, "title = No gateway\n", "third"))
    fails(house.ctl("channel", "test", "nobody", check=False), "nobody")
    fails(house.ctl("channel", "set", "x", "/nonexistent", check=False),
          "/nonexistent")


def test_cards_from_standard_input(house):
    sku = make_sku(house, cards=0)
    out = house.ctl("cards", "import", "--sku", sku.code, "--batch", "first",
                    "-", stdin="AAAA-1\nAAAA-2\n\nAAAA-1\n")
    counts = dict(line.rsplit(" ", 1) for line in out.splitlines())
    assert counts["added"] == "2" and counts["blank"] == "1"
    assert counts["duplicate in file"] == "1"
    assert free_cards(house, sku) == 2
    fails(house.ctl("cards", "import", "--sku", "NO-SUCH", "-", stdin="x\n",
                    check=False), "NO-SUCH")
    fails(house.ctl("cards", "import", "--sku", sku.code, "/nonexistent",
                    check=False), "/nonexistent")


def test_doctor(house):
    done = house.ctl("doctor", check=False)
    lines = done.stdout.splitlines()
    assert all(re.match(r"(ok  |note|WARN|BAD ) \w+ +\S", x) for x in lines)
    assert any("HTTPS" in x for x in lines)
    for secret in (house.password, house.admin_password):
        assert secret not in done.stdout
    house.sql("CREATE TABLE odd (a INT) ENGINE=MyISAM")
    try:
        done = house.ctl("doctor", check=False)
        assert done.returncode == 1 and "odd is not InnoDB" in done.stdout
    finally:
        house.sql("DROP TABLE odd")
    house.primary.stop()
    done = house.ctl("doctor", check=False)
    house.primary.start()
    assert done.returncode == 1
    assert "the primary does not answer" in done.stdout


def test_dead_database(house):
    house.primary.stop()
    try:
        for args in (("migrate",), ("verify",), ("channel", "list"),
                     ("admin", "create", "carl")):
            done = house.ctl(*args, check=False, stdin="a long password\n")
            assert done.returncode not in (0, 64), args
            assert done.stderr
    finally:
        house.primary.start()
