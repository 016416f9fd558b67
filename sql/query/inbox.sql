-- SPDX-License-Identifier: Apache-2.0
-- The notice inbox and the payments, as the panel looks at them.

-- :notice_list (u64 merchant, u64 any_state, str state, u64 any_channel,
--   u64 channel, u32 n, u32 skip) -> rows(u64 id, str state, str reason,
--   str source, str txn, i64 amount, str currency, i64 received_us,
--   u32 repeats, str? channel_title, str? no) replica-ok
SELECT n.id, n.state, n.reason, n.source, n.txn, n.amount_minor, n.currency,
  n.received_us, n.repeats_n, c.title, o.no
 FROM notice n LEFT JOIN channel c ON c.id = n.channel_id
 LEFT JOIN orders o ON o.id = n.order_id
 WHERE n.merchant_id = ? AND (? = 1 OR n.state = ?)
   AND (? = 1 OR n.channel_id = ?)
 ORDER BY n.id DESC LIMIT ? OFFSET ?;

-- :notice_list_order (u64 merchant, str no, u32 n) -> rows(u64 id, str state,
--   str reason, str source, str txn, i64 amount, str currency,
--   i64 received_us, u32 repeats, str? channel_title, str? no) replica-ok
SELECT n.id, n.state, n.reason, n.source, n.txn, n.amount_minor, n.currency,
  n.received_us, n.repeats_n, c.title, o.no
 FROM orders o JOIN notice n ON n.order_id = o.id
 LEFT JOIN channel c ON c.id = n.channel_id
 WHERE o.merchant_id = ? AND o.no = ?
 ORDER BY n.id DESC LIMIT ?;

-- :notice_waiting (u64 merchant) -> rows(str state, u64 n) replica-ok
SELECT state, COUNT(*) FROM notice
 WHERE merchant_id = ? AND state IN ('received', 'held', 'failed')
 GROUP BY state;

-- :notice_one (u64 merchant, u64 id) -> row(u64 id, u64 channel, str state,
--   str reason, str source, str txn, i64 amount, str currency,
--   i64 received_us, i64 applied_us, u32 repeats, str? channel_title,
--   str? channel_name, str? no, str? method, blob? query, blob? headers,
--   blob? body) primary
SELECT n.id, n.channel_id, n.state, n.reason, n.source, n.txn,
  n.amount_minor, n.currency, n.received_us, n.applied_us, n.repeats_n,
  c.title, c.name, o.no, r.method, r.query, r.headers, r.body
 FROM notice n LEFT JOIN notice_raw r ON r.notice_id = n.id
 LEFT JOIN channel c ON c.id = n.channel_id
 LEFT JOIN orders o ON o.id = n.order_id
 WHERE n.merchant_id = ? AND n.id = ?;

-- :notice_ignore (u64 merchant, u64 id) -> affected primary
-- The reason first: it asks for the state before.  Of what was held the money
-- is booked; what failed may still come again and is then worked on again.
UPDATE notice SET
  reason = CASE WHEN state = 'held' AND reason <> 'unconfirmed'
    THEN 'held_closed' ELSE 'by_hand' END,
  state = 'ignored'
 WHERE merchant_id = ? AND id = ? AND state IN ('received', 'held', 'failed');

-- :notice_rejects (u64 merchant, i64 since_us, u32 n) -> rows(str? channel,
--   str reason, u64 n, i64 first_us, i64 last_us, blob sample,
--   str sample_from) replica-ok
SELECT c.title, r.reason, r.n, r.first_us, r.last_us, r.sample, r.sample_from
 FROM notice_reject r LEFT JOIN channel c ON c.id = r.channel_id
 WHERE r.merchant_id = ? AND r.last_us >= ?
 ORDER BY r.last_us DESC LIMIT ?;

-- ------------------------------------------------------------ payments

-- :payment_list (u64 merchant, u64 any_state, str state, u64 any_channel,
--   u64 channel, u64 any_role, str role, u32 n, u32 skip) -> rows(u64 id,
--   str state, str role, i64 amount, str currency, str? txn,
--   str provider_ref, str case_state, u32 asked, i64 created_us,
--   i64 settled_us, str? channel_title, str? no, str? order_state) replica-ok
SELECT p.id, p.state, p.role, p.amount_minor, p.currency, p.txn,
  p.provider_ref, p.case_state, p.asked_n, p.created_us, p.settled_us,
  c.title, o.no, o.state
 FROM payment p LEFT JOIN channel c ON c.id = p.channel_id
 LEFT JOIN orders o ON o.id = p.order_id
 WHERE p.merchant_id = ? AND (? = 1 OR p.state = ?)
   AND (? = 1 OR p.channel_id = ?) AND (? = 1 OR p.role = ?)
 ORDER BY p.id DESC LIMIT ? OFFSET ?;

-- :payment_list_cases (u64 merchant, u32 n, u32 skip) -> rows(u64 id,
--   str state, str role, i64 amount, str currency, str? txn,
--   str provider_ref, str case_state, u32 asked, i64 created_us,
--   i64 settled_us, str? channel_title, str? no, str? order_state) replica-ok
SELECT p.id, p.state, p.role, p.amount_minor, p.currency, p.txn,
  p.provider_ref, p.case_state, p.asked_n, p.created_us, p.settled_us,
  c.title, o.no, o.state
 FROM payment p LEFT JOIN channel c ON c.id = p.channel_id
 LEFT JOIN orders o ON o.id = p.order_id
 WHERE p.merchant_id = ? AND p.case_state = 'open'
 ORDER BY p.settled_us LIMIT ? OFFSET ?;

-- :payment_list_word (u64 merchant, str txn, u64 merchant_ref,
--   str provider_ref, u64 merchant_no, str no, u32 n)
--   -> rows(u64 id, str state, str role, i64 amount, str currency, str? txn,
--   str provider_ref, str case_state, u32 asked, i64 created_us,
--   i64 settled_us, str? channel_title, str? no, str? order_state) replica-ok
-- By what a person has in hand: an id of the gateway, or an order number.
SELECT p.id, p.state, p.role, p.amount_minor, p.currency, p.txn,
  p.provider_ref, p.case_state, p.asked_n, p.created_us, p.settled_us,
  c.title, o.no, o.state
 FROM ((SELECT a.id FROM channel k JOIN payment a ON a.channel_id = k.id
         WHERE k.merchant_id = ? AND a.txn = ? LIMIT 50)
       UNION
       (SELECT d.id FROM channel h JOIN payment d ON d.channel_id = h.id
         WHERE h.merchant_id = ? AND d.provider_ref = ? LIMIT 50)
       UNION
       (SELECT b.id FROM orders w JOIN payment b ON b.order_id = w.id
         WHERE w.merchant_id = ? AND w.no = ? LIMIT 50)) AS hit
 JOIN payment p ON p.id = hit.id
 LEFT JOIN channel c ON c.id = p.channel_id
 LEFT JOIN orders o ON o.id = p.order_id
 ORDER BY p.id DESC LIMIT ?;
