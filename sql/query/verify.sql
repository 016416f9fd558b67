-- SPDX-License-Identifier: Apache-2.0
-- The invariants as questions: each counts what must not be there and names
-- one example.  Read only, on the primary; they scan whole tables on purpose.

-- :verify_i1 () -> row(u64 n, str? example) primary
SELECT COUNT(*), CAST(MIN(card_id) AS CHAR) FROM (
  SELECT card_id FROM delivery WHERE card_id IS NOT NULL
   GROUP BY card_id HAVING COUNT(*) > 1) AS t;

-- :verify_i2 () -> row(u64 n, str? example) primary
SELECT COUNT(*), CAST(MIN(id) AS CHAR) FROM (
  SELECT d.card_id AS id FROM delivery d LEFT JOIN card c ON c.id = d.card_id
   WHERE d.card_id IS NOT NULL AND (c.id IS NULL
     OR c.state NOT IN ('sold', 'void') OR c.order_id <> d.order_id)
  UNION ALL
  SELECT c.id FROM card c LEFT JOIN delivery d ON d.card_id = c.id
   WHERE c.state = 'sold' AND d.id IS NULL
  UNION ALL
  SELECT c.id FROM card c JOIN orders o ON o.id = c.order_id
   WHERE c.state = 'sold' AND o.state = 'refunded'
  UNION ALL
  SELECT c.id FROM card c LEFT JOIN orders o ON o.id = c.order_id
   WHERE c.state = 'void' AND (o.id IS NULL OR o.state <> 'refunded')) AS t;

-- :verify_i3 () -> row(u64 n, str? example) primary
-- Delivered in full, or in a state that is an open case; 'paid' is passed
-- through inside one transaction and never stays.
SELECT COUNT(*), MIN(no) FROM (
  SELECT o.no FROM orders o JOIN (
      SELECT i.order_id, SUM(i.qty) AS qty, SUM(i.delivered_n) AS said
        FROM order_item i GROUP BY i.order_id) q ON q.order_id = o.id
    LEFT JOIN (SELECT order_id, COUNT(card_id) AS n, COUNT(*) AS rows_n
        FROM delivery GROUP BY order_id) d ON d.order_id = o.id
   WHERE o.state = 'delivered'
     AND (COALESCE(d.rows_n, 0) = 0
       OR (COALESCE(d.n, 0) = d.rows_n AND (d.n <> q.qty OR q.said <> q.qty)))
  UNION ALL
  SELECT no FROM orders WHERE state = 'paid'
  UNION ALL
  SELECT o.no FROM orders o LEFT JOIN refund r ON r.order_id = o.id
     AND r.state IN ('waiting', 'open', 'sent', 'unclear') AND r.from_state <> ''
   WHERE o.state = 'refunding' AND r.id IS NULL
  UNION ALL
  SELECT no FROM orders
   WHERE (state = 'refunded') <> (refunded_minor = paid_minor AND paid_minor > 0)
  UNION ALL
  SELECT o.no FROM orders o LEFT JOIN order_item i ON i.order_id = o.id
   WHERE i.id IS NULL
  UNION ALL
  -- the line: who is short and not kept is in it, and nobody else
  SELECT o.no FROM orders o LEFT JOIN order_item i ON i.order_id = o.id
    LEFT JOIN shortage q ON q.order_id = o.id AND q.sku_id = i.sku_id
      AND q.paid_us = o.paid_us
   WHERE o.state = 'short' AND o.kept = 0 AND q.order_id IS NULL
  UNION ALL
  SELECT COALESCE(o.no, q.order_id) FROM shortage q
    LEFT JOIN orders o ON o.id = q.order_id
   WHERE o.id IS NULL OR o.state <> 'short' OR o.kept = 1) AS t;

-- :verify_i4 () -> row(u64 n, str? example) primary
SELECT COUNT(*), MIN(no) FROM (
  SELECT o.no FROM orders o JOIN delivery d ON d.order_id = o.id
   WHERE o.state IN ('pending', 'expired', 'cancelled')
  UNION ALL
  SELECT o.no FROM orders o JOIN card c ON c.order_id = o.id AND c.state = 'sold'
   WHERE o.state IN ('pending', 'expired', 'cancelled')) AS t;

