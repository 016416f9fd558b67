-- SPDX-License-Identifier: Apache-2.0
-- What the shop needs in order to run: migrations, leases, the heartbeat,
-- settings of the merchant.  Nothing of goods or orders.

-- ------------------------------------------------------------ migrations
-- Run as the admin user on one connection, see shop/migrate.c.

-- :schema_lock (str name, u64 seconds) -> row(i64? got) primary
-- A lock of the session: it goes when the connection goes.
SELECT GET_LOCK(?, ?);

-- :schema_unlock (str name) -> row(i64? freed) primary
SELECT RELEASE_LOCK(?);

-- :schema_table_exists () -> row(u64 n) primary
SELECT COUNT(*) FROM information_schema.tables
 WHERE table_schema = DATABASE() AND table_name = 'schema_version';

-- :schema_files () -> rows(u32 version, str file, blob file_hash,
--   u32 statements, i64 applied_us) primary
SELECT version, file, file_hash, statements, applied_us
 FROM schema_version ORDER BY version;

-- :schema_file_begin (u32 version, str file, blob file_hash)
--   -> affected primary
INSERT INTO schema_version (version, file, file_hash, statements, applied_us)
VALUES (?, ?, ?, 0, 0);

-- :schema_file_step (u32 statements, blob file_hash, i64 applied_us,
--   u32 version) -> affected primary
-- The hash is of the file up to the last statement that was run.
UPDATE schema_version SET statements = ?, file_hash = ?, applied_us = ?
 WHERE version = ?;

-- ------------------------------------------------------------ leases
-- Work that must run once across machines.  The clock is the primary's, so
-- that machines may disagree about the time.  The fence only grows.

-- :lease_add (str name) -> affected primary
-- A lease nobody has ever held; INSERT IGNORE, because somebody may be faster.
INSERT IGNORE INTO lease (name, holder, fence, until_us, beat_us)
VALUES (?, '', 0, 0, 0);

-- :lease_take (str holder, i64 ttl_us, str name) -> affected primary
UPDATE lease SET holder = ?, fence = fence + 1,
  until_us = CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) + ?
 WHERE name = ?
   AND until_us <= CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED);

-- :lease_renew (i64 ttl_us, str name, str holder, u64 fence)
--   -> affected primary
UPDATE lease SET
  until_us = CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) + ?
 WHERE name = ? AND holder = ? AND fence = ?
   AND until_us > CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED);

-- :lease_end (str name, str holder, u64 fence) -> affected primary
UPDATE lease SET until_us = 0 WHERE name = ? AND holder = ? AND fence = ?;

-- :lease_get (str name) -> row(str holder, u64 fence, i64 left_us) primary
SELECT holder, fence,
  until_us - CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)
 FROM lease WHERE name = ?;

-- :lease_hold (str name, u64 fence) -> row(u64 fence) primary
-- Inside a transaction: while it runs, nobody can take the lease over.
SELECT fence FROM lease WHERE name = ? AND fence = ?
   AND until_us > CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)
 FOR UPDATE;

-- :beat (i64 beat_us) -> affected primary
-- What a replica without GTIDs shows its lag by.
INSERT INTO lease (name, holder, fence, until_us, beat_us)
VALUES ('heartbeat', '', 0, 0, ?)
    ON DUPLICATE KEY UPDATE beat_us = VALUES(beat_us);

-- :replica_beat () -> row(i64 beat_us) replica-ok
-- io/db_route.c knows this name.
SELECT beat_us FROM lease WHERE name = 'heartbeat';

-- ------------------------------------------------------------ settings

-- :setting_get (u64 merchant, str name) -> row(str value, u32 version) primary
SELECT value, version FROM setting WHERE merchant_id = ? AND name = ?;

-- :setting_all (u64 merchant) -> rows(str name, str value, u32 version,
--   u64 staff, i64 updated_us) primary
SELECT name, value, version, staff_id, updated_us FROM setting
 WHERE merchant_id = ? ORDER BY name;

-- :setting_add (u64 merchant, str name, str value, u64 staff, i64 now_us)
--   -> affected primary
INSERT INTO setting (merchant_id, name, value, version, staff_id, updated_us)
VALUES (?, ?, ?, 1, ?, ?);

-- :setting_change (str value, u64 staff, i64 now_us, u64 merchant, str name,
--   u32 version) -> affected primary
UPDATE setting SET value = ?, staff_id = ?, updated_us = ?,
  version = version + 1
 WHERE merchant_id = ? AND name = ? AND version = ?;
