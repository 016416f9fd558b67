-- SPDX-License-Identifier: Apache-2.0
-- Statements of gateways and their differences from our books.

-- :statement_add (u64 merchant, u64 channel, str name, str format,
--   str headings, i64 from_us, i64 until_us, u64 staff, i64 now_us)
--   -> insert_id primary
INSERT INTO statement (merchant_id, channel_id, name, format, headings, state,
  from_us, until_us, staff_id, created_us)
VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?, ?);

-- :statement_lock (u64 merchant, u64 id) -> row(u64 channel, str format,
--   str headings, str state, i64 from_us, i64 until_us, str reader,
--   u32 next_chunk, u32 lines, u32 bad, str currency) primary
SELECT s.channel_id, s.format, s.headings, s.state, s.from_us, s.until_us,
  s.reader, s.next_chunk, s.lines_n, s.bad_n,
  (SELECT c.currency FROM channel c WHERE c.id = s.channel_id)
 FROM statement s WHERE s.merchant_id = ? AND s.id = ? FOR UPDATE;

-- :statement_one (u64 merchant, u64 id) -> row(u64 id, u64 channel, str name,
--   str format, str state, i64 from_us, i64 until_us, u32 next_chunk,
--   u32 lines, u32 bad, i64 created_us, str? channel_title) primary
SELECT s.id, s.channel_id, s.name, s.format, s.state, s.from_us, s.until_us,
  s.next_chunk, s.lines_n, s.bad_n, s.created_us, c.title
 FROM statement s LEFT JOIN channel c ON c.id = s.channel_id
 WHERE s.merchant_id = ? AND s.id = ?;

-- :statement_list (u64 merchant, u32 n, u32 skip) -> rows(u64 id, u64 channel,
--   str name, str format, str state, i64 from_us, i64 until_us, u32 next_chunk,
--   u32 lines, u32 bad, i64 created_us, str? channel_title, u64 open) primary
SELECT s.id, s.channel_id, s.name, s.format, s.state, s.from_us, s.until_us,
  s.next_chunk, s.lines_n, s.bad_n, s.created_us, c.title,
  (SELECT COUNT(*) FROM statement_line l
    WHERE l.statement_id = s.id AND l.state = 'open')
 FROM statement s LEFT JOIN channel c ON c.id = s.channel_id
 WHERE s.merchant_id = ? ORDER BY s.id DESC LIMIT ? OFFSET ?;

-- :statement_took (str reader, u32 lines, u32 bad, u64 id, u32 chunk)
--   -> affected primary
UPDATE statement SET reader = ?, next_chunk = next_chunk + 1,
  lines_n = lines_n + ?, bad_n = bad_n + ?
 WHERE id = ? AND next_chunk = ? AND state = 'open';

-- :statement_end (str state, i64 now_us, u64 id) -> affected primary
UPDATE statement SET state = ?, compared_us = ? WHERE id = ? AND state = 'open';

-- :statement_lines_add (u64 statement..., u64 channel..., u32 line..., str kind...,
--   str result..., str state..., str txn..., str order_no..., str at...,
--   i64 amount..., i64 fee..., str currency..., str note...) -> affected primary
INSERT INTO statement_line (statement_id, channel_id, line_no, kind, result,
  state, txn, order_no, at_text, amount_minor, fee_minor, currency, note)