-- :verify_i5 () -> row(u64 n, str? example) primary
SELECT COUNT(*), MIN(what) FROM (
  SELECT CONCAT('txn ', txn) AS what FROM payment WHERE txn IS NOT NULL
   GROUP BY channel_id, txn HAVING COUNT(*) > 1
  UNION ALL
  SELECT CONCAT('order ', o.no) FROM orders o LEFT JOIN (
      SELECT order_id, SUM(role = 'order') AS n,
        SUM(applied_minor) AS applied FROM payment
       WHERE state = 'success' GROUP BY order_id) p
    ON p.order_id = o.id
   WHERE (o.paid_minor > 0
       AND (COALESCE(p.n, 0) <> 1 OR p.applied <> o.paid_minor))
      OR (o.paid_minor = 0
       AND (COALESCE(p.n, 0) > 0 OR COALESCE(p.applied, 0) > 0))
      OR (o.state IN ('pending', 'expired', 'cancelled') AND o.paid_us > 0)
  UNION ALL
  SELECT CONCAT('payment ', p.id) FROM payment p
    LEFT JOIN orders o ON o.id = p.order_id WHERE o.id IS NULL
      OR p.applied_minor < 0 OR p.applied_minor > p.amount_minor
      OR (p.state <> 'success' AND p.applied_minor <> 0)
      OR (p.state = 'success' AND (p.role = 'order') AND p.applied_minor = 0)) AS t;

-- :verify_i6 () -> row(u64 n, str? example) primary
SELECT COUNT(*), MIN(what) FROM (
  SELECT CONCAT('tx ', tx) AS what FROM ledger_entry
   GROUP BY merchant_id, tx HAVING SUM(amount_minor) <> 0
      OR COUNT(DISTINCT currency) > 1
  UNION ALL
  -- a statement that was compared: its fees are booked as it says, and what it
  -- calls the same is
  SELECT CONCAT('statement line ', l.id) FROM statement_line l
    JOIN statement s ON s.id = l.statement_id AND s.state = 'compared'
    LEFT JOIN payment p ON p.id = l.payment_id
    LEFT JOIN ledger_entry f ON f.merchant_id = s.merchant_id
     AND f.tx = CONVERT(CONCAT('fee:', l.payment_id) USING ascii)
     AND f.account = 'fees'
   WHERE l.result = 'new' OR (l.state = 'resolved' AND l.note = '')
      OR (l.result = 'same' AND l.kind = 'payment'
       AND (p.id IS NULL OR p.state <> 'success' OR p.txn <> l.txn
         OR p.amount_minor <> l.amount_minor
         OR (l.fee_minor > 0 AND f.id IS NULL)))
  UNION ALL
  SELECT CONCAT('payment ', p.id) FROM payment p LEFT JOIN ledger_entry l
    ON l.order_id = p.order_id AND l.payment_id = p.id
   AND l.account = 'receivable' AND l.refund_id = 0
   WHERE p.state = 'success'
     AND (l.id IS NULL OR l.amount_minor <> p.amount_minor
       OR l.currency <> p.currency)
  UNION ALL
  -- what does not pay the order is owed, whatever went back since
  SELECT CONCAT('owed ', p.id) FROM payment p LEFT JOIN (
      SELECT payment_id, SUM(amount_minor) AS owed FROM ledger_entry
       WHERE account = 'liability' AND refund_id = 0 AND payment_id > 0
       GROUP BY payment_id) l ON l.payment_id = p.id
   WHERE p.state = 'success'
     AND COALESCE(l.owed, 0) <> p.applied_minor - p.amount_minor
  UNION ALL
  SELECT CONCAT('ledger ', l.id) FROM ledger_entry l
    LEFT JOIN payment p ON p.id = l.payment_id AND p.state = 'success'
   WHERE l.account = 'receivable' AND l.payment_id > 0 AND p.id IS NULL
  UNION ALL
  SELECT CONCAT('refund ', r.no) FROM refund r LEFT JOIN (
      SELECT refund_id, COUNT(DISTINCT tx) AS n, MIN(currency) AS currency,
          SUM(CASE WHEN account = 'receivable' THEN amount_minor END) AS amount
        FROM ledger_entry WHERE refund_id > 0 GROUP BY refund_id) l
    ON l.refund_id = r.id
   WHERE (r.state = 'done') <> (l.n IS NOT NULL)
      OR (r.state = 'done'
        AND (l.n <> 1 OR l.amount <> -r.amount_minor OR l.currency <> r.currency))
  UNION ALL
  SELECT CONCAT('refunded ', o.no) FROM orders o LEFT JOIN (
      SELECT order_id, SUM(amount_minor) AS amount FROM ledger_entry
       WHERE account = 'refunds' GROUP BY order_id) l ON l.order_id = o.id
   WHERE o.refunded_minor <> COALESCE(l.amount, 0)
      OR o.refunded_minor > o.paid_minor
  UNION ALL
  SELECT 'paid totals' FROM (SELECT
    (SELECT COALESCE(SUM(paid_minor), 0) FROM orders) AS a,
    (SELECT COALESCE(SUM(applied_minor), 0) FROM payment
      WHERE state = 'success') AS b) s WHERE a <> b) AS t;

