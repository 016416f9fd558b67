-- SPDX-License-Identifier: Apache-2.0
-- What exists, for the filter of shop/known.c.  Each reads an index alone or a
-- short stretch of one, and the primary: what is there is never missed.

-- :known_slugs (u64 merchant, u64 merchant_again, u64 n)
--   -> rows(u64 category, str slug) primary
SELECT 0, slug FROM product WHERE merchant_id = ?
 UNION ALL
SELECT 1, slug FROM category WHERE merchant_id = ?
 LIMIT ?;

-- :known_orders (str after, u64 n) -> rows(str no) primary
SELECT no FROM orders WHERE no > ? ORDER BY no LIMIT ?;

-- :known_orders_new (u64 merchant, i64 since_us, u64 n)
--   -> rows(str no, i64 created_us) primary
SELECT no, created_us FROM orders
 WHERE merchant_id = ? AND created_us >= ?
 ORDER BY created_us LIMIT ?;
