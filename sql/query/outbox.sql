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
