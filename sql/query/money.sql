-- SPDX-License-Identifier: Apache-2.0
-- Channels, payments, the notice inbox and the ledger.

-- ------------------------------------------------------------ channels

-- :channel_by_name (u64 merchant, str name) -> row(u64 id, str name,
--   str gateway, str title, str title_en, str state, str device, str currency,
--   u32 fee_permyriad, i64 fee_fixed, str fee_payer, i64 min, i64 max, i32 sort,
--   str options, blob? secrets, u32 version, str? fetched, str? ask_back) primary
SELECT c.id, c.name, c.gateway, c.title, c.title_en, c.state, c.device, c.currency,
  c.fee_permyriad, c.fee_fixed_minor, c.fee_payer, c.min_minor, c.max_minor, c.sort,
  c.options, c.secrets, c.version, k.fetched, a.value
 FROM channel c LEFT JOIN channel_keys k ON k.channel_id = c.id
 LEFT JOIN setting a ON a.merchant_id = c.merchant_id AND a.name = 'ask_back_minor'
 WHERE c.merchant_id = ? AND c.name = ?;

-- :channel_by_id (u64 merchant, u64 id) -> row(u64 id, str name,
--   str gateway, str title, str title_en, str state, str device, str currency,
--   u32 fee_permyriad, i64 fee_fixed, str fee_payer, i64 min, i64 max, i32 sort,
--   str options, blob? secrets, u32 version, str? fetched, str? ask_back) primary
SELECT c.id, c.name, c.gateway, c.title, c.title_en, c.state, c.device, c.currency,
  c.fee_permyriad, c.fee_fixed_minor, c.fee_payer, c.min_minor, c.max_minor, c.sort,
  c.options, c.secrets, c.version, k.fetched, a.value
 FROM channel c LEFT JOIN channel_keys k ON k.channel_id = c.id
 LEFT JOIN setting a ON a.merchant_id = c.merchant_id AND a.name = 'ask_back_minor'
 WHERE c.merchant_id = ? AND c.id = ?;

-- :channel_all (u64 merchant) -> rows(u64 id, str name,
--   str gateway, str title, str title_en, str state, str device, str currency,
--   u32 fee_permyriad, i64 fee_fixed, str fee_payer, i64 min, i64 max, i32 sort,
--   str options, blob? secrets, u32 version, str? fetched) primary
SELECT c.id, c.name, c.gateway, c.title, c.title_en, c.state, c.device, c.currency,
  c.fee_permyriad, c.fee_fixed_minor, c.fee_payer, c.min_minor, c.max_minor, c.sort,
  c.options, c.secrets, c.version, k.fetched
 FROM channel c LEFT JOIN channel_keys k ON k.channel_id = c.id
 WHERE c.merchant_id = ? ORDER BY c.sort, c.id;

