-- SPDX-License-Identifier: Apache-2.0
-- The ledger and what is counted from it.  The accounts stand in the WHERE of
-- whole periods: that is the key by_account, one range each.

-- :ledger_span (u64 merchant, i64 from_us, i64 until_us) -> row(u64? first,
--   u64? last) replica-ok
-- Which part of the table a period is: entries are written in order.
SELECT MIN(id), MAX(id) FROM ledger_entry
 WHERE merchant_id = ? AND account IN ('receivable', 'sales', 'fees',
   'fee_income', 'refunds', 'liability', 'correction')
   AND at_us >= ? AND at_us < ?;

-- :ledger_page (u64 merchant, u64 first, u64 last, i64 from_us, i64 until_us,
--   u64 any_account, str account, u32 n, u32 skip) -> rows(u64 id, str tx,
--   u32 line, str account, i64 amount, str currency, i64 at_us, u64 payment,
--   u64 refund, str? channel_title, str? no, i64 tx_sum) replica-ok
SELECT l.id, l.tx, l.line, l.account, l.amount_minor, l.currency, l.at_us,
  l.payment_id, l.refund_id, c.title, o.no,
  CAST((SELECT SUM(z.amount_minor) FROM ledger_entry z
    WHERE z.merchant_id = l.merchant_id AND z.tx = l.tx) AS SIGNED)
 FROM ledger_entry l LEFT JOIN channel c ON c.id = l.channel_id
 LEFT JOIN orders o ON o.id = l.order_id
 WHERE l.merchant_id = ? AND l.id >= ? AND l.id <= ?
   AND l.at_us >= ? AND l.at_us < ? AND (? = 1 OR l.account = ?)
 ORDER BY l.id DESC LIMIT ? OFFSET ?;

-- :ledger_of_order (u64 merchant, str no, u32 n) -> rows(u64 id, str tx,
--   u32 line, str account, i64 amount, str currency, i64 at_us, u64 payment,
--   u64 refund, str? channel_title, str? no, i64 tx_sum) replica-ok
SELECT l.id, l.tx, l.line, l.account, l.amount_minor, l.currency, l.at_us,
  l.payment_id, l.refund_id, c.title, o.no,
  CAST((SELECT SUM(z.amount_minor) FROM ledger_entry z
    WHERE z.merchant_id = l.merchant_id AND z.tx = l.tx) AS SIGNED)
 FROM orders o JOIN ledger_entry l ON l.order_id = o.id
 LEFT JOIN channel c ON c.id = l.channel_id
 WHERE o.merchant_id = ? AND o.no = ? ORDER BY l.id DESC LIMIT ?;

-- :ledger_export (u64 merchant, u64 after, u64 last, i64 from_us, i64 until_us,
--   u64 any_account, str account, u32 n) -> rows(u64 id, str tx,
--   u32 line, str account, i64 amount, str currency, i64 at_us, u64 payment,
--   u64 refund, str? channel_title, str? no) replica-ok
-- One piece of an export, oldest first.
SELECT l.id, l.tx, l.line, l.account, l.amount_minor, l.currency, l.at_us,
  l.payment_id, l.refund_id, c.title, o.no
 FROM ledger_entry l LEFT JOIN channel c ON c.id = l.channel_id
 LEFT JOIN orders o ON o.id = l.order_id
 WHERE l.merchant_id = ? AND l.id > ? AND l.id <= ?
   AND l.at_us >= ? AND l.at_us < ? AND (? = 1 OR l.account = ?)
 ORDER BY l.id LIMIT ?;

-- :ledger_sums (u64 merchant, i64 from_us, i64 until_us) -> rows(str account,
--   str currency, u64 n, i64 debit, i64 credit) replica-ok
SELECT account, currency, COUNT(*),
  CAST(SUM(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END) AS SIGNED),
  CAST(SUM(CASE WHEN amount_minor < 0 THEN -amount_minor ELSE 0 END) AS SIGNED)
 FROM ledger_entry
 WHERE merchant_id = ? AND account IN ('receivable', 'sales', 'fees',
   'fee_income', 'refunds', 'liability', 'correction')
   AND at_us >= ? AND at_us < ?
 GROUP BY account, currency ORDER BY account, currency;

-- :ledger_running (u64 merchant, str account, str currency, i64 from_us,
--   u64 id) -> row(i64 amount) replica-ok
-- Of one account from the beginning of a period up to one entry.
SELECT CAST(COALESCE(SUM(amount_minor), 0) AS SIGNED) FROM ledger_entry
 WHERE merchant_id = ? AND account = ? AND currency = ? AND at_us >= ?
   AND id <= ?;

-- ------------------------------------------------------------ finance

