-- SPDX-License-Identifier: Apache-2.0
-- What has been applied.  This file is run before every migration and must
-- stay harmless: it is the ground the others are recorded on.
--
--   statements  how many of the file have been run: MySQL commits each DDL
--               statement by itself, so an interrupted migration goes on here
--   file_hash   SHA-256 of the file up to the last of them
--   applied_us  0 while it is under way

CREATE TABLE IF NOT EXISTS schema_version (
  version       INT UNSIGNED NOT NULL PRIMARY KEY,
  file          VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_hash     BINARY(32) NOT NULL,
  statements    INT UNSIGNED NOT NULL,
  applied_us    BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
