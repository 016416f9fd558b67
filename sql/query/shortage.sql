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

-- ------------------------------------------------------------ work queues

-- :waiting_orders (u64 merchant, str state, str or_state, u32 kept_least,
--   u32 kept_most, u32 n, u32 skip) -> rows(str no, str state, str currency,
--   i64 paid, i64 paid_us, u64 late, u64 sku, str kind, str product_name,
--   str sku_name, u32 qty, u32 delivered_n, str contact, str? note) primary
-- Paid orders that wait, the longest first.
SELECT o.no, o.state, o.currency, o.paid_minor, o.paid_us, o.late, i.sku_id,
  COALESCE(s.kind, 'card'), i.product_name, i.sku_name, i.qty, i.delivered_n,
  o.contact,
  (SELECT e.detail FROM order_event e WHERE e.order_id = o.id
    AND e.kind = 'note' ORDER BY e.seq DESC LIMIT 1)
 FROM orders o JOIN order_item i ON i.order_id = o.id
 LEFT JOIN sku s ON s.id = i.sku_id
 WHERE o.merchant_id = ? AND o.state IN (?, ?) AND o.kept BETWEEN ? AND ?
 ORDER BY o.paid_us, o.id LIMIT ? OFFSET ?;

-- :waiting_counts (u64 merchant) -> row(i64 short_n, i64 late_n, i64 manual_n)
--   primary
SELECT CAST(COALESCE(SUM(state = 'short' AND kept = 0), 0) AS SIGNED),
       CAST(COALESCE(SUM(kept = 1), 0) AS SIGNED),
       CAST(COALESCE(SUM(state = 'manual' AND kept = 0), 0) AS SIGNED)
 FROM orders WHERE merchant_id = ? AND state IN ('short', 'manual');
