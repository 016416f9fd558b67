-- SPDX-License-Identifier: Apache-2.0
-- What keystall-jobs does in the background.

-- :outbox_due (i64 now_us, u32 n) -> rows(u64 id, str kind, u64 object,
--   str dedupe, str payload, u32 attempts, i64 created_us) primary
-- Inside a transaction: other consumers step over these rows.
SELECT id, kind, object_id, dedupe, payload, attempts, created_us FROM outbox
 WHERE state = 'due' AND due_us <= ?
 ORDER BY due_us, id LIMIT ? FOR UPDATE SKIP LOCKED;

-- :outbox_due_wait (i64 now_us, u32 n) -> rows(u64 id, str kind, u64 object,
--   str dedupe, str payload, u32 attempts, i64 created_us) primary
SELECT id, kind, object_id, dedupe, payload, attempts, created_us FROM outbox
 WHERE state = 'due' AND due_us <= ?
 ORDER BY due_us, id LIMIT ? FOR UPDATE;

-- :outbox_lend (i64 due_us, u64 id...) -> affected primary
-- Taken for a while: a consumer that dies gives them back by itself.
UPDATE outbox SET due_us = ?, attempts = attempts + 1 WHERE id IN ({{?}});

-- :outbox_done (i64 now_us, u64 id...) -> affected primary
UPDATE outbox SET state = 'done', done_us = ?, last_error = ''
 WHERE state = 'due' AND id IN ({{?}});

-- :outbox_retry (i64 due_us, str error, u64 id) -> affected primary
UPDATE outbox SET due_us = ?, last_error = ? WHERE id = ? AND state = 'due';

-- :outbox_dead (i64 now_us, str error, u64 id) -> affected primary
UPDATE outbox SET state = 'dead', done_us = ?, last_error = ? WHERE id = ? AND state = 'due';

-- :outbox_oldest () -> row(i64? due_us, u64 dead) primary
SELECT (SELECT MIN(due_us) FROM outbox WHERE state = 'due'),
       (SELECT COUNT(*) FROM outbox WHERE state = 'dead');

-- :outbox_prune (i64 before_us) -> affected primary
DELETE FROM outbox WHERE state = 'done' AND due_us < ? LIMIT 1000;

-- :sold_count (u64 merchant, i64 after_us, i64 until_us) -> affected primary
-- Sold pieces for show: what was paid in a window that is over.
UPDATE product p JOIN (
  SELECT i.product_id, SUM(i.qty) AS n
    FROM orders o JOIN order_item i ON i.order_id = o.id
   WHERE o.merchant_id = ? AND o.paid_us > ? AND o.paid_us <= ?
   GROUP BY i.product_id) t ON t.product_id = p.id
   SET p.sold_n = p.sold_n + t.n;

-- :notice_reject_prune (u32 before_day) -> affected primary
DELETE FROM notice_reject WHERE day < ? LIMIT 1000;