-- :finance_money_day (i64 zone_us, i64 day_us, u64 merchant, str currency,
--   i64 from_us, i64 until_us, u32 n) -> rows(i64 key, str name, i64 revenue,
--   i64 fees, i64 refunds) replica-ok
SELECT CAST((at_us + ?) DIV ? AS SIGNED) AS k, '',
  CAST(SUM(CASE WHEN account IN ('sales', 'fee_income') THEN -amount_minor ELSE 0 END) AS SIGNED),
  CAST(SUM(CASE WHEN account = 'fees' THEN amount_minor ELSE 0 END) AS SIGNED),
  CAST(SUM(CASE WHEN account = 'refunds' THEN amount_minor ELSE 0 END) AS SIGNED)
 FROM ledger_entry
 WHERE merchant_id = ? AND account IN ('sales', 'fee_income', 'fees', 'refunds')
   AND currency = ? AND at_us >= ? AND at_us < ?
 GROUP BY k ORDER BY k DESC LIMIT ?;

-- :finance_money_channel (u64 merchant, str currency, i64 from_us,
--   i64 until_us, u32 n) -> rows(i64 key, str name, i64 revenue, i64 fees,
--   i64 refunds) replica-ok
SELECT CAST(l.channel_id AS SIGNED), COALESCE(MAX(c.title), ''),
  CAST(SUM(CASE WHEN account IN ('sales', 'fee_income') THEN -amount_minor ELSE 0 END) AS SIGNED),
  CAST(SUM(CASE WHEN account = 'fees' THEN amount_minor ELSE 0 END) AS SIGNED),
  CAST(SUM(CASE WHEN account = 'refunds' THEN amount_minor ELSE 0 END) AS SIGNED)
 FROM ledger_entry l LEFT JOIN channel c ON c.id = l.channel_id
 WHERE l.merchant_id = ? AND l.account IN ('sales', 'fee_income', 'fees', 'refunds')
   AND l.currency = ? AND l.at_us >= ? AND l.at_us < ?
 GROUP BY l.channel_id ORDER BY 3 DESC LIMIT ?;

-- :finance_money_product (u64 merchant, str currency, i64 from_us,
--   i64 until_us, u32 n) -> rows(i64 key, str name, i64 revenue, i64 fees,
--   i64 refunds) replica-ok
-- An order has one item today; of several, all would count for the first.
SELECT CAST(COALESCE(i.product_id, 0) AS SIGNED) AS k, COALESCE(MAX(i.product_name), ''),
  CAST(SUM(CASE WHEN account IN ('sales', 'fee_income') THEN -amount_minor ELSE 0 END) AS SIGNED),
  CAST(SUM(CASE WHEN account = 'fees' THEN amount_minor ELSE 0 END) AS SIGNED),
  CAST(SUM(CASE WHEN account = 'refunds' THEN amount_minor ELSE 0 END) AS SIGNED)
 FROM ledger_entry l LEFT JOIN order_item i ON i.id = (
   SELECT MIN(f.id) FROM order_item f WHERE f.order_id = l.order_id)
 WHERE l.merchant_id = ? AND l.account IN ('sales', 'fee_income', 'fees', 'refunds')
   AND l.currency = ? AND l.at_us >= ? AND l.at_us < ?
 GROUP BY k ORDER BY 3 DESC LIMIT ?;

-- :finance_cost_day (i64 zone_us, i64 day_us, u64 merchant, i64 from_us,
--   i64 until_us, u32 n) -> rows(i64 key, str name, i64 cost, u64 orders)
--   replica-ok
SELECT CAST((o.paid_us + ?) DIV ? AS SIGNED) AS k, '',
  CAST(SUM(i.cost_minor * i.delivered_n) AS SIGNED), COUNT(DISTINCT o.id)
 FROM orders o JOIN order_item i ON i.order_id = o.id
 WHERE o.merchant_id = ? AND o.paid_us >= ? AND o.paid_us < ? AND o.paid_us > 0
 GROUP BY k ORDER BY k DESC LIMIT ?;

-- :finance_cost_channel (u64 merchant, i64 from_us, i64 until_us, u32 n)
--   -> rows(i64 key, str name, i64 cost, u64 orders) replica-ok
SELECT CAST(o.channel_id AS SIGNED), COALESCE(MAX(c.title), ''),
  CAST(SUM(i.cost_minor * i.delivered_n) AS SIGNED), COUNT(DISTINCT o.id)
 FROM orders o JOIN order_item i ON i.order_id = o.id
 LEFT JOIN channel c ON c.id = o.channel_id
 WHERE o.merchant_id = ? AND o.paid_us >= ? AND o.paid_us < ? AND o.paid_us > 0
 GROUP BY o.channel_id ORDER BY 4 DESC LIMIT ?;

-- :finance_cost_product (u64 merchant, i64 from_us, i64 until_us, u32 n)
--   -> rows(i64 key, str name, i64 cost, u64 orders) replica-ok
SELECT CAST(i.product_id AS SIGNED), MAX(i.product_name),
  CAST(SUM(i.cost_minor * i.delivered_n) AS SIGNED), COUNT(DISTINCT o.id)
 FROM orders o JOIN order_item i ON i.order_id = o.id
 WHERE o.merchant_id = ? AND o.paid_us >= ? AND o.paid_us < ? AND o.paid_us > 0
 GROUP BY i.product_id ORDER BY 4 DESC LIMIT ?;
