-- SPDX-License-Identifier: Apache-2.0
-- The merchant's desk: figures and lists.  Reports may be a moment old and
-- come from a replica; one order and its money come from the primary.
--
-- A parameter in a derived table has no column to take its type from: MySQL
-- makes it a text there, and comparing texts with ids uses no index.  Hence
-- the CASTs.

-- :desk_sums (u64 merchant, i64 from_us, i64 until_us) -> row(u64 orders,
--   u64 paid, u64 delivered, i64 revenue) replica-ok
SELECT
  (SELECT COUNT(*) FROM orders WHERE merchant_id = m.id
     AND created_us >= w.a AND created_us < w.b),
  COUNT(o.id), COALESCE(SUM(o.state = 'delivered'), 0),
  CAST(COALESCE(SUM(o.paid_minor), 0) AS SIGNED)
 FROM (SELECT CAST(? AS UNSIGNED) AS id) m
 CROSS JOIN (SELECT CAST(? AS SIGNED) AS a, CAST(? AS SIGNED) AS b) w
 LEFT JOIN orders o ON o.merchant_id = m.id
   AND o.paid_us >= w.a AND o.paid_us < w.b AND o.paid_us > 0
 GROUP BY m.id, w.a, w.b;

-- :desk_money (u64 merchant, i64 from_us, i64 until_us) -> row(i64 fees,
--   i64 refunds, i64 cost) replica-ok
SELECT CAST(COALESCE(SUM(CASE WHEN account = 'fees' THEN amount_minor END), 0) AS SIGNED),
       CAST(COALESCE(SUM(CASE WHEN account = 'refunds' THEN amount_minor END), 0) AS SIGNED),
       CAST(COALESCE((SELECT SUM(i.cost_minor * i.delivered_n) FROM orders o
          JOIN order_item i ON i.order_id = o.id
         WHERE o.merchant_id = w.m AND o.paid_us >= w.a AND o.paid_us < w.b), 0) AS SIGNED)
 FROM (SELECT CAST(? AS UNSIGNED) AS m, CAST(? AS SIGNED) AS a,
   CAST(? AS SIGNED) AS b) w
 LEFT JOIN ledger_entry l ON l.merchant_id = w.m AND l.account IN ('fees', 'refunds')
   AND l.at_us >= w.a AND l.at_us < w.b
 GROUP BY w.m, w.a, w.b;

-- :desk_hours (i64 hour_us, u64 merchant, i64 from_us, i64 until_us)
--   -> rows(u64 hour, u64 paid, i64 revenue) replica-ok
SELECT CAST(paid_us DIV ? AS UNSIGNED) AS hour, COUNT(*),
  CAST(SUM(paid_minor) AS SIGNED)
 FROM orders
 WHERE merchant_id = ? AND paid_us >= ? AND paid_us < ? AND paid_us > 0
 GROUP BY hour ORDER BY hour;

-- :desk_top (u64 merchant, i64 from_us, u32 n) -> rows(str product_name,
--   u64 sold, i64 revenue) replica-ok
SELECT MAX(i.product_name), CAST(SUM(i.qty) AS UNSIGNED) AS sold,
  CAST(SUM(o.paid_minor) AS SIGNED)
 FROM orders o JOIN order_item i ON i.order_id = o.id
 WHERE o.merchant_id = ? AND o.paid_us >= ?
 GROUP BY i.product_id ORDER BY sold DESC LIMIT ?;

-- :desk_state_count (u64 merchant, str state) -> row(u64 n) replica-ok
SELECT COUNT(*) FROM orders WHERE merchant_id = ? AND state = ?;

-- :desk_alert_counts (u64 merchant) -> row(u64 held_notices, u64 cases,
--   u64 dead) replica-ok
SELECT (SELECT COUNT(*) FROM notice n WHERE n.merchant_id = m.id
          AND n.state IN ('held', 'failed')),
       (SELECT COUNT(*) FROM payment p WHERE p.merchant_id = m.id
          AND p.case_state = 'open'),
       (SELECT COUNT(*) FROM outbox b WHERE b.state = 'dead')
 FROM (SELECT CAST(? AS UNSIGNED) AS id) m;

