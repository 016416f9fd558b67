-- SPDX-License-Identifier: Apache-2.0
-- What `keystallctl doctor` asks the server about itself.

-- :doctor_server () -> row(str version, str user, i64 flush,
--   i64 sync_binlog, i64 log_bin) primary
-- Names that MariaDB and MySQL share.
SELECT VERSION(), CURRENT_USER(), @@global.innodb_flush_log_at_trx_commit,
       @@global.sync_binlog, @@global.log_bin;

-- :doctor_mariadb (str name...) -> rows(str name, str value) primary
-- Those that only some MariaDB versions have; names in capitals.
SELECT variable_name, variable_value
  FROM information_schema.global_variables
 WHERE variable_name IN ({{?}});

-- :doctor_powers () -> rows(str power) primary
-- Global privileges of this account: it needs none that could hurt.
SELECT DISTINCT privilege_type FROM information_schema.user_privileges
 WHERE privilege_type <> 'USAGE';

-- :doctor_tables () -> rows(str name, str? engine) primary
-- Tables that would not take part in a transaction.
SELECT table_name, engine FROM information_schema.tables
 WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
   AND (engine IS NULL OR engine <> 'InnoDB');

-- :doctor_owners (u64 merchant) -> row(u64 owners, u64 no_totp) primary
SELECT COUNT(*), CAST(COALESCE(SUM(s.totp_sealed IS NULL), 0) AS UNSIGNED)
  FROM staff s JOIN role r ON r.id = s.role_id
 WHERE s.merchant_id = ? AND s.state = 'active' AND r.name = 'owner';
