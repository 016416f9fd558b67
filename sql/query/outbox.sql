-- SPDX-License-Identifier: Apache-2.0
-- What leaves the shop is written in the transaction that causes it; the jobs
-- read it afterwards.

-- :outbox_add (u64 merchant, str kind, u64 object, str dedupe, str payload,
--   i64 due_us, i64 created_us) -> affected primary
-- A message that is there already stays as it is: one a cause.
INSERT INTO outbox (merchant_id, kind, object_id, dedupe, payload, due_us,
    created_us)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE id = id;

-- :outbox_order_event (u64 object, str dedupe, i64 due_us, i64 created_us,
--   u64 merchant) -> affected primary
-- A move of an order that no mail tells of: noted only where a webhook listens.
INSERT INTO outbox (merchant_id, kind, object_id, dedupe, payload, due_us, created_us)
SELECT w.merchant_id, 'order_event', ?, ?, '', ?, ? FROM webhook w
 WHERE w.merchant_id = ? AND w.active = 1 ORDER BY w.id LIMIT 1
ON DUPLICATE KEY UPDATE outbox.id = outbox.id;

-- :outbox_rows (u64 merchant, str state, u32 tries_from, u32 tries_to, u32 n,
--   u32 skip) -> rows(u64 id, str kind, u64 object, str payload, str state,
--   u32 attempts, str error, i64 due_us, i64 created_us, i64 done_us) primary
SELECT id, kind, object_id, payload, state, attempts, last_error, due_us,
  created_us, done_us
 FROM outbox WHERE merchant_id = ? AND state = ? AND attempts >= ? AND attempts <= ?
 ORDER BY due_us, id LIMIT ? OFFSET ?;

-- :outbox_mails (u64 merchant, u64 below, u32 n) -> rows(u64 id, str kind,
--   u64 object, str payload, str state, u32 attempts, str error, i64 due_us,
--   i64 created_us, i64 done_us) primary
SELECT id, kind, object_id, payload, state, attempts, last_error, due_us,
  created_us, done_us
 FROM outbox WHERE merchant_id = ? AND id < ? AND kind LIKE 'mail!_%' ESCAPE '!'
 ORDER BY id DESC LIMIT ?;

-- :outbox_counts (u64 merchant) -> row(u64 due, u64 retrying, u64 dead,
--   u64 dropped) primary
SELECT COALESCE(SUM(state = 'due' AND attempts = 0), 0),
       COALESCE(SUM(state = 'due' AND attempts > 0), 0),
       COALESCE(SUM(state = 'dead'), 0), COALESCE(SUM(state = 'dropped'), 0)
 FROM outbox WHERE state IN ('due', 'dead', 'dropped') AND merchant_id = ?;

-- :outbox_again (i64 due_us, u64 id, u64 merchant, i64 lent_until_us)
--   -> affected primary
-- What waits for its next attempt, not what somebody is sending just now; of
-- what was sent, mails only.
UPDATE outbox SET state = 'due', due_us = ?, attempts = 0, done_us = 0
 WHERE id = ? AND merchant_id = ? AND (state IN ('dead', 'dropped')
   OR (state = 'due' AND due_us > ?)
   OR (state = 'done' AND kind LIKE 'mail!_%' ESCAPE '!'));

-- :outbox_drop (i64 now_us, str reason, u64 id, u64 merchant) -> affected primary
UPDATE outbox SET state = 'dropped', done_us = ?, last_error = ?
 WHERE id = ? AND merchant_id = ? AND state IN ('due', 'dead');

-- :notify_get (u64 merchant, str kind, str lang) -> row(str subject, str body) primary
SELECT subject, body FROM notify_template WHERE merchant_id = ? AND kind = ? AND lang = ?;

-- :notify_list (u64 merchant) -> rows(str kind, str lang, str subject, str body) primary
SELECT kind, lang, subject, body FROM notify_template WHERE merchant_id = ?
 ORDER BY kind, lang;

-- :notify_put (u64 merchant, str kind, str lang, str subject, str body, i64 now_us,
--   str subject_again, str body_again, i64 now_again_us) -> affected primary
INSERT INTO notify_template (merchant_id, kind, lang, subject, body, updated_us)
VALUES (?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE subject = ?, body = ?, updated_us = ?;

-- :notify_remove (u64 merchant, str kind, str lang) -> affected primary
DELETE FROM notify_template WHERE merchant_id = ? AND kind = ? AND lang = ?;