-- :verify_i7 () -> row(u64 n, str? example) primary
-- What is owed to buyers is never negative (credits are negative here), and no
-- more goes back than came in.
SELECT COUNT(*), MIN(what) FROM (
  SELECT CONCAT('payment ', p.id) AS what FROM payment p JOIN (
      SELECT payment_id, SUM(amount_minor) AS amount FROM refund
       WHERE state = 'done' GROUP BY payment_id) r ON r.payment_id = p.id
   WHERE r.amount > p.amount_minor OR p.state <> 'success'
  UNION ALL
  SELECT CONCAT('order ', order_id) AS what FROM ledger_entry
   WHERE account = 'liability'
   GROUP BY order_id, currency HAVING SUM(amount_minor) > 0) AS t;

-- :verify_i8 () -> row(u64 n, str? example) primary
-- A late payment may take a returned use again beyond the limit: its price
-- was promised.
SELECT COUNT(*), MIN(code) FROM (
  SELECT c.code FROM coupon c LEFT JOIN (
      SELECT u.coupon_id, COUNT(*) AS n, SUM(o.late) AS late FROM coupon_use u
        JOIN orders o ON o.id = u.order_id
       WHERE u.state = 'used' GROUP BY u.coupon_id) u ON u.coupon_id = c.id
   WHERE c.uses_n <> COALESCE(u.n, 0)
      OR (c.uses_max > 0 AND c.uses_n > c.uses_max + COALESCE(u.late, 0))
  UNION ALL
  SELECT c.code FROM coupon_use u JOIN coupon c ON c.id = u.coupon_id
    JOIN orders o ON o.id = u.order_id
   WHERE (u.state = 'used') <> (o.state NOT IN ('expired', 'cancelled'))) AS t;

-- :verify_i9 (i64 slack_before_us) -> row(u64 n, str? example) primary
SELECT COUNT(*), CAST(MIN(c.id) AS CHAR)
 FROM card c LEFT JOIN orders o ON o.id = c.order_id
 WHERE c.state = 'held' AND (o.id IS NULL OR o.state <> 'pending'
   OR c.hold_until_us = 0 OR c.hold_until_us < ?);

