-- SPDX-License-Identifier: Apache-2.0
-- What came in each minute, and what is expected.  The machines of a shop add
-- to the same row.

CREATE TABLE traffic (
  merchant_id   BIGINT UNSIGNED NOT NULL,
  minute_us     BIGINT NOT NULL,                      -- its beginning
  visits_n      BIGINT UNSIGNED NOT NULL DEFAULT 0,   -- storefront pages that the program answered
  orders_n      BIGINT UNSIGNED NOT NULL DEFAULT 0,   -- orders placed
  PRIMARY KEY (merchant_id, minute_us)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE forecast (
  merchant_id   BIGINT UNSIGNED NOT NULL,
  kind          ENUM('visits','orders') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_us       BIGINT NOT NULL,
  hour_n        BIGINT UNSIGNED NOT NULL,             -- expected in the hour after made_us
  last_hour_n   BIGINT UNSIGNED NOT NULL,             -- seen in the hour before
  fitted        TINYINT UNSIGNED NOT NULL,            -- 0: too young a shop, last_hour_n is all there is
  PRIMARY KEY (merchant_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
