-- SPDX-License-Identifier: Apache-2.0
-- Receivers of events, and what they were sent.

-- :hook_list (u64 merchant) -> rows(u64 id, str url, str note, str events,
--   u32 active, u32 fails, i64 pause_us, u32 version, i64 created_us,
--   i64 old_until_us, u64 due, u64 dead) primary
SELECT w.id, w.url, w.note, w.events, w.active, w.fails_n, w.pause_us, w.version,
  w.created_us, w.old_until_us,
  (SELECT COUNT(*) FROM webhook_delivery d WHERE d.state = 'due' AND d.webhook_id = w.id),
  (SELECT COUNT(*) FROM webhook_delivery e WHERE e.state = 'dead' AND e.webhook_id = w.id)
 FROM webhook w WHERE w.merchant_id = ? ORDER BY w.id;

-- :hook_listening (u64 merchant) -> rows(u64 id, str events, i64 created_us) primary
SELECT id, events, created_us FROM webhook
 WHERE merchant_id = ? AND active = 1 ORDER BY id;

-- :hook_add (u64 merchant, str url, str note, str events, u32 active,
--   i64 created_us) -> insert_id primary
INSERT INTO webhook (merchant_id, url, note, events, active, created_us)
VALUES (?, ?, ?, ?, ?, ?);

-- :hook_change (str url, str note, str events, u32 active, u64 id, u64 merchant,
--   u32 version) -> affected primary
-- A changed receiver gets a fresh chance.
UPDATE webhook SET url = ?, note = ?, events = ?, active = ?, fails_n = 0,
  pause_us = 0, version = version + 1
 WHERE id = ? AND merchant_id = ? AND version = ?;

-- :hook_secret (blob old_secret, i64 old_until_us, blob secret, u64 id,
--   u64 merchant, u32 version) -> affected primary
UPDATE webhook SET old_secret = ?, old_until_us = ?, secret = ?, version = version + 1
 WHERE id = ? AND merchant_id = ? AND version = ?;

-- :hook_remove (u64 id, u64 merchant, u32 version) -> affected primary
DELETE FROM webhook WHERE id = ? AND merchant_id = ? AND version = ?;

-- :hook_remove_deliveries (u64 hook) -> affected primary
DELETE FROM webhook_delivery WHERE webhook_id = ?;

-- :hook_secrets (u64 id, u64 merchant) -> row(str url, blob secret,
--   blob old_secret, i64 old_until_us, u32 version, u32 active) primary
SELECT url, secret, old_secret, old_until_us, version, active FROM webhook
 WHERE id = ? AND merchant_id = ?;

-- :hook_ready (u64 merchant, i64 now_us, i64 due_us) -> rows(u64 id, u32 fails) primary
-- Receivers that may be called and have something waiting.
SELECT w.id, w.fails_n FROM webhook w
 WHERE w.merchant_id = ? AND w.active = 1 AND w.pause_us <= ?
   AND EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.state = 'due'
     AND d.webhook_id = w.id AND d.due_us <= ?)
 ORDER BY w.id;

-- :hook_well (u64 id) -> affected primary
UPDATE webhook SET fails_n = 0, pause_us = 0 WHERE id = ? AND fails_n > 0;

-- :hook_ill (i64 pause_us, u64 id) -> affected primary
UPDATE webhook SET fails_n = fails_n + 1, pause_us = ? WHERE id = ?;

-- :hook_delivery_add (u64 merchant, u64 hook, str event, str event_id, str body,
--   i64 due_us, i64 created_us) -> affected primary
-- The same event for the same receiver is there once.
INSERT INTO webhook_delivery (merchant_id, webhook_id, event, event_id, body, due_us, created_us)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE id = id;

-- :hook_due (u64 hook, i64 due_us, u32 n) -> rows(u64 id, str event,
--   str event_id, str body, u32 attempts, i64 created_us) primary
SELECT id, event, event_id, body, attempts, created_us FROM webhook_delivery
 WHERE state = 'due' AND webhook_id = ? AND due_us <= ?
 ORDER BY due_us, id LIMIT ? FOR UPDATE SKIP LOCKED;

-- :hook_due_wait (u64 hook, i64 due_us, u32 n) -> rows(u64 id, str event,
--   str event_id, str body, u32 attempts, i64 created_us) primary
SELECT id, event, event_id, body, attempts, created_us FROM webhook_delivery
 WHERE state = 'due' AND webhook_id = ? AND due_us <= ?
 ORDER BY due_us, id LIMIT ? FOR UPDATE;

-- :hook_lend (i64 due_us, u64 id...) -> affected primary
UPDATE webhook_delivery SET due_us = ? WHERE id IN ({{?}});

-- :hook_return (i64 due_us, u64 id, i64 lent_until_us) -> affected primary
-- Lent and not tried: due again, without an attempt.
UPDATE webhook_delivery SET due_us = ? WHERE id = ? AND state = 'due' AND due_us = ?;

