-- SPDX-License-Identifier: Apache-2.0
-- Statements of gateways, line by line, and what differs from our books.

CREATE TABLE statement (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  channel_id    BIGINT UNSIGNED NOT NULL,
  name          VARCHAR(120) NOT NULL,
  format        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  headings      VARCHAR(1000) NOT NULL DEFAULT '',    -- of the generic format, tabs between
  -- refused: it had lines that could not be read, and changed nothing
  state         ENUM('open','compared','refused') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_us       BIGINT NOT NULL,                      -- the days that it is of
  until_us      BIGINT NOT NULL,
  reader        VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  next_chunk    INT UNSIGNED NOT NULL DEFAULT 0,      -- a chunk sent twice is recognised
  lines_n       INT UNSIGNED NOT NULL DEFAULT 0,
  bad_n         INT UNSIGNED NOT NULL DEFAULT 0,
  staff_id      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created_us    BIGINT NOT NULL,
  compared_us   BIGINT NOT NULL DEFAULT 0,
  KEY recent (merchant_id, id),
  KEY of_channel (channel_id, from_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- result  new: not compared yet; same; missing: we lack it; amount: differs;
--         state: money went back that we know nothing of; absent: we have it,
--         the statement does not; other: no payment; bad: cannot be read
-- state   open: a person shall look; closed: nothing to do; resolved: looked at
CREATE TABLE statement_line (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  statement_id  BIGINT UNSIGNED NOT NULL,
  channel_id    BIGINT UNSIGNED NOT NULL,
  line_no       INT UNSIGNED NOT NULL,                -- of the file; 0: ours
  kind          ENUM('payment','refund','other','bad') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  result        ENUM('new','same','missing','amount','state','absent','other','bad')
                CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state         ENUM('open','closed','resolved') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  txn           VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  at_text       VARCHAR(40) NOT NULL,
  amount_minor  BIGINT NOT NULL,
  fee_minor     BIGINT NOT NULL,
  currency      VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  order_id      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  note          VARCHAR(300) NOT NULL DEFAULT '',     -- why it is resolved, or bad
  staff_id      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  resolved_us   BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY once (statement_id, line_no, payment_id),
  KEY waiting (statement_id, state, id),
  KEY by_txn (channel_id, txn),
  KEY fresh (statement_id, result, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
