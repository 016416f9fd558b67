-- SPDX-License-Identifier: Apache-2.0
-- Keys that a gateway changes by itself and gives out (certificates of WeChat
-- Pay), and when it is asked for them again.  They are public; what they are
-- believed by is in channel.secrets.  Whoever writes fetched makes the
-- channel a new version, which is how processes hear of it.

CREATE TABLE channel_keys (
  channel_id    BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  fetched       TEXT NULL,                            -- beside those of the settings
  due_us        BIGINT NOT NULL,                      -- asked for then
  tried_us      BIGINT NOT NULL DEFAULT 0,            -- and last asked for
  failed_n      INT UNSIGNED NOT NULL DEFAULT 0       -- in a row
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