VALUES {{(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}};

-- :statement_drop (u64 id) -> affected primary
-- Of a refused one only the reasons stay.
DELETE FROM statement_line WHERE statement_id = ? AND kind <> 'bad';

-- :statement_match_txn (u64 id) -> affected primary
-- By the gateway's id.
UPDATE statement_line l JOIN payment p
    ON p.channel_id = l.channel_id AND p.txn = l.txn AND p.state = 'success'
   SET l.payment_id = p.id, l.order_id = p.order_id,
   l.result = CASE WHEN p.amount_minor = l.amount_minor
     AND p.currency = l.currency THEN 'same' ELSE 'amount' END,
   l.state = CASE WHEN p.amount_minor = l.amount_minor
     AND p.currency = l.currency THEN 'closed' ELSE 'open' END
 WHERE l.statement_id = ? AND l.result = 'new' AND l.kind = 'payment'
   AND l.state = 'closed';

-- :statement_match_refund (u64 id) -> affected primary
UPDATE statement_line l JOIN payment p
    ON p.channel_id = l.channel_id AND p.txn = l.txn AND p.state = 'success'
  JOIN refund r ON r.payment_id = p.id AND r.state = 'done'
   AND r.amount_minor = l.amount_minor
   SET l.payment_id = p.id, l.order_id = p.order_id, l.result = 'same'
 WHERE l.statement_id = ? AND l.result = 'new' AND l.kind = 'refund'
   AND l.state = 'closed';

-- :statement_match_no (u64 merchant, u64 id) -> affected primary
-- What is not in our books is perhaps of an order of ours.
UPDATE statement_line l JOIN orders o
    ON o.no = l.order_no AND o.merchant_id = ?
   SET l.order_id = o.id,
   l.result = CASE WHEN l.kind = 'refund' THEN 'state' ELSE 'missing' END,
   l.state = 'open'
 WHERE l.statement_id = ? AND l.result = 'new' AND l.state = 'closed'
   AND l.kind IN ('payment', 'refund');

-- :statement_match_ref (u64 id) -> affected primary
UPDATE statement_line l JOIN payment p
    ON p.channel_id = l.channel_id AND p.provider_ref = l.txn
   SET l.order_id = p.order_id,
   l.result = CASE WHEN l.kind = 'refund' THEN 'state' ELSE 'missing' END,
   l.state = 'open'
 WHERE l.statement_id = ? AND l.result = 'new' AND l.state = 'closed'
   AND l.kind IN ('payment', 'refund');

-- :statement_match_rest (u64 id) -> affected primary
UPDATE statement_line SET
  result = CASE WHEN kind = 'refund' THEN 'state' ELSE 'missing' END,
  state = 'open'
 WHERE statement_id = ? AND result = 'new' AND state = 'closed'
   AND kind IN ('payment', 'refund');

-- :statement_absent (u64 statement, u64 channel, i64 from_us, i64 until_us,
--   u64 merchant) -> affected primary
-- Ours that no statement of this channel has.
INSERT INTO statement_line (statement_id, channel_id, line_no, kind, result,
  state, txn, order_no, at_text, amount_minor, fee_minor, currency,
  payment_id, order_id)
SELECT a.id, a.channel, 0, 'payment', 'absent', 'open', p.txn, o.no, '',
  p.amount_minor, 0, p.currency, p.id, p.order_id
 FROM (SELECT CAST(? AS UNSIGNED) AS id, CAST(? AS UNSIGNED) AS channel,
   CAST(? AS SIGNED) AS from_us, CAST(? AS SIGNED) AS until_us) a
 JOIN payment p ON p.merchant_id = ? AND p.settled_us >= a.from_us
   AND p.settled_us < a.until_us AND p.channel_id = a.channel
   AND p.state = 'success'
 JOIN orders o ON o.id = p.order_id
 LEFT JOIN statement_line x ON x.channel_id = p.channel_id AND x.txn = p.txn
   AND x.kind = 'payment'
 WHERE x.id IS NULL;

-- :statement_fees (u64 merchant, u64 statement, u32 n) -> rows(u64 payment,
--   u64 order, u64 channel, i64 fee, str currency) primary
-- Fees that are not in the ledger yet.
SELECT l.payment_id, MAX(l.order_id), MAX(l.channel_id), MAX(l.fee_minor),
  MAX(l.currency)
 FROM statement_line l LEFT JOIN ledger_entry e ON e.merchant_id = ?
   AND e.tx = CONVERT(CONCAT('fee:', l.payment_id) USING ascii) AND e.line = 1
 WHERE l.statement_id = ? AND l.result = 'same' AND l.kind = 'payment'
   AND l.fee_minor > 0 AND e.id IS NULL
 GROUP BY l.payment_id LIMIT ?;

-- :statement_lines (u64 statement, str state, u64 any_result, str result, u32 n,
--   u32 skip) -> rows(u64 id, u32 line, str kind, str result, str state,
--   str txn, str order_no, str at, i64 amount, i64 fee, str currency,
--   u64 payment, str? no, i64? our_amount, str? our_currency, str note)
--   primary
SELECT l.id, l.line_no, l.kind, l.result, l.state, l.txn, l.order_no,
  l.at_text, l.amount_minor, l.fee_minor, l.currency, l.payment_id, o.no,
  p.amount_minor, p.currency, l.note
 FROM statement_line l LEFT JOIN orders o ON o.id = l.order_id
 LEFT JOIN payment p ON p.id = l.payment_id
 WHERE l.statement_id = ? AND l.state = ? AND (? = 1 OR l.result = ?)
 ORDER BY l.id LIMIT ? OFFSET ?;

-- :statement_counts (u64 statement) -> rows(str result, str state, u64 n) primary
SELECT result, state, COUNT(*) FROM statement_line
 WHERE statement_id = ? GROUP BY result, state;

-- :statement_line_one (u64 merchant, u64 id) -> row(u64 statement, u64 channel,
--   u32 line, str kind, str result, str state, str txn, i64 amount,
--   str currency, str? no, str at) primary
SELECT l.statement_id, l.channel_id, l.line_no, l.kind, l.result, l.state,
  l.txn, l.amount_minor, l.currency, o.no, l.at_text
 FROM statement_line l
 JOIN statement s ON s.id = l.statement_id AND s.merchant_id = ?
 LEFT JOIN orders o ON o.id = l.order_id
 WHERE l.id = ?;

-- :statement_line_resolve (str note, u64 staff, i64 now_us, u64 payment, u64 id)
--   -> affected primary
UPDATE statement_line SET state = 'resolved', note = ?, staff_id = ?,
  resolved_us = ?, payment_id = CASE WHEN payment_id = 0 THEN ? ELSE payment_id END
 WHERE id = ? AND state = 'open';