-- :desk_low_stock (u64 merchant, u32 below_less_one, u32 n)
--   -> rows(str sku_code, str product_name, u64 free_n) replica-ok
-- The card number `below' decides; only the SKUs without it are counted, so a
-- full stock costs ten index entries a SKU, not all of them.
SELECT s.code, p.name, (SELECT COUNT(*) FROM card k
    WHERE k.sku_id = s.id AND k.state = 'free') AS free_n
 FROM sku s JOIN product p ON p.id = s.product_id AND p.state = 'on'
 WHERE s.merchant_id = ? AND s.active = 1 AND s.kind = 'card'
   AND (SELECT c.id FROM card c WHERE c.sku_id = s.id AND c.state = 'free'
    LIMIT ?, 1) IS NULL
 ORDER BY free_n, s.id LIMIT ?;

-- :desk_orders (u64 merchant, u64 any_state, str state, i64 from_us,
--   i64 until_us, u64 any_product, u64 product, u64 any_channel, u64 channel,
--   u64 any_q, str q_no, str q_contact, str q_txn, u32 n, u32 skip)
--   -> rows(str no, str state, str currency, i64 total, i64 created_us,
--   str product_name, u32 qty, str contact, str? channel, u64 late) replica-ok
SELECT o.no, o.state, o.currency, o.total_minor, o.created_us,
  i.product_name, i.qty, o.contact, c.title, o.late
 FROM orders o JOIN order_item i ON i.order_id = o.id
 LEFT JOIN channel c ON c.id = o.channel_id
 WHERE o.merchant_id = ? AND (? = 1 OR o.state = ?)
   AND o.created_us >= ? AND o.created_us < ?
   AND (? = 0 OR i.product_id = ?) AND (? = 0 OR o.channel_id = ?)
   AND (? = 1 OR o.no LIKE ? OR o.contact = ?
     OR o.id IN (SELECT p.order_id FROM payment p WHERE p.txn = ?))
 ORDER BY o.created_us DESC LIMIT ? OFFSET ?;

-- :desk_orders_sum (u64 merchant, u64 any_state, str state, i64 from_us,
--   i64 until_us, u64 any_product, u64 product, u64 any_channel, u64 channel,
--   u64 any_q, str q_no, str q_contact, str q_txn)
--   -> row(u64 orders, i64 total, i64 paid) replica-ok
SELECT COUNT(*), CAST(COALESCE(SUM(o.total_minor), 0) AS SIGNED),
  CAST(COALESCE(SUM(o.paid_minor), 0) AS SIGNED)
 FROM orders o JOIN order_item i ON i.order_id = o.id
 WHERE o.merchant_id = ? AND (? = 1 OR o.state = ?)
   AND o.created_us >= ? AND o.created_us < ?
   AND (? = 0 OR i.product_id = ?) AND (? = 0 OR o.channel_id = ?)
   AND (? = 1 OR o.no LIKE ? OR o.contact = ?
     OR o.id IN (SELECT p.order_id FROM payment p WHERE p.txn = ?));

-- :desk_payments (u64 order) -> rows(u64 id, str? channel, str state, str role,
--   str? txn, i64 amount, str currency, str case_state, i64 created_us,
--   i64 settled_us) primary
SELECT p.id, c.title, p.state, p.role, p.txn, p.amount_minor, p.currency,
  p.case_state, p.created_us, p.settled_us
 FROM payment p LEFT JOIN channel c ON c.id = p.channel_id
 WHERE p.order_id = ? ORDER BY p.id;

-- :desk_mails (u64 merchant, str from, str below) -> rows(str kind, str state,
--   str error, i64 created_us, i64 done_us, u32 attempts) primary
-- By their causes, which begin with the order (shop/deliver.c).
SELECT kind, state, last_error, created_us, done_us, attempts FROM outbox
 WHERE merchant_id = ? AND dedupe >= ? AND dedupe < ? AND kind = 'mail_order'
 ORDER BY id;

-- :desk_deliveries (u64 order, u32 n) -> rows(u64? card, i64 at_us, i64 seen_us) primary
SELECT card_id, delivered_us, first_seen_us FROM delivery
 WHERE order_id = ? ORDER BY id LIMIT ?;

-- :delivery_by_hand (u64 merchant, u64 order, u64 item, i64 now_us) -> insert_id primary
INSERT INTO delivery (merchant_id, order_id, item_id, delivered_us)
VALUES (?, ?, ?, ?);

-- :delivery_sealed (blob sealed, u64 id) -> affected primary
UPDATE delivery SET sealed = ? WHERE id = ?;