-- :hook_tried (str state, i64 due_us, i64 done_us, u32 status, str error,
--   blob response, u32 took_ms, u64 id) -> affected primary
UPDATE webhook_delivery SET state = ?, due_us = ?, done_us = ?, status = ?, error = ?,
  response = ?, took_ms = ?, attempts = attempts + 1
 WHERE id = ? AND state = 'due';

-- :hook_deliveries (u64 merchant, u64 below, u64 any_hook, u64 hook, u64 any_state,
--   str state, u32 n) -> rows(u64 id, u64 hook, str event, str event_id, str body,
--   str state, u32 attempts, i64 due_us, u32 status, str error, blob response,
--   u32 took_ms, i64 created_us, i64 done_us) primary
SELECT id, webhook_id, event, event_id, body, state, attempts, due_us, status, error,
  response, took_ms, created_us, done_us
 FROM webhook_delivery
 WHERE merchant_id = ? AND id < ? AND (? = 1 OR webhook_id = ?) AND (? = 1 OR state = ?)
 ORDER BY id DESC LIMIT ?;

-- :hook_redeliver (i64 due_us, u64 id, u64 merchant) -> affected primary
UPDATE webhook_delivery SET state = 'due', due_us = ?, attempts = 0, done_us = 0
 WHERE id = ? AND merchant_id = ? AND state IN ('done', 'dead');

-- :hook_hurry (u64 delivery) -> affected primary
-- Who presses the button wants to see it happen: the pause is over.
UPDATE webhook w JOIN webhook_delivery d ON d.webhook_id = w.id
   SET w.pause_us = 0 WHERE d.id = ?;

-- :hook_waiting () -> row(i64? oldest_due_us, u64 dead) primary
SELECT (SELECT MIN(d.due_us) FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
          WHERE d.state = 'due' AND w.active = 1),
       (SELECT COUNT(*) FROM webhook_delivery e WHERE e.state = 'dead');

-- :hook_prune (i64 done_before_us) -> affected primary
DELETE FROM webhook_delivery WHERE state = 'done' AND done_us < ? ORDER BY id LIMIT 1000;

-- :hook_order_events (u64 order) -> rows(u32 seq, str from_state, str to_state,
--   i64 at_us) primary
SELECT seq, from_state, to_state, at_us FROM order_event WHERE order_id = ? ORDER BY seq;

-- :hook_order (u64 id) -> row(str no, str currency, i64 total, i64 paid,
--   i64 refunded, u64 late, i64 created_us, i64 paid_us, i64 delivered_us) primary
SELECT no, currency, total_minor, paid_minor, refunded_minor, late, created_us, paid_us,
  delivered_us
 FROM orders WHERE id = ?;

-- :hook_order_items (u64 order) -> rows(u64 product, u64 sku, str product_name,
--   str sku_name, str sku_code, u32 qty, u32 delivered, i64 price) primary
SELECT product_id, sku_id, product_name, sku_name, sku_code, qty, delivered_n, price_minor
 FROM order_item WHERE order_id = ? ORDER BY id;

-- :hook_product (u64 id, u64 merchant) -> row(str slug, str name, str state,
--   u32 version) primary
SELECT slug, name, state, version FROM product WHERE id = ? AND merchant_id = ?;

-- :hook_sku (u64 id, u64 merchant) -> row(str code, str name, u64 product,
--   str product_name) primary
SELECT s.code, s.name, s.product_id, p.name FROM sku s JOIN product p ON p.id = s.product_id
 WHERE s.id = ? AND s.merchant_id = ?;

-- :stock_low_new (u64 merchant, u32 below_less_one, u32 n) -> rows(u64 sku, u64 free_n) primary
-- Low and not told yet; see desk_low_stock.
SELECT s.id, (SELECT COUNT(*) FROM card k WHERE k.sku_id = s.id AND k.state = 'free')
 FROM sku s JOIN product p ON p.id = s.product_id AND p.state = 'on'
 LEFT JOIN stock_low l ON l.sku_id = s.id
 WHERE s.merchant_id = ? AND s.active = 1 AND s.kind = 'card' AND l.sku_id IS NULL
   AND (SELECT c.id FROM card c WHERE c.sku_id = s.id AND c.state = 'free'
    LIMIT ?, 1) IS NULL
 ORDER BY s.id LIMIT ?;

-- :stock_low_add (u64 sku, u64 merchant, u64 free_n, i64 now_us) -> affected primary
INSERT INTO stock_low (sku_id, merchant_id, free_n, since_us) VALUES (?, ?, ?, ?);

-- :stock_low_over (u32 below_less_one, u64 merchant) -> affected primary
DELETE FROM stock_low WHERE (SELECT c.id FROM card c WHERE c.sku_id = stock_low.sku_id
    AND c.state = 'free' LIMIT ?, 1) IS NOT NULL AND merchant_id = ?;
