-- SPDX-License-Identifier: Apache-2.0
-- The audit chain: one head a merchant, locked while a row is added, so seq
-- has no hole and each row knows the one before it.

-- :audit_head_lock (u64 merchant) -> row(u64 seq, blob hash) primary
SELECT seq, hash FROM audit_head WHERE merchant_id = ? FOR UPDATE;

-- :audit_head_get (u64 merchant) -> row(u64 seq, blob hash) primary
SELECT seq, hash FROM audit_head WHERE merchant_id = ?;

-- :audit_head_add (u64 merchant, blob hash) -> affected primary
INSERT INTO audit_head (merchant_id, seq, hash) VALUES (?, 0, ?)
ON DUPLICATE KEY UPDATE seq = seq;

-- :audit_head_move (u64 seq, blob hash, u64 merchant, u64 from_seq)
--   -> affected primary
UPDATE audit_head SET seq = ?, hash = ? WHERE merchant_id = ? AND seq = ?;

-- :audit_add (u64 merchant, u64 seq, i64 at_us, u64 staff, str actor,
--   str action, str object, str address, str detail, blob hash)
--   -> affected primary
INSERT INTO audit_log (merchant_id, seq, at_us, staff_id, actor, action,
    object, address, detail, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- :audit_after (u64 merchant, u64 seq, u64 n) -> rows(u64 seq, i64 at_us,
--   u64 staff, str actor, str action, str object, str address, str detail,
--   blob hash) primary
-- Upward, for checking the chain.
SELECT seq, at_us, staff_id, actor, action, object, address, detail, hash
  FROM audit_log WHERE merchant_id = ? AND seq > ? ORDER BY seq LIMIT ?;

-- :audit_list (u64 merchant, u64 skip, u64 n) -> rows(u64 seq, i64 at_us,
--   u64 staff, str actor, str action, str object, str address, str detail,
--   blob hash) replica-ok
SELECT seq, at_us, staff_id, actor, action, object, address, detail, hash
  FROM audit_log WHERE merchant_id = ? ORDER BY seq DESC LIMIT ?, ?;

-- :audit_list_object (u64 merchant, str object, u64 skip, u64 n)
--   -> rows(u64 seq, i64 at_us, u64 staff, str actor, str action, str object,
--   str address, str detail, blob hash) replica-ok
SELECT seq, at_us, staff_id, actor, action, object, address, detail, hash
  FROM audit_log WHERE merchant_id = ? AND object = ?
 ORDER BY seq DESC LIMIT ?, ?;

-- :audit_count_object (u64 merchant, str object) -> row(u64 n) replica-ok
SELECT COUNT(*) FROM audit_log WHERE merchant_id = ? AND object = ?;

-- :audit_actor (u64 merchant, u64 staff) -> row(str username) primary
SELECT username FROM staff WHERE merchant_id = ? AND id = ?;
