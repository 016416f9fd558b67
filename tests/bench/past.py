# SPDX-License-Identifier: Apache-2.0
"""A shop with a past: N sold cards and 2N old orders, in bulk, the same rows
whenever it is run (past.sql).

Each server is filled by itself with its binary log off, in the order of the
primary keys and without the other indexes, which are then made by sorting.
"""

import concurrent.futures
import contextlib
import os
import re
import shutil
import time

from market import Market
from procs import give, wait_until
from render import hdf, write_file
from stack import DB_NAME, DB_USER

HERE = os.path.dirname(os.path.realpath(__file__))
PIECE = 200 * 1000  # orders a transaction
FROM_US = 1735689600 * 10 ** 6  # 2025-01-01
YEAR_US = 365 * 86400 * 10 ** 6
ROOM_A_CARD = 8500  # bytes of disk, both servers and the sorting
CHECKED = "keystall_run"  # what is left of the shop without its past


class Past:
    """A market like the empty shop's, and its past."""

    def __init__(self, conns, cards, past_cards):
        self.n = 2 * past_cards
        self.market = Market(conns, cards, True)
        self.shop = self.market.shop
        with open(f"{HERE}/past.sql", encoding="ascii") as f:
            found = re.findall(r"(?ms)^-- (\w+), (every|even) k\n(.*?);\n",
                               f.read())
        self.tables = {name: (2 if which == "even" else 1, text)
                       for name, which, text in found}
        self.first = {}  # the id before the first one, by table

    def __enter__(self):
        try:
            have = shutil.disk_usage(self.shop.dir).free
            need = self.n // 2 * ROOM_A_CARD
            assert have > need, f"{self.shop.dir}: {need >> 20} MB needed " \
                f"for --large, {have >> 20} MB free (KEYSTALL_TEST_TMP)"
            self.market.start()
            self._fill()
        except BaseException:
            self.shop.stop()
            raise
        return self

    def __exit__(self, *exc):
        self.shop.stop()

    def verify(self):
        """The past has no events: what is looked at is a copy of all rows
        but those."""
        db, s = self.shop.primary, self.shop
        with contextlib.closing(db.connect(DB_NAME)) as conn, \
                conn.cursor() as cur:
            cur.execute("SET sql_log_bin = 0")
            cur.execute(f"CREATE DATABASE {CHECKED}")
            cur.execute("SELECT table_name AS t FROM "
                        "information_schema.tables WHERE table_schema = "
                        f"'{DB_NAME}' AND table_type = 'BASE TABLE'")
            for name in [row["t"] for row in cur.fetchall()]:
                cur.execute(f"CREATE TABLE {CHECKED}.{name} LIKE {name}")
                cur.execute(f"INSERT INTO {CHECKED}.{name} SELECT * FROM "
                            f"{name} WHERE {self._not_past(name)}")
            cur.execute(f"GRANT SELECT ON {CHECKED}.* TO "
                        f"{DB_USER}@localhost")
        path = f"{s.dir}/etc/checked.conf"
        write_file(path, hdf(dict(s.settings, db_name=CHECKED,
                                  replica_sockets="")))
        s.config = give(path)
        s.verify()

    def _not_past(self, table):
        if table not in self.tables:
            return "TRUE"
        a, (step, _) = self.first[table], self.tables[table]
        return f"id NOT BETWEEN {a + 1} AND {a + self.n // step}"

    # -- filling -----------------------------------------------------------

    def _fill(self):
        s = self.shop
        s.wait_outbox()
        s.jobs.stop()
        t0 = time.monotonic()
        for name in self.tables:
            self.first[name] = self._ids(name)
        s.replica.catch_up(120)
        s.replica.sql("STOP SLAVE SQL_THREAD")
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(self._fill_server, (s.primary, s.replica)))
        s.replica.sql("START SLAVE SQL_THREAD")
        s.replica.catch_up(120)
        s.jobs.start()
        size = s.value("SELECT SUM(data_length + index_length) FROM "
                       "information_schema.tables WHERE table_schema = "
                       f"'{DB_NAME}'")
        self.report = {"cards": self.n // 2, "orders": self.n,
                       "seconds": round(time.monotonic() - t0, 1),
                       "database_mb": int(size) >> 20}

    def _ids(self, table):
        """The last id before those of the past, which nobody else takes."""
        kind = {"card": "card", "orders": "order"}.get(table)
        if kind is None:
            return self.shop.value(
                f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        last = self.shop.value("SELECT next_id - 1 FROM id_block "
                               "WHERE name = %s", (kind,))
        self.shop.sql("UPDATE id_block SET next_id = next_id + %s "
                      "WHERE name = %s", (self.n, kind))
        return last

    def _fill_server(self, server):
        with _eager(server), \
                contextlib.closing(server.connect(DB_NAME)) as db, \
                db.cursor() as cur:
            cur.execute("SET sql_log_bin = 0")
            self._variables(cur)
            for table, (step, text) in self.tables.items():
                drop, add = _indexes(cur, table)
                cur.execute(f"ALTER TABLE {table} {drop}")
                for first in range(step, self.n + 1, PIECE):
                    last = min(first + PIECE - step, self.n)
                    cur.execute(text.replace(
                        "{k}", f"(SELECT seq AS k FROM seq_{first}_to_{last}"
                        f"_step_{step}) AS numbers"))
                cur.execute(f"ALTER TABLE {table} {add}")
                cur.execute(f"ANALYZE NO_WRITE_TO_BINLOG TABLE {table}")
                cur.fetchall()

    def _variables(self, cur):
        """Names of past.sql; the goods are all that are sold as cards."""
        known = dict(self.first, from_us=FROM_US, step_us=YEAR_US // self.n,
                     buyers=max(1, self.n // 4))
        for name, value in known.items():
            cur.execute(f"SET @{name} = {int(value)}")
        cur.execute("SET @channel = (SELECT MIN(id) FROM channel)")
        cur.execute("CREATE TEMPORARY TABLE past_goods (n INT NOT NULL "
                    "PRIMARY KEY) SELECT ROW_NUMBER() OVER (ORDER BY id) - 1 "
                    "AS n, id AS sku_id, product_id, code FROM sku "
                    "WHERE kind = 'card'")
        cur.execute("SET @goods = (SELECT COUNT(*) FROM past_goods)")


def _indexes(cur, table):
    """What ALTER TABLE says to drop all but the primary key, and to have
    them again."""
    cur.execute(f"SHOW CREATE TABLE {table}")
    text = cur.fetchone()["Create Table"]
    keys = re.findall(r"(?m)^\s+((?:UNIQUE )?KEY `(\w+)` \(.*?\)),?$", text)
    assert keys, text
    return (", ".join(f"DROP KEY `{name}`" for _, name in keys),
            ", ".join(f"ADD {key}" for key, _ in keys))


@contextlib.contextmanager
def _eager(server):
    """The server writes pages as fast as it can, and what was written is on
    the disk before anything is measured."""
    def put(name, value):
        server.sql(f"SET GLOBAL innodb_{name} = {value}")
    most = server.sql("SELECT @@innodb_io_capacity_max AS n")[0]["n"]
    put("io_capacity_max", 20000)
    put("io_capacity", 20000)
    yield
    put("max_dirty_pages_pct", 0)
    wait_until(lambda: int(server.sql(
        "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'"
        )[0]["Value"]) < 1000, 600, "clean pages", pause=0.5)
    put("max_dirty_pages_pct", "DEFAULT")
    put("io_capacity", "DEFAULT")
    put("io_capacity_max", most)
