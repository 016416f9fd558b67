-- SPDX-License-Identifier: Apache-2.0
-- Refunds.  Whoever moves one holds its order's row, so sums over a payment's
-- refunds are exact there.

-- :refund_add (u64 merchant, str no, u64 order, u64 payment, u64 channel,
--   str state, str how, i64 amount, str currency, str reason, str from_state,
--   str provider_ref, i64 next_ask_us, u64 staff, i64 now_us) -> insert_id primary
INSERT INTO refund (merchant_id, no, order_id, payment_id, channel_id, state,
  how, amount_minor, currency, reason, from_state, provider_ref, next_ask_us,
  staff_id, created_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- :refund_by_no (u64 merchant, str no) -> row(u64 id, str no, u64 order,
--   str order_no, u64 payment, u64 channel, str state, str how, i64 amount,
--   str currency, str reason, str from_state, str provider_ref, str answer,
--   u32 asked_n, i64 next_ask_us, u64 staff, u64 second, i64 created_us,
--   i64 done_us, str? txn, i64 paid, str role, str payment_ref, str? title,
--   str? channel_name, str? staff_name, str? second_name) primary
SELECT r.id, r.no, r.order_id, o.no, r.payment_id, r.channel_id, r.state,
  r.how, r.amount_minor, r.currency, r.reason, r.from_state, r.provider_ref,
  r.answer, r.asked_n, r.next_ask_us, r.staff_id, r.second_id, r.created_us,
  r.done_us, p.txn, p.amount_minor, p.role, p.provider_ref, c.title, c.name,
  a.username, b.username
 FROM refund r JOIN orders o ON o.id = r.order_id
 JOIN payment p ON p.id = r.payment_id
 LEFT JOIN channel c ON c.id = r.channel_id
 LEFT JOIN staff a ON a.id = r.staff_id LEFT JOIN staff b ON b.id = r.second_id
 WHERE r.merchant_id = ? AND r.no = ?;

-- :refund_list (u64 merchant, u64 any_state, str state, u32 n, u32 skip)
--   -> rows(u64 id, str no, u64 order, str order_no, u64 payment, u64 channel, str state,
--   str how, i64 amount, str currency, str reason, str from_state,
--   str provider_ref, str answer, u32 asked_n, i64 next_ask_us, u64 staff,
--   u64 second, i64 created_us, i64 done_us, str? txn, i64 paid, str role,
--   str payment_ref, str? title, str? channel_name, str? staff_name,
--   str? second_name) primary
SELECT r.id, r.no, r.order_id, o.no, r.payment_id, r.channel_id, r.state,
  r.how, r.amount_minor, r.currency, r.reason, r.from_state, r.provider_ref,
  r.answer, r.asked_n, r.next_ask_us, r.staff_id, r.second_id, r.created_us,
  r.done_us, p.txn, p.amount_minor, p.role, p.provider_ref, c.title, c.name,
  a.username, b.username
 FROM refund r JOIN orders o ON o.id = r.order_id
 JOIN payment p ON p.id = r.payment_id
 LEFT JOIN channel c ON c.id = r.channel_id
 LEFT JOIN staff a ON a.id = r.staff_id LEFT JOIN staff b ON b.id = r.second_id
 WHERE r.merchant_id = ? AND (? = 1 OR r.state = ?)
 ORDER BY r.id DESC LIMIT ? OFFSET ?;

-- :refunds_of_order (u64 order) -> rows(u64 id, str no, u64 order,
--   str order_no, u64 payment, u64 channel, str state, str how, i64 amount,
--   str currency, str reason, str from_state, str provider_ref, str answer,
--   u32 asked_n, i64 next_ask_us, u64 staff, u64 second, i64 created_us,
--   i64 done_us, str? txn, i64 paid, str role, str payment_ref, str? title,
--   str? channel_name, str? staff_name, str? second_name) primary
SELECT r.id, r.no, r.order_id, o.no, r.payment_id, r.channel_id, r.state,
  r.how, r.amount_minor, r.currency, r.reason, r.from_state, r.provider_ref,
  r.answer, r.asked_n, r.next_ask_us, r.staff_id, r.second_id, r.created_us,
  r.done_us, p.txn, p.amount_minor, p.role, p.provider_ref, c.title, c.name,
  a.username, b.username
 FROM refund r JOIN orders o ON o.id = r.order_id
 JOIN payment p ON p.id = r.payment_id
 LEFT JOIN channel c ON c.id = r.channel_id
 LEFT JOIN staff a ON a.id = r.staff_id LEFT JOIN staff b ON b.id = r.second_id
 WHERE r.order_id = ? ORDER BY r.id;

-- :refund_state_counts (u64 merchant) -> rows(str state, u64 n) primary
SELECT state, COUNT(*) FROM refund WHERE merchant_id = ? GROUP BY state;

-- :refund_waiting (u64 merchant) -> row(u64 n) replica-ok
-- Those that a person has to look at.
SELECT COUNT(*) FROM refund
 WHERE merchant_id = ? AND state IN ('waiting', 'unclear');

-- :refund_move (str to_state, str answer, str provider_ref, i64 next_ask_us,
--   i64 done_us, u64 id, str from_state) -> affected primary
UPDATE refund SET state = ?, answer = ?, provider_ref = ?, next_ask_us = ?,
  done_us = ?
 WHERE id = ? AND state = ?;

-- :refund_agree (u64 staff, u64 second, str to_state, i64 next_ask_us, u64 id)
--   -> affected primary
-- A person's word on one that waits.
UPDATE refund SET staff_id = ?, second_id = ?, state = ?, next_ask_us = ?
 WHERE id = ? AND state = 'waiting';

-- :refund_by_hand (str provider_ref, u64 id) -> affected primary
-- Paid back elsewhere: not the gateway's any more.
UPDATE refund SET how = 'manual', provider_ref = ?
 WHERE id = ? AND state IN ('waiting', 'open', 'sent', 'unclear');

-- :refund_turn (i64 next_ask_us, u64 id, u32 asked_n) -> affected primary
-- Takes the turn to ask: two that read the same row do not both ask.  What was
-- open is sent from now on, whatever becomes of us.
UPDATE refund SET state = CASE state WHEN 'open' THEN 'sent' ELSE state END,
  next_ask_us = ?, asked_n = asked_n + 1
 WHERE id = ? AND asked_n = ? AND state IN ('open', 'sent', 'unclear');

-- :refunds_to_ask (i64 now_us, u32 n) -> rows(str no) primary
SELECT no FROM refund
 WHERE state IN ('open', 'sent', 'unclear') AND next_ask_us BETWEEN 1 AND ?
 ORDER BY next_ask_us LIMIT ?;

-- ------------------------------------------------------------ what there is

-- :refund_payments (u64 order, u64 order_again) -> rows(u64 id, u64 channel, str role,
--   str case_state, i64 amount, str currency, str? txn, str provider_ref,
--   i64 done, i64 live, u64 live_n, str? title, str? gateway) primary
-- Money of an order, and what of it was or is being given back.
SELECT p.id, p.channel_id, p.role, p.case_state, p.amount_minor, p.currency,
  p.txn, p.provider_ref, COALESCE(f.done, 0), COALESCE(f.live, 0),
  COALESCE(f.live_n, 0), c.title, c.gateway
 FROM payment p LEFT JOIN channel c ON c.id = p.channel_id
 LEFT JOIN (SELECT payment_id,
     CAST(SUM(CASE WHEN state = 'done' THEN amount_minor ELSE 0 END) AS SIGNED) AS done,
     CAST(SUM(CASE WHEN state = 'done' THEN 0 ELSE amount_minor END) AS SIGNED) AS live,
     CAST(SUM(CASE WHEN state = 'done' THEN 0 ELSE 1 END) AS UNSIGNED) AS live_n
   FROM refund
  WHERE order_id = CAST(? AS UNSIGNED) AND state NOT IN ('failed', 'cancelled')
  GROUP BY payment_id) f ON f.payment_id = p.id
 WHERE p.order_id = ? AND p.state = 'success' ORDER BY p.id;

-- :payment_liability (u64 order, u64 payment) -> row(i64 owed) primary
-- What the books owe back of one payment: credits are negative there.
SELECT CAST(COALESCE(-SUM(amount_minor), 0) AS SIGNED) FROM ledger_entry
 WHERE order_id = ? AND payment_id = ? AND account = 'liability';

-- :order_refunded (i64 amount, u64 id, i64 amount_again) -> affected primary
UPDATE orders SET refunded_minor = refunded_minor + ?, version = version + 1
 WHERE id = ? AND refunded_minor + ? <= paid_minor;

-- :payment_case (str to_state, u64 id, str from_state) -> affected primary
UPDATE payment SET case_state = ? WHERE id = ? AND case_state = ?;

-- ------------------------------------------------------------ the goods

-- :delivery_lock (u64 order) -> rows(u64 id, i64 seen_us) primary
-- Nobody looks at them for the first time while this is held.
SELECT id, first_seen_us FROM delivery WHERE order_id = ? ORDER BY id FOR UPDATE;

-- :refund_card_add (u64 refund, i64 now_us, u64 order) -> affected primary
-- Those that nobody saw, of SKUs that want them back.
INSERT INTO refund_card (refund_id, card_id, order_id, item_id, delivered_us,
  returned_us)
SELECT ?, d.card_id, d.order_id, d.item_id, d.delivered_us, ?
  FROM delivery d JOIN card c ON c.id = d.card_id
  JOIN sku s ON s.id = c.sku_id
 WHERE d.order_id = ? AND d.first_seen_us = 0 AND c.state = 'sold'
   AND s.refund_rule = 'review' AND s.kind = 'card';

-- :refund_card_lock (str note, u64 refund) -> affected primary
UPDATE card c JOIN refund_card r ON r.card_id = c.id
   SET c.state = 'locked', c.order_id = NULL, c.note = ?
 WHERE r.refund_id = ? AND c.state = 'sold' AND c.order_id = r.order_id;

-- :refund_card_undeliver (u64 refund) -> affected primary
DELETE d FROM delivery d JOIN refund_card r ON r.card_id = d.card_id
 WHERE r.refund_id = ? AND d.order_id = r.order_id;

-- :refund_card_items (u64 refund) -> affected primary
UPDATE order_item i JOIN (
  SELECT item_id, COUNT(*) AS n FROM refund_card WHERE refund_id = ?
   GROUP BY item_id) t ON t.item_id = i.id
   SET i.delivered_n = i.delivered_n - t.n WHERE i.delivered_n >= t.n;

-- :card_void (u64 order) -> affected primary
-- Sold, and never sold again.
UPDATE card SET state = 'void' WHERE order_id = ? AND state = 'sold';
