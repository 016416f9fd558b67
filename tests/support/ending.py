# SPDX-License-Identifier: Apache-2.0
"""Unpaid orders that are nearly over."""


def left(shop, no, seconds):
    """The same order, earlier placed, with so much time left."""
    shop.sql("UPDATE orders o JOIN card c ON c.order_id = o.id "
             "JOIN payment p ON p.order_id = o.id CROSS JOIN (SELECT "
             "o.expires_us - CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)"
             " - %s AS us FROM orders o WHERE o.no = %s) x SET "
             "o.created_us = o.created_us - x.us, "
             "o.expires_us = o.expires_us - x.us, "
             "c.hold_until_us = c.hold_until_us - x.us, "
             "p.ends_us = IF(p.ends_us = 0, 0, p.ends_us - x.us) "
             "WHERE o.no = %s", (seconds * 10**6, no, no))