-- :verify_i10 () -> row(u64 n, str? example) primary
-- Counters kept in rows: of batches and of items; and what unpaid orders are
-- counted by.
SELECT COUNT(*), MIN(what) FROM (
  SELECT CONCAT('batch ', b.id) AS what FROM card_batch b LEFT JOIN (
      SELECT batch_id, COUNT(*) AS n FROM card GROUP BY batch_id) c
    ON c.batch_id = b.id
   WHERE b.state = 'committed' AND b.added_n <> COALESCE(c.n, 0)
     AND NOT EXISTS (SELECT 1 FROM sku s WHERE s.id = b.sku_id AND s.kind = 'loop')
  UNION ALL
  SELECT CONCAT('item ', i.id) FROM order_item i LEFT JOIN (
      SELECT item_id, COUNT(*) AS n FROM delivery WHERE card_id IS NOT NULL
       GROUP BY item_id) d ON d.item_id = i.id
   WHERE i.delivered_n <> COALESCE(d.n, 0)
     AND NOT EXISTS (SELECT 1 FROM sku s WHERE s.id = i.sku_id AND s.kind = 'manual')
  UNION ALL
  SELECT CONCAT('order ', no) FROM orders
   WHERE (state = 'pending') <> (held_contact IS NOT NULL)
      OR (state = 'pending') <> (held_address IS NOT NULL)
      OR held_contact <> contact_hash OR held_address <> address) AS t;

-- :verify_i11 () -> row(u64 n, str? example) primary
-- Events without holes, each beginning where the one before it ended, the
-- last one at the order's state.
SELECT COUNT(*), MIN(no) FROM (
  SELECT o.no FROM orders o LEFT JOIN (
      SELECT order_id, COUNT(*) AS n, MAX(seq) AS last, MIN(seq) AS first
        FROM order_event GROUP BY order_id) e ON e.order_id = o.id
   WHERE e.n IS NULL OR e.n <> o.events_n OR e.last <> o.events_n OR e.first <> 1
  UNION ALL
  SELECT o.no FROM order_event a JOIN orders o ON o.id = a.order_id
    JOIN order_event b ON b.order_id = a.order_id AND b.seq = a.seq + 1
   WHERE b.from_state <> a.to_state
  UNION ALL
  SELECT o.no FROM orders o JOIN order_event e
    ON e.order_id = o.id AND e.seq = o.events_n WHERE e.to_state <> o.state) AS t;

-- :verify_edges () -> rows(str from_state, str to_state, u64 n, u64 example) primary
SELECT from_state, to_state, COUNT(*), MIN(order_id) FROM order_event
 GROUP BY from_state, to_state;

-- :verify_events_after (u64 order, u32 seq, u64 order_again, u32 n)
--   -> rows(u64 order, u32 seq, i64 at_us, str kind, str from_state,
--   str to_state, str actor, u64 staff, str detail, blob hash) primary
SELECT order_id, seq, at_us, kind, from_state, to_state, actor, staff_id,
  detail, hash
 FROM order_event WHERE (order_id = ? AND seq > ?) OR order_id > ?
 ORDER BY order_id, seq LIMIT ?;

-- :verify_i13 () -> row(u64 n, str? example) primary
SELECT COUNT(*), MIN(what) FROM (
  SELECT CONCAT('payment ', p.id) AS what FROM payment p LEFT JOIN notice n
    ON n.order_id = p.order_id AND n.channel_id = p.channel_id
   AND n.txn = p.txn AND n.state IN ('applied', 'held', 'ignored')
   WHERE p.state = 'success' AND n.id IS NULL
  UNION ALL
  SELECT CONCAT('notice ', n.id) FROM notice n LEFT JOIN notice_raw r
    ON r.notice_id = n.id WHERE r.notice_id IS NULL) AS t;

-- :verify_i14 (i64 since_us) -> row(u64 n, str? example) primary
-- Sent messages are pruned after a time: only younger orders can be asked.
SELECT COUNT(*), MIN(what) FROM (
  SELECT o.no AS what FROM orders o
    LEFT JOIN (SELECT DISTINCT object_id FROM outbox
        WHERE kind = 'mail_order') b ON b.object_id = o.id
   WHERE o.state IN ('delivered', 'short', 'manual') AND o.paid_us > ?
     AND b.object_id IS NULL
  UNION ALL
  SELECT CONCAT('webhook delivery ', d.id) FROM webhook_delivery d
    LEFT JOIN webhook w ON w.id = d.webhook_id
   WHERE w.id IS NULL OR (d.state = 'due') <> (d.done_us = 0)) AS t;
