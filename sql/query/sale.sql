-- SPDX-License-Identifier: Apache-2.0
-- Many sales in one transaction: orders whose money is their price and whose
-- cards they hold.  Everything else is settled by itself (purchase.sql,
-- money.sql).  Each UPDATE names the state it expects and the caller compares
-- the number of rows with what it has locked.

-- :orders_lock (str no...) -> rows(str no, u64 id, u64 merchant, str state,
--   str currency, i64 total, i64 fee, i64 paid, i64 refunded, u64 channel,
--   u32 events_n, blob? event_hash, str lang, i64 created_us, i64 expires_us,
--   u64 late, u32 link_epoch, i64 paid_us, i64 delivered_us, u64 kept) primary
SELECT no, id, merchant_id, state, currency, total_minor, fee_minor,
  paid_minor, refunded_minor, channel_id, events_n, event_hash, lang,
  created_us, expires_us, late, link_epoch, paid_us, delivered_us, kept
 FROM orders WHERE no IN ({{?}}) FOR UPDATE;

-- :payments_of_orders (u64 channel, u64 order...) -> rows(u64 order, u64 id,
--   str state, i64 amount, str currency, str provider_ref, str? txn) primary
SELECT order_id, id, state, amount_minor, currency, provider_ref, txn
 FROM payment WHERE channel_id = ? AND order_id IN ({{?}})
 ORDER BY id DESC;

-- :txns_known (u64 channel, str txn...) -> rows(str? txn) primary
SELECT txn FROM payment WHERE channel_id = ? AND txn IN ({{?}});

-- :items_to_sell (u64 order...) -> rows(u64 order, u64 item, str kind, u32 qty,
--   u32 delivered_n, u64? card) primary
-- A row a held card, or one without a card.
-- The hint, because by the statistics of a shop with many goods the held cards
-- of an SKU are few: in a rush all of them were read for each order.
SELECT i.order_id, i.id, COALESCE(s.kind, 'card'), i.qty, i.delivered_n, c.id
 FROM order_item i LEFT JOIN sku s ON s.id = i.sku_id
 LEFT JOIN card c FORCE INDEX (of_order)
   ON c.order_id = i.order_id AND c.sku_id = i.sku_id AND c.state = 'held'
 WHERE i.order_id IN ({{?}});

-- :notices_add (u64 merchant..., u64 channel..., u64 order..., str source...,
--   blob dedupe..., str txn..., i64 amount..., str currency...,
--   blob body_hash..., i64 now_us..., i64 applied_us...) -> affected primary
INSERT INTO notice (merchant_id, channel_id, order_id, state, reason, source,
  dedupe, txn, amount_minor, currency, body_hash, received_us, applied_us)
VALUES {{(?, ?, ?, 'applied', '', ?, ?, ?, ?, ?, ?, ?, ?)}};

-- :notice_ids (u64 channel, blob dedupe...) -> rows(u64 id, blob dedupe) primary
SELECT id, dedupe FROM notice WHERE channel_id = ? AND dedupe IN ({{?}});

-- :notices_raw_add (u64 notice..., str method..., blob query...,
--   blob headers..., blob body...) -> affected primary
INSERT INTO notice_raw (notice_id, method, query, headers, body)
VALUES {{(?, ?, ?, ?, ?)}};

-- :payments_success (u64 id..., i64 amount..., str currency..., str txn...,
--   i64 now_us...) -> affected primary
UPDATE payment p JOIN (
  {{SELECT CAST(? AS UNSIGNED) AS id, CAST(? AS SIGNED) AS amount,
           CAST(? AS CHAR(3)) AS currency, CAST(? AS CHAR(128)) AS txn,
           CAST(? AS SIGNED) AS now_us}}) v ON v.id = p.id
   SET p.state = 'success', p.role = 'order', p.amount_minor = v.amount,
       p.applied_minor = v.amount, p.currency = v.currency, p.txn = v.txn,
       p.case_state = 'none', p.settled_us = v.now_us
 WHERE p.state IN ('initiated', 'pending', 'expired', 'failed');

-- :cards_sell (u64 order...) -> affected primary
UPDATE card SET state = 'sold', hold_until_us = 0
 WHERE state = 'held' AND order_id IN ({{?}});

-- :deliveries_add (u64 merchant..., u64 order..., u64 item..., u64 card...,
--   i64 now_us...) -> affected primary
-- The cards that were sold just now: each is in one delivery.
INSERT INTO delivery (merchant_id, order_id, item_id, card_id, delivered_us)
VALUES {{(?, ?, ?, ?, ?)}};

-- :items_delivered (u64 item...) -> affected primary
UPDATE order_item SET delivered_n = qty WHERE delivered_n = 0 AND id IN ({{?}});

-- :payments_end_all (u64 order...) -> affected primary
UPDATE payment SET state = 'expired'
 WHERE state IN ('initiated', 'pending') AND order_id IN ({{?}});

-- :orders_deliver (u64 id..., u32 events_n..., blob event_hash..., i64 paid...,
--   i64 now_us...) -> affected primary
UPDATE orders o JOIN (
  {{SELECT CAST(? AS UNSIGNED) AS id, CAST(? AS UNSIGNED) AS events_n,
           CAST(? AS BINARY(32)) AS event_hash, CAST(? AS SIGNED) AS paid,
           CAST(? AS SIGNED) AS now_us}}) v ON v.id = o.id
   SET o.state = 'delivered', o.held_contact = NULL, o.held_address = NULL,
       o.events_n = v.events_n,
       o.event_hash = v.event_hash, o.paid_minor = v.paid,
       o.paid_us = v.now_us, o.delivered_us = v.now_us,
       o.version = o.version + 1
 WHERE o.state = 'pending';

-- :outbox_add_all (u64 merchant..., str kind..., u64 object..., str dedupe...,
--   str payload..., i64 due_us..., i64 created_us...) -> affected primary
INSERT INTO outbox (merchant_id, kind, object_id, dedupe, payload, due_us,
    created_us)
VALUES {{(?, ?, ?, ?, ?, ?, ?)}}
ON DUPLICATE KEY UPDATE id = id;
