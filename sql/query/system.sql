-- SPDX-License-Identifier: Apache-2.0
-- Server facts, sessions, migrations, leases and settings: what the shop
-- needs in order to run, nothing of goods or orders.

-- ------------------------------------------------------------ session

-- :session_facts () -> row(str version, u64 conn, str client_charset,
--   u64 read_only) primary
-- Asked once on each new connection.
SELECT VERSION(), CONNECTION_ID(), @@character_set_client, @@global.read_only;

-- ------------------------------------------------------------ migrations

-- :schema_table_exists () -> row(u64 n) primary
SELECT COUNT(*) FROM information_schema.tables
 WHERE table_schema = DATABASE() AND table_name = 'schema_version';

-- :schema_versions () -> rows(u64 version, str file, blob file_hash,
--   i64 applied_us) primary
SELECT version, file, file_hash, applied_us FROM schema_version
 ORDER BY version;

-- :schema_version_add (u64 version, str file, blob file_hash,
--   i64 applied_us) -> affected primary
INSERT INTO schema_version (version, file, file_hash, applied_us)
VALUES (?, ?, ?, ?);

-- ------------------------------------------------------------ leases

-- :lease_take (str name, str holder, i64 until_us, i64 now_us)
--   -> affected primary
-- The first holder ever: the row appears with fence 1.
INSERT INTO lease (name, holder, fence, until_us, beat_us)
VALUES (?, ?, 1, ?, ?);

-- ------------------------------------------------------------ settings

-- :setting_get (u64 merchant, str name) -> row(str value, u64 version) primary
SELECT value, version FROM setting WHERE merchant_id = ? AND name = ?;

-- :setting_all (u64 merchant) -> rows(str name, str value, u64 version) primary
SELECT name, value, version FROM setting WHERE merchant_id = ? ORDER BY name;
