-- SPDX-License-Identifier: Apache-2.0
-- What leaves the shop, seen and steered by people; webhooks.

-- dropped: a person decided that this message will never be sent.
ALTER TABLE outbox
  MODIFY state ENUM('due','done','dead','dropped') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'due';

-- A receiver of events.  Secrets are sealed under this row's id; the one
-- before signs beside the new one until old_until_us.
CREATE TABLE webhook (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  url           VARCHAR(500) NOT NULL,
  note          VARCHAR(120) NOT NULL DEFAULT '',
  events        VARCHAR(300) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,  -- blank separated
  secret        VARBINARY(200) NOT NULL DEFAULT '',
  old_secret    VARBINARY(200) NOT NULL DEFAULT '',
  old_until_us  BIGINT NOT NULL DEFAULT 0,
  active        TINYINT UNSIGNED NOT NULL DEFAULT 1,
  fails_n       INT UNSIGNED NOT NULL DEFAULT 0,      -- in a row
  pause_us      BIGINT NOT NULL DEFAULT 0,            -- nothing is sent before
  version       INT UNSIGNED NOT NULL DEFAULT 1,
  created_us    BIGINT NOT NULL,
  KEY of_shop (merchant_id, active)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- One event for one receiver, and how sending it went.  event_id is what the
-- receiver tells repeats by: the same for every attempt.
CREATE TABLE webhook_delivery (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  webhook_id    BIGINT UNSIGNED NOT NULL,
  event         VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_id      VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body          TEXT NOT NULL,
  state         ENUM('due','done','dead') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'due',
  attempts      INT UNSIGNED NOT NULL DEFAULT 0,
  due_us        BIGINT NOT NULL,
  status        INT UNSIGNED NOT NULL DEFAULT 0,      -- of the last answer; 0: none
  error         VARCHAR(120) NOT NULL DEFAULT '',
  response      VARBINARY(500) NOT NULL DEFAULT '',   -- its beginning
  took_ms       INT UNSIGNED NOT NULL DEFAULT 0,
  created_us    BIGINT NOT NULL,
  done_us       BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY once (webhook_id, event_id),
  KEY due (state, webhook_id, due_us),
  KEY recent (merchant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- SKUs that were told to be low, until they are not: one event a crossing.
CREATE TABLE stock_low (
  sku_id        BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  free_n        BIGINT UNSIGNED NOT NULL,
  since_us      BIGINT NOT NULL,
  KEY of_shop (merchant_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
