-- SPDX-License-Identifier: Apache-2.0
-- People of the panel.  All of it is read from the primary: a replica that
-- lags would let a session live on that has been ended.

-- ------------------------------------------------------------ accounts

-- :staff_by_name (u64 merchant, str username) -> row(u64 id, str username,
--   str password, blob? totp, u64 totp_last, str state, str lang, str role,
--   str permissions) primary
SELECT s.id, s.username, s.password, s.totp_sealed, s.totp_last, s.state,
       s.lang, COALESCE(r.name, ''), COALESCE(r.permissions, '')
  FROM staff s LEFT JOIN role r ON r.id = s.role_id
 WHERE s.merchant_id = ? AND s.username = ?;

-- :staff_by_id (u64 merchant, u64 id) -> row(u64 id, str username,
--   str password, blob? totp, u64 totp_last, str state, str lang, str role,
--   str permissions) primary
SELECT s.id, s.username, s.password, s.totp_sealed, s.totp_last, s.state,
       s.lang, COALESCE(r.name, ''), COALESCE(r.permissions, '')
  FROM staff s LEFT JOIN role r ON r.id = s.role_id
 WHERE s.merchant_id = ? AND s.id = ?;

-- :staff_add (u64 merchant, str username, str password, u64 role,
--   i64 created_us) -> insert_id primary
INSERT INTO staff (merchant_id, username, password, role_id, created_us)
VALUES (?, ?, ?, ?, ?);

-- :staff_set_password (str password, u64 id) -> affected primary
UPDATE staff SET password = ? WHERE id = ?;

-- :staff_set_totp (blob? totp, u64 totp_last, u64 id) -> affected primary
UPDATE staff SET totp_sealed = ?, totp_last = ? WHERE id = ?;

-- :staff_totp_used (u64 step, u64 id, u64 step_again) -> affected primary
-- A code works once, and none older than it afterwards.
UPDATE staff SET totp_last = ? WHERE id = ? AND totp_last < ?;

-- :staff_logged_in (i64 now_us, u64 id) -> affected primary
UPDATE staff SET login_us = ? WHERE id = ?;

-- :role_by_name (u64 merchant, str name) -> row(u64 id) primary
SELECT id FROM role WHERE merchant_id = ? AND name = ?;

-- ------------------------------------------------------------ throttle

-- :throttle_get (blob name_hash) -> row(u32 fails, i64 retry_us) primary
SELECT fails_n, retry_us FROM login_throttle WHERE name_hash = ? FOR UPDATE;

-- :throttle_set (blob name_hash, u32 fails, i64 retry_us, i64 last_us)
--   -> affected primary
INSERT INTO login_throttle (name_hash, fails_n, retry_us, last_us)
VALUES (?, ?, ?, ?)
ON DUPLICATE KEY UPDATE fails_n = VALUES(fails_n),
    retry_us = VALUES(retry_us), last_us = VALUES(last_us);

-- :throttle_clear (blob name_hash) -> affected primary
DELETE FROM login_throttle WHERE name_hash = ?;

-- :throttle_sweep (i64 before_us) -> affected primary
-- A few old rows with each failure: the table stays as small as the attempts
-- of the last day.
DELETE FROM login_throttle WHERE last_us < ? ORDER BY last_us LIMIT 20;

-- ------------------------------------------------------------ sessions

-- :session_add (blob token_hash, u64 staff, str stage, str address, str agent,
--   i64 created_us, i64 seen_us) -> affected primary
INSERT INTO staff_session (token_hash, staff_id, stage, address, agent,
    created_us, seen_us)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- :session_get (blob token_hash) -> row(u64 staff, str stage, i64 created_us,
--   i64 seen_us) primary
SELECT staff_id, stage, created_us, seen_us FROM staff_session
 WHERE token_hash = ?;

-- :session_seen (i64 now_us, blob token_hash) -> affected primary
UPDATE staff_session SET seen_us = ? WHERE token_hash = ?;

-- :session_rotate (blob fresh_hash, i64 created_us, i64 seen_us,
--   blob token_hash) -> affected primary
UPDATE staff_session
   SET token_hash = ?, stage = 'full', created_us = ?, seen_us = ?
 WHERE token_hash = ? AND stage = 'totp';

-- :session_end (blob token_hash) -> affected primary
DELETE FROM staff_session WHERE token_hash = ?;

-- :session_end_others (u64 staff, blob token_hash) -> affected primary
DELETE FROM staff_session WHERE staff_id = ? AND token_hash <> ?;

-- :session_list (u64 staff) -> rows(blob token_hash, str stage, str address,
--   str agent, i64 created_us, i64 seen_us) primary
SELECT token_hash, stage, address, agent, created_us, seen_us
  FROM staff_session WHERE staff_id = ? ORDER BY seen_us DESC LIMIT 100;

-- :session_sweep (i64 seen_before_us) -> affected primary
DELETE FROM staff_session WHERE seen_us < ? ORDER BY seen_us LIMIT 50;

-- :session_address_known (u64 merchant, str username, str address)
--   -> row(u64 n) primary
-- Has this account worked from that address, in a session still on record?
SELECT COUNT(*) FROM staff_session t
  JOIN staff s ON s.id = t.staff_id
 WHERE s.merchant_id = ? AND s.username = ? AND t.address = ?
   AND t.stage = 'full';
