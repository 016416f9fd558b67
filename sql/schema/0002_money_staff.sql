-- SPDX-License-Identifier: Apache-2.0
-- Money, what leaves the shop, staff.  Conventions: 0001_base.sql.

-- ------------------------------------------------------------ money

CREATE TABLE channel (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  name          VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,   -- in the notice address
  gateway       VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title         VARCHAR(60) NOT NULL,                 -- shown to buyers
  title_en      VARCHAR(60) NOT NULL DEFAULT '',
  state         ENUM('on','off') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'off',
  device        ENUM('all','pc','mobile') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'all',
  currency      CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fee_permyriad INT UNSIGNED NOT NULL DEFAULT 0,
  fee_fixed_minor BIGINT NOT NULL DEFAULT 0,
  fee_payer     ENUM('buyer','shop') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'shop',
  min_minor     BIGINT NOT NULL DEFAULT 0,
  max_minor     BIGINT NOT NULL DEFAULT 0,            -- 0: none
  sort          INT NOT NULL DEFAULT 0,
  options       TEXT NOT NULL,                        -- name=value lines, not secret
  secrets       VARBINARY(16000) NULL,                -- sealed name=value lines
  version       INT UNSIGNED NOT NULL DEFAULT 1,
  created_us    BIGINT NOT NULL,
  updated_us    BIGINT NOT NULL,
  UNIQUE KEY name (merchant_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE payment (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  order_id      BIGINT UNSIGNED NOT NULL,
  channel_id    BIGINT UNSIGNED NOT NULL,
  state         ENUM('initiated','pending','success','failed','expired') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- what this money is to the order; 'order' pays it, the others are cases
  role          ENUM('order','second','under','over','late') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'order',
  amount_minor  BIGINT NOT NULL,
  currency      CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  txn           VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,      -- the gateway's payment id
  provider_ref  VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '', -- given when it was opened
  pay_url       VARCHAR(2000) NOT NULL DEFAULT '',
  qr_text       VARCHAR(1000) NOT NULL DEFAULT '',
  case_state    ENUM('none','open','closed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'none',
  asked_n       INT UNSIGNED NOT NULL DEFAULT 0,      -- queries sent to the gateway
  next_ask_us   BIGINT NOT NULL DEFAULT 0,
  created_us    BIGINT NOT NULL,
  settled_us    BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY txn (channel_id, txn),
  KEY of_order (order_id),
  KEY by_ref (channel_id, provider_ref),
  KEY to_ask (state, next_ask_us),
  KEY settled (merchant_id, settled_us),
  KEY cases (merchant_id, case_state, settled_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The inbox.  The raw bytes live in notice_raw.
CREATE TABLE notice (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  channel_id    BIGINT UNSIGNED NOT NULL,
  order_id      BIGINT UNSIGNED NULL,
  state         ENUM('received','applied','repeated','held','rejected','failed','ignored')
                CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason        VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  source        ENUM('notice','query','staff','statement') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  dedupe        VARBINARY(160) NOT NULL,              -- what makes a repeat a repeat
  txn           VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  amount_minor  BIGINT NOT NULL DEFAULT 0,
  currency      VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  body_hash     BINARY(32) NOT NULL,
  repeats_n     INT UNSIGNED NOT NULL DEFAULT 0,
  received_us   BIGINT NOT NULL,
  applied_us    BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY once (channel_id, dedupe),
  KEY of_order (order_id),
  KEY recent (merchant_id, received_us),
  KEY by_state (merchant_id, state, received_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE notice_raw (
  notice_id     BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  method        VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  query         VARBINARY(8192) NOT NULL,
  headers       VARBINARY(8192) NOT NULL,
  body          MEDIUMBLOB NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- One row a channel, reason and day: rejects cannot fill the disk.
CREATE TABLE notice_reject (
  merchant_id   BIGINT UNSIGNED NOT NULL,
  channel_id    BIGINT UNSIGNED NOT NULL,
  day           INT UNSIGNED NOT NULL,                -- days since the epoch
  reason        VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  n             BIGINT UNSIGNED NOT NULL,
  first_us      BIGINT NOT NULL,
  last_us       BIGINT NOT NULL,
  sample        VARBINARY(2048) NOT NULL,             -- the last one, cut
  sample_from   VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (channel_id, day, reason),
  KEY recent (merchant_id, last_us),
  KEY by_day (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE refund (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  no            CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  order_id      BIGINT UNSIGNED NOT NULL,
  payment_id    BIGINT UNSIGNED NOT NULL,
  state         ENUM('open','sent','unclear','done','failed','cancelled') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  how           ENUM('gateway','manual') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_minor  BIGINT NOT NULL,
  currency      CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason        VARCHAR(300) NOT NULL,
  from_state    VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,   -- where the order returns to
  provider_ref  VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  answer        VARCHAR(500) NOT NULL DEFAULT '',
  asked_n       INT UNSIGNED NOT NULL DEFAULT 0,
  next_ask_us   BIGINT NOT NULL DEFAULT 0,
  staff_id      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created_us    BIGINT NOT NULL,
  done_us       BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY no (no),
  KEY of_order (order_id),
  KEY to_ask (state, next_ask_us),
  CHECK (amount_minor > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE coupon (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  code          VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,   -- upper case
  kind          ENUM('fixed','percent') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value         BIGINT NOT NULL,                      -- minor units, or 1/100 percent
  min_minor     BIGINT NOT NULL DEFAULT 0,
  cap_minor     BIGINT NOT NULL DEFAULT 0,            -- most a percentage takes off; 0: none
  product_id    BIGINT UNSIGNED NOT NULL DEFAULT 0,   -- 0: any
  sku_id        BIGINT UNSIGNED NOT NULL DEFAULT 0,
  uses_max      INT UNSIGNED NOT NULL DEFAULT 0,      -- 0: no limit
  uses_n        INT UNSIGNED NOT NULL DEFAULT 0,
  per_contact   INT UNSIGNED NOT NULL DEFAULT 0,
  from_us       BIGINT NOT NULL DEFAULT 0,
  until_us      BIGINT NOT NULL DEFAULT 0,
  active        TINYINT UNSIGNED NOT NULL DEFAULT 1,
  note          VARCHAR(200) NOT NULL DEFAULT '',
  created_us    BIGINT NOT NULL,
  UNIQUE KEY code (merchant_id, code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A use belongs to an order; 'returned' keeps the row, so history balances.
CREATE TABLE coupon_use (
  coupon_id     BIGINT UNSIGNED NOT NULL,
  order_id      BIGINT UNSIGNED NOT NULL,
  contact_hash  BINARY(16) NOT NULL,
  state         ENUM('used','returned') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_minor  BIGINT NOT NULL,
  used_us       BIGINT NOT NULL,
  returned_us   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (coupon_id, order_id),
  KEY of_order (order_id),
  KEY of_contact (coupon_id, contact_hash)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Double entry: the rows of one tx sum to zero.  Debit > 0, credit < 0.
-- Accounts: receivable (the gateway owes us), sales, fees, fee_income,
-- refunds, liability (money to give back: second, over, late), correction.
CREATE TABLE ledger_entry (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  tx            CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,      -- what happened once: 'pay:<payment id>' ...
  line          TINYINT UNSIGNED NOT NULL,
  account       ENUM('receivable','sales','fees','fee_income','refunds','liability','correction')
                CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel_id    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  order_id      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  payment_id    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  refund_id     BIGINT UNSIGNED NOT NULL DEFAULT 0,
  amount_minor  BIGINT NOT NULL,
  currency      CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  at_us         BIGINT NOT NULL,
  UNIQUE KEY once (merchant_id, tx, line),
  KEY by_account (merchant_id, account, at_us),
  KEY of_order (order_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- ------------------------------------------------------------ what leaves the shop

CREATE TABLE outbox (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  kind          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id     BIGINT UNSIGNED NOT NULL,             -- order, product ...
  dedupe        VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,   -- one message a (kind, cause)
  payload       VARCHAR(2000) NOT NULL DEFAULT '',
  state         ENUM('due','done','dead') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'due',
  attempts      INT UNSIGNED NOT NULL DEFAULT 0,
  due_us        BIGINT NOT NULL,
  last_error    VARCHAR(300) NOT NULL DEFAULT '',
  created_us    BIGINT NOT NULL,
  done_us       BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY once (merchant_id, dedupe),
  KEY due (state, due_us, id),
  KEY of_object (kind, object_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Work that must run once across machines; the fence number only grows.
CREATE TABLE lease (
  name          VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  holder        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fence         BIGINT UNSIGNED NOT NULL,
  until_us      BIGINT NOT NULL,
  beat_us       BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE setting (
  merchant_id   BIGINT UNSIGNED NOT NULL,
  name          VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value         VARCHAR(4000) NOT NULL,
  version       INT UNSIGNED NOT NULL DEFAULT 1,
  staff_id      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  updated_us    BIGINT NOT NULL,
  PRIMARY KEY (merchant_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE content_page (
  merchant_id   BIGINT UNSIGNED NOT NULL,
  slug          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,   -- help, about, terms, privacy, contact
  lang          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title         VARCHAR(120) NOT NULL,
  body_md       MEDIUMTEXT NOT NULL,
  body_html     MEDIUMTEXT NOT NULL,
  updated_us    BIGINT NOT NULL,
  PRIMARY KEY (merchant_id, slug, lang)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE notify_template (
  merchant_id   BIGINT UNSIGNED NOT NULL,
  kind          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lang          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject       VARCHAR(200) NOT NULL,
  body          TEXT NOT NULL,
  updated_us    BIGINT NOT NULL,
  PRIMARY KEY (merchant_id, kind, lang)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE restock_request (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  sku_id        BIGINT UNSIGNED NOT NULL,
  contact       VARCHAR(190) NOT NULL,
  contact_hash  BINARY(16) NOT NULL,
  state         ENUM('unconfirmed','waiting','sent','off') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lang          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_us    BIGINT NOT NULL,
  UNIQUE KEY once (sku_id, contact_hash),
  KEY waiting (sku_id, state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ------------------------------------------------------------ staff

CREATE TABLE role (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  name          VARCHAR(40) NOT NULL,
  permissions   VARCHAR(2000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,  -- blank separated; '*' all
  UNIQUE KEY name (merchant_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE staff (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  username      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,    -- lower case
  password      VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,   -- PHC string
  totp_sealed   VARBINARY(200) NULL,
  totp_last     BIGINT UNSIGNED NOT NULL DEFAULT 0,   -- last step used: a code works once
  role_id       BIGINT UNSIGNED NOT NULL,
  state         ENUM('active','disabled') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'active',
  lang          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_us    BIGINT NOT NULL,
  login_us      BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY username (merchant_id, username)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Failed log-ins by name, whether there is such an account or not: what does
-- not exist must slow down like what does.
CREATE TABLE login_throttle (
  name_hash     BINARY(16) NOT NULL PRIMARY KEY,      -- of shop, step and name, keyed
  fails_n       INT UNSIGNED NOT NULL,
  retry_us      BIGINT NOT NULL,                      -- no attempt is looked at before
  last_us       BIGINT NOT NULL,
  KEY last (last_us)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE staff_session (
  token_hash    BINARY(32) NOT NULL PRIMARY KEY,      -- SHA-256 of the cookie's bytes
  staff_id      BIGINT UNSIGNED NOT NULL,
  stage         ENUM('totp','full') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  address       VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  agent         VARCHAR(200) NOT NULL,
  created_us    BIGINT NOT NULL,
  seen_us       BIGINT NOT NULL,
  KEY of_staff (staff_id, created_us),
  KEY idle (seen_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Tamper-evident: hash = HMAC(previous hash, this row); seq has no holes.
CREATE TABLE audit_log (
  merchant_id   BIGINT UNSIGNED NOT NULL,
  seq           BIGINT UNSIGNED NOT NULL,
  at_us         BIGINT NOT NULL,
  staff_id      BIGINT UNSIGNED NOT NULL,
  actor         VARCHAR(64) NOT NULL,                 -- user name, or program
  action        VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object        VARCHAR(80) NOT NULL DEFAULT '',
  address       VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  detail        VARCHAR(2000) NOT NULL DEFAULT '',    -- before and after; never a secret
  hash          BINARY(32) NOT NULL,
  PRIMARY KEY (merchant_id, seq),
  KEY by_object (merchant_id, object, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The head of the chain: one row a merchant, locked while a row is added.
CREATE TABLE audit_head (
  merchant_id   BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  seq           BIGINT UNSIGNED NOT NULL,
  hash          BINARY(32) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

INSERT INTO role (id, merchant_id, name, permissions) VALUES (1, 1, 'owner', '*'), (2, 1, 'staff', 'catalogue stock orders');
INSERT INTO audit_head (merchant_id, seq, hash) VALUES (1, 0, UNHEX(REPEAT('00', 32)));