-- :channel_add (u64 merchant, str name, str gateway, str title, str title_en,
--   str state, str device, str currency, u32 fee_permyriad, i64 fee_fixed,
--   str fee_payer, i64 min, i64 max, i32 sort, str options, i64 now_us,
--   i64 now_again) -> insert_id primary
INSERT INTO channel (merchant_id, name, gateway, title, title_en, state,
  device, currency, fee_permyriad, fee_fixed_minor, fee_payer, min_minor,
  max_minor, sort, options, created_us, updated_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- :channel_change (str title, str title_en, str state, str device,
--   str currency, u32 fee_permyriad, i64 fee_fixed, str fee_payer, i64 min,
--   i64 max, i32 sort, str options, i64 now_us, u64 id, u32 version)
--   -> affected primary
UPDATE channel SET title = ?, title_en = ?, state = ?, device = ?,
  currency = ?, fee_permyriad = ?, fee_fixed_minor = ?, fee_payer = ?,
  min_minor = ?, max_minor = ?, sort = ?, options = ?, updated_us = ?,
  version = version + 1
 WHERE id = ? AND version = ?;

-- :channel_secrets (blob secrets, u64 id) -> affected primary
UPDATE channel SET secrets = ? WHERE id = ?;

-- Keys that a gateway gives out itself.  A channel without a row has never
-- been looked at.  Taking one moves its time ahead: who took it and died
-- gives it back by that.

-- :keys_due (u64 merchant, str gateway, i64 now_us, u32 n) -> rows(u64 id,
--   i64? due_us, u32? failed) primary
SELECT c.id, k.due_us, k.failed_n
 FROM channel c LEFT JOIN channel_keys k ON k.channel_id = c.id
 WHERE c.merchant_id = ? AND c.gateway = ? AND COALESCE(k.due_us, 0) <= ?
 ORDER BY c.id LIMIT ?;

-- :keys_add (u64 channel, i64 now_us, i64 due_us) -> affected primary
INSERT INTO channel_keys (channel_id, tried_us, due_us, failed_n)
VALUES (?, ?, ?, 1);

-- :keys_take (i64 now_us, i64 due_us, u64 channel, i64 old_due_us)
--   -> affected primary
UPDATE channel_keys SET tried_us = ?, due_us = ?, failed_n = failed_n + 1
 WHERE channel_id = ? AND due_us = ?;

-- :keys_done (i64 due_us, u64 channel, i64 tried_us) -> affected primary
UPDATE channel_keys SET due_us = ?, failed_n = 0
 WHERE channel_id = ? AND tried_us = ?;

-- :keys_keep (str fetched, u64 channel, i64 tried_us) -> affected primary
UPDATE channel_keys SET fetched = ? WHERE channel_id = ? AND tried_us = ?;

-- :channel_newer (i64 now_us, u64 id, u32 version) -> affected primary
UPDATE channel SET updated_us = ?, version = version + 1
 WHERE id = ? AND version = ?;

-- :keys_wish (i64 now_us, i64 pause_us, u64 channel, i64 now_again,
--   i64 pause_again) -> affected primary
UPDATE channel_keys SET due_us = GREATEST(?, tried_us + ?)
 WHERE channel_id = ? AND due_us > GREATEST(?, tried_us + ?);

-- :keys_forget (u64 channel) -> affected primary
DELETE FROM channel_keys WHERE channel_id = ?;

-- ------------------------------------------------------------ payments

-- :payment_open (u64 merchant, u64 order, u64 channel, i64 amount,
--   str currency, str provider_ref, str pay_url, str qr_text, i64 until_us,
--   i64 ends_us, i64 next_ask_us, i64 now_us) -> insert_id primary
INSERT INTO payment (merchant_id, order_id, channel_id, state, amount_minor,
  currency, provider_ref, pay_url, qr_text, until_us, ends_us, next_ask_us,
  created_us)
VALUES (?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- :payment_reopen (str pay_url, str qr_text, i64 until_us, i64 ends_us, u64 id)
--   -> affected primary
-- The same payment with a fresh link or code.
UPDATE payment SET pay_url = ?, qr_text = ?, until_us = ?, ends_us = ?
 WHERE id = ? AND state = 'pending';

-- :payment_of (u64 order, u64 channel) -> rows(u64 id, str state, i64 amount,
--   str currency, str provider_ref, str pay_url, str qr_text, str? txn,
--   i64 until_us, i64 ends_us) primary
SELECT id, state, amount_minor, currency, provider_ref, pay_url, qr_text, txn,
  until_us, ends_us
 FROM payment WHERE order_id = ? AND channel_id = ? ORDER BY id DESC;

-- :payment_success (str role, i64 amount, i64 applied, str currency, str txn,
--   str case_state, i64 now_us, u64 id) -> affected primary
UPDATE payment SET state = 'success', role = ?, amount_minor = ?,
  applied_minor = ?, currency = ?, txn = ?, case_state = ?, settled_us = ?
 WHERE id = ? AND state IN ('initiated', 'pending', 'expired', 'failed');

-- :payment_add_success (u64 merchant, u64 order, u64 channel, str role,
--   i64 amount, i64 applied, str currency, str txn, str case_state, i64 now_us,
--   i64 now_again) -> insert_id primary
INSERT INTO payment (merchant_id, order_id, channel_id, state, role,
  amount_minor, applied_minor, currency, txn, case_state, created_us,
  settled_us)
VALUES (?, ?, ?, 'success', ?, ?, ?, ?, ?, ?, ?, ?);

-- :payment_parts (u64 order, str currency) -> rows(u64 id, u64 channel,
--   str txn, i64 amount) primary
SELECT p.id, p.channel_id, COALESCE(p.txn, ''), p.amount_minor FROM payment p
 WHERE p.order_id = ? AND p.currency = ? AND p.state = 'success'
   AND p.role = 'under' AND p.case_state = 'open' AND p.applied_minor = 0
   AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.order_id = p.order_id
     AND r.payment_id = p.id AND r.state NOT IN ('failed', 'cancelled'))
 ORDER BY p.id;

-- :payment_part_apply (u64 id) -> affected primary
UPDATE payment SET applied_minor = amount_minor, case_state = 'closed'
 WHERE id = ? AND state = 'success' AND role = 'under'
   AND case_state = 'open' AND applied_minor = 0;

-- :notice_part_apply (i64 now_us, u64 order, u64 channel, str txn)
--   -> affected primary
UPDATE notice SET state = 'applied', reason = 'completed', applied_us = ?
 WHERE order_id = ? AND channel_id = ? AND txn = ? AND state = 'held';

-- :payment_by_txn (u64 channel, str txn) -> row(u64 id, u64 order, str state,
--   i64 amount, str role) primary
SELECT id, order_id, state, amount_minor, role
 FROM payment WHERE channel_id = ? AND txn = ?;

-- :order_no_by_ref (u64 channel, str provider_ref) -> row(str no) primary
SELECT o.no FROM payment p JOIN orders o ON o.id = p.order_id
 WHERE p.channel_id = ? AND p.provider_ref = ? ORDER BY p.id DESC LIMIT 1;

-- :order_no_by_txn (u64 channel, str txn) -> row(str no) primary
SELECT o.no FROM payment p JOIN orders o ON o.id = p.order_id
 WHERE p.channel_id = ? AND p.txn = ?;

-- :payments_end (str state, u64 order) -> affected primary
-- Open payments of an order that is over.
UPDATE payment SET state = ? WHERE order_id = ? AND state IN ('initiated', 'pending');

-- :payments_to_ask (i64 now_us, u32 n) -> rows(u64 id, u64 order, str no,
--   u64 channel, i64 amount, str currency, str provider_ref, u32 asked_n,
--   i64 created_us, str order_state, i64 expires_us) primary
SELECT p.id, p.order_id, o.no, p.channel_id, p.amount_minor, p.currency,
  p.provider_ref, p.asked_n, p.created_us, o.state, o.expires_us
 FROM payment p JOIN orders o ON o.id = p.order_id
 WHERE p.state = 'pending' AND p.next_ask_us BETWEEN 1 AND ?
 ORDER BY p.next_ask_us LIMIT ?;

-- :payment_asked (i64 next_ask_us, u64 id, u32 asked_n) -> affected primary
-- Takes the turn: two machines that read the same row do not both ask.
UPDATE payment SET next_ask_us = ?, asked_n = asked_n + 1
 WHERE id = ? AND asked_n = ? AND state = 'pending';

-- ------------------------------------------------------------ the inbox

-- :notice_add (u64 merchant, u64 channel, u64? order, str state, str reason,
--   str source, blob dedupe, str txn, i64 amount, str currency, blob body_hash,
--   i64 now_us, i64 applied_us) -> affected primary
-- 1: new, 2: a repeat, which is counted and nothing more.
INSERT INTO notice (merchant_id, channel_id, order_id, state, reason, source,
  dedupe, txn, amount_minor, currency, body_hash, received_us, applied_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE repeats_n = repeats_n + 1;

-- :notice_find (u64 channel, blob dedupe) -> row(u64 id, str state, u64? order,
--   str reason) primary
SELECT id, state, order_id, reason FROM notice
 WHERE channel_id = ? AND dedupe = ? FOR UPDATE;

-- :notice_verdict (str state, str reason, u64? order, i64 applied_us, u64 channel,
--   blob dedupe) -> affected primary
UPDATE notice SET state = ?, reason = ?, order_id = ?, applied_us = ?
 WHERE channel_id = ? AND dedupe = ?;

-- :notice_raw_add (str method, blob query, blob headers, blob body,
--   u64 channel, blob dedupe) -> affected primary
INSERT INTO notice_raw (notice_id, method, query, headers, body)
SELECT id, ?, ?, ?, ? FROM notice WHERE channel_id = ? AND dedupe = ?;

-- :notice_reject_count (u64 merchant, u64 channel, u32 day, str reason,
--   u64 n, i64 now_us, i64 now_again, blob sample, str sample_from) -> affected primary
INSERT INTO notice_reject (merchant_id, channel_id, day, reason, n, first_us,
  last_us, sample, sample_from)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE n = n + VALUES(n), last_us = VALUES(last_us),
  sample = VALUES(sample), sample_from = VALUES(sample_from);

-- ------------------------------------------------------------ the ledger

-- :ledger_add (u64 merchant..., str tx..., u32 line..., str account...,
--   u64 channel..., u64 order..., u64 payment..., u64 refund..., i64 amount...,
--   str currency..., i64 at_us...) -> affected primary
INSERT INTO ledger_entry (merchant_id, tx, line, account, channel_id,
  order_id, payment_id, refund_id, amount_minor, currency, at_us)
VALUES {{(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}};
