-- SPDX-License-Identifier: Apache-2.0
-- The line of paid orders that wait for stock: by SKU, in the order of
-- payment.

-- :shortage_enter (u64 order) -> affected primary
INSERT INTO shortage (order_id, sku_id, merchant_id, paid_us)
SELECT o.id, i.sku_id, o.merchant_id, o.paid_us
  FROM orders o JOIN order_item i ON i.order_id = o.id
 WHERE o.id = ? AND o.state = 'short';

-- :shortage_leave (u64 order) -> affected primary
DELETE FROM shortage WHERE order_id = ?;

-- :shortage_line (u64 sku, u32 n) -> rows(str no) primary
SELECT o.no FROM shortage q JOIN orders o ON o.id = q.order_id
 WHERE q.sku_id = ? ORDER BY q.paid_us, q.order_id LIMIT ?;

-- :shortage_place (u64 order) -> row(u64 n) primary
-- How many of the same SKU are served up to this order, itself included; 0
-- when it does not wait.
SELECT COUNT(*) FROM shortage me JOIN shortage q ON q.sku_id = me.sku_id
   AND (q.paid_us < me.paid_us
     OR (q.paid_us = me.paid_us AND q.order_id <= me.order_id))
 WHERE me.order_id = ?;

-- :shortage_fillable (u64 merchant, u32 n) -> rows(u64 sku) primary
-- SKUs that somebody waits for although there is something to give.
SELECT DISTINCT q.sku_id FROM shortage q
 WHERE q.merchant_id = ? AND EXISTS (SELECT 1 FROM card c
    WHERE c.sku_id = q.sku_id AND c.state = 'free') LIMIT ?;
