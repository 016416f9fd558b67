-- SPDX-License-Identifier: Apache-2.0
-- The base schema: goods, stock, orders; 0002 has money, messages and staff.
-- Forward only: after a release this file never changes.
--
-- Conventions
--   *_us      UTC microseconds since the epoch (BIGINT): exact, comparable to
--             the program's clock, free of session time zones
--   *_minor   money in minor units of the row's or the merchant's currency
--   state     ASCII ENUM; moves only along the edges of shop/order_state.c
--   merchant_id on every business row: one merchant today, many tomorrow
-- No foreign keys: the parents of the purchase path (sku, channel, merchant)
-- are hot, and every insert would take a shared lock on them.  The references
-- are proven by `keystallctl verify` instead.

CREATE TABLE merchant (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name          VARCHAR(120) NOT NULL,
  currency      CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state         ENUM('open','closed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  notice        VARCHAR(1000) NOT NULL DEFAULT '',
  created_us    BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Blocks of ids handed out before the rows exist: a card's id is part of what
-- its cipher text authenticates.
CREATE TABLE id_block (
  name          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  next_id       BIGINT UNSIGNED NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- ------------------------------------------------------------ catalogue

CREATE TABLE category (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  parent_id     BIGINT UNSIGNED NOT NULL DEFAULT 0,
  slug          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name          VARCHAR(120) NOT NULL,
  summary       VARCHAR(300) NOT NULL DEFAULT '',
  icon          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  sort          INT NOT NULL DEFAULT 0,
  hidden        TINYINT UNSIGNED NOT NULL DEFAULT 0,
  version       INT UNSIGNED NOT NULL DEFAULT 1,
  created_us    BIGINT NOT NULL,
  UNIQUE KEY slug (merchant_id, slug),
  KEY tree (merchant_id, parent_id, sort, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE product (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  category_id   BIGINT UNSIGNED NOT NULL,
  slug          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name          VARCHAR(120) NOT NULL,
  summary       VARCHAR(300) NOT NULL DEFAULT '',
  picture       VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  tags          VARCHAR(200) NOT NULL DEFAULT '',
  state         ENUM('draft','on','off','trashed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'draft',
  stock_display ENUM('exact','status','range','hidden') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'exact',
  featured      TINYINT UNSIGNED NOT NULL DEFAULT 0,
  sort          INT NOT NULL DEFAULT 0,
  sold_n        BIGINT UNSIGNED NOT NULL DEFAULT 0,   -- for show; counted by a job
  version       INT UNSIGNED NOT NULL DEFAULT 1,      -- optimistic lock of the panel
  created_us    BIGINT NOT NULL,
  updated_us    BIGINT NOT NULL,
  UNIQUE KEY slug (merchant_id, slug),
  KEY listing (merchant_id, state, category_id, sort, id),
  KEY front (merchant_id, state, featured, sort, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Long texts apart from the row that lists read (vertical split).  The HTML
-- is made from the Markdown when it is saved.
CREATE TABLE product_body (
  product_id    BIGINT UNSIGNED NOT NULL,
  lang          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',  -- '': the shop's own language
  body_md       MEDIUMTEXT NOT NULL,
  body_html     MEDIUMTEXT NOT NULL,
  guide_md      TEXT NOT NULL,     -- how to use the goods; shown with the delivery
  guide_html    MEDIUMTEXT NOT NULL,
  PRIMARY KEY (product_id, lang)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Names, summaries and tags in other languages; absent: the default column
-- serves.
CREATE TABLE localized (
  kind          ENUM('category','product','sku') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id     BIGINT UNSIGNED NOT NULL,
  lang          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name          VARCHAR(120) NOT NULL,
  summary       VARCHAR(300) NOT NULL DEFAULT '',
  tags          VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (kind, object_id, lang)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Bigrams as ASCII words: InnoDB FULLTEXT finds no Chinese sub-words.  A table
-- of its own, because a FULLTEXT table loses instant column changes.
CREATE TABLE product_search (
  product_id    BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  words         MEDIUMTEXT NOT NULL,
  FULLTEXT KEY words (words)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_general_ci;

CREATE TABLE sku (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  product_id    BIGINT UNSIGNED NOT NULL,
  code          VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name          VARCHAR(120) NOT NULL,
  price_minor   BIGINT NOT NULL,
  cost_minor    BIGINT NOT NULL DEFAULT 0,
  kind          ENUM('card','loop','manual') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'card',
  min_qty       INT UNSIGNED NOT NULL DEFAULT 1,
  max_qty       INT UNSIGNED NOT NULL DEFAULT 100,
  buyer_limit   INT UNSIGNED NOT NULL DEFAULT 0,      -- cards per contact; 0: none
  pick_order    ENUM('oldest','newest','random') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'oldest',
  card_format   VARCHAR(200) NOT NULL DEFAULT '',     -- labels of "a----b----c", separated by '|'
  refund_rule   ENUM('void','review') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'void',
  sale_from_us  BIGINT NOT NULL DEFAULT 0,            -- 0: no window
  sale_until_us BIGINT NOT NULL DEFAULT 0,
  active        TINYINT UNSIGNED NOT NULL DEFAULT 1,
  sort          INT NOT NULL DEFAULT 0,
  version       INT UNSIGNED NOT NULL DEFAULT 1,
  created_us    BIGINT NOT NULL,
  UNIQUE KEY code (merchant_id, code),
  KEY of_product (product_id, active, sort, id),
  CHECK (price_minor >= 0), CHECK (cost_minor >= 0),
  CHECK (min_qty >= 1), CHECK (max_qty >= min_qty)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE price_tier (
  sku_id        BIGINT UNSIGNED NOT NULL,
  min_qty       INT UNSIGNED NOT NULL,
  price_minor   BIGINT NOT NULL,
  PRIMARY KEY (sku_id, min_qty),
  CHECK (price_minor >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What a buyer must fill in for a product (player id, region ...).
CREATE TABLE product_input (
  product_id    BIGINT UNSIGNED NOT NULL,
  name          VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label         VARCHAR(120) NOT NULL,
  label_en      VARCHAR(120) NOT NULL DEFAULT '',
  hint          VARCHAR(200) NOT NULL DEFAULT '',
  kind          ENUM('text','digits','email','choice') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'text',
  choices       VARCHAR(1000) NOT NULL DEFAULT '',    -- separated by '|'
  max_len       INT UNSIGNED NOT NULL DEFAULT 100,
  required      TINYINT UNSIGNED NOT NULL DEFAULT 1,
  sort          INT NOT NULL DEFAULT 0,
  PRIMARY KEY (product_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ------------------------------------------------------------ stock

CREATE TABLE supplier (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  name          VARCHAR(120) NOT NULL,
  note          VARCHAR(500) NOT NULL DEFAULT '',
  created_us    BIGINT NOT NULL,
  UNIQUE KEY name (merchant_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE card_batch (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  sku_id        BIGINT UNSIGNED NOT NULL,
  supplier_id   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  name          VARCHAR(120) NOT NULL,
  note          VARCHAR(500) NOT NULL DEFAULT '',
  cost_minor    BIGINT NOT NULL DEFAULT 0,            -- of one card
  -- open: chunks are coming in, its cards are not for sale; committed: for
  -- sale; undone: taken back as a whole
  state         ENUM('open','committed','undone','recalled') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  lines_n       BIGINT UNSIGNED NOT NULL DEFAULT 0,
  added_n       BIGINT UNSIGNED NOT NULL DEFAULT 0,
  blank_n       BIGINT UNSIGNED NOT NULL DEFAULT 0,
  dup_file_n    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  dup_stock_n   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  dup_sold_n    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  dup_other_n   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  bad_n         BIGINT UNSIGNED NOT NULL DEFAULT 0,
  next_chunk    INT UNSIGNED NOT NULL DEFAULT 0,      -- a chunk sent twice is recognised
  file_hash     BINARY(32) NULL,
  staff_id      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created_us    BIGINT NOT NULL,
  committed_us  BIGINT NOT NULL DEFAULT 0,
  KEY of_sku (sku_id, id),
  KEY recent (merchant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Card text: AES-256-GCM, nonce || cipher text || tag, AAD = id.
-- 'staged': imported but its batch is not committed.
CREATE TABLE card (
  id            BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  sku_id        BIGINT UNSIGNED NOT NULL,
  batch_id      BIGINT UNSIGNED NOT NULL,
  state         ENUM('staged','free','held','sold','locked','recalled','void') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id      BIGINT UNSIGNED NULL,
  hold_until_us BIGINT NOT NULL DEFAULT 0,
  key_id        INT UNSIGNED NOT NULL,
  fingerprint   BINARY(16) NOT NULL,                  -- HMAC of the text, 128 bits
  sealed        VARBINARY(4200) NOT NULL,
  note          VARCHAR(200) NOT NULL DEFAULT '',
  created_us    BIGINT NOT NULL,
  KEY claim (sku_id, state, id),
  KEY of_order (order_id),
  KEY of_batch (batch_id, state),
  KEY dup (merchant_id, fingerprint)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ------------------------------------------------------------ orders

CREATE TABLE orders (
  id            BIGINT UNSIGNED NOT NULL PRIMARY KEY, -- from id_block: known before the row
  no            CHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  state         ENUM('pending','paid','short','manual','delivered','expired','cancelled','refunding','refunded')
                CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency      CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  list_minor    BIGINT NOT NULL,                      -- qty x list price
  tier_minor    BIGINT NOT NULL DEFAULT 0,            -- taken off by the tier
  coupon_minor  BIGINT NOT NULL DEFAULT 0,            -- taken off by the coupon
  fee_minor     BIGINT NOT NULL DEFAULT 0,            -- added for the channel
  total_minor   BIGINT NOT NULL,                      -- what the buyer pays
  paid_minor    BIGINT NOT NULL DEFAULT 0,
  refunded_minor BIGINT NOT NULL DEFAULT 0,
  channel_id    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  contact       VARCHAR(190) NOT NULL,
  contact_hash  BINARY(16) NOT NULL,                  -- of the folded contact, keyed
  address       VARBINARY(16) NOT NULL,               -- the network that ordered: IPv4, or IPv6 /64
  lang          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  buyer_hash    BINARY(32) NOT NULL,                  -- of the visitor cookie, keyed
  lookup_hash   BINARY(32) NULL,                      -- of the lookup password, keyed
  link_epoch    INT UNSIGNED NOT NULL DEFAULT 0,      -- raising it ends old mail links
  form_key      BINARY(16) NULL,                      -- nonce of the form token
  late          TINYINT UNSIGNED NOT NULL DEFAULT 0,  -- money came after expiry or cancellation
  events_n      INT UNSIGNED NOT NULL DEFAULT 0,      -- last order_event.seq
  event_hash    BINARY(32) NULL,                      -- of the last event
  version       INT UNSIGNED NOT NULL DEFAULT 1,
  created_us    BIGINT NOT NULL,
  expires_us    BIGINT NOT NULL,
  paid_us       BIGINT NOT NULL DEFAULT 0,
  delivered_us  BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY no (no),
  UNIQUE KEY form_key (form_key),
  KEY by_state (merchant_id, state, expires_us),
  KEY recent (merchant_id, created_us),
  KEY by_paid (merchant_id, paid_us),
  KEY by_buyer (buyer_hash, created_us),
  KEY by_contact (contact_hash, state),
  KEY by_address (address, state),
  CHECK (total_minor >= 0), CHECK (paid_minor >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What one contact has of a SKU with a buyer limit: a counter that is moved
-- by a conditional UPDATE, so that parallel orders cannot pass the limit.
CREATE TABLE buyer_count (
  sku_id        BIGINT UNSIGNED NOT NULL,
  contact_hash  BINARY(16) NOT NULL,
  qty           INT UNSIGNED NOT NULL,
  PRIMARY KEY (sku_id, contact_hash)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE order_item (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  order_id      BIGINT UNSIGNED NOT NULL,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  product_id    BIGINT UNSIGNED NOT NULL,
  sku_id        BIGINT UNSIGNED NOT NULL,
  qty           INT UNSIGNED NOT NULL,
  delivered_n   INT UNSIGNED NOT NULL DEFAULT 0,
  price_minor   BIGINT NOT NULL,                      -- one piece, as charged
  cost_minor    BIGINT NOT NULL DEFAULT 0,            -- one piece, snapshot
  product_name  VARCHAR(120) NOT NULL,                -- snapshots in the buyer's language
  sku_name      VARCHAR(120) NOT NULL,
  sku_code      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  KEY of_order (order_id),
  KEY of_sku (sku_id, order_id),
  KEY of_product (product_id, order_id),
  CHECK (qty >= 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE order_input (
  order_id      BIGINT UNSIGNED NOT NULL,
  name          VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label         VARCHAR(120) NOT NULL,
  value         VARCHAR(500) NOT NULL,
  PRIMARY KEY (order_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Append only; hash = HMAC(previous hash, this row): a changed row shows.
CREATE TABLE order_event (
  order_id      BIGINT UNSIGNED NOT NULL,
  seq           INT UNSIGNED NOT NULL,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  at_us         BIGINT NOT NULL,
  kind          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_state    VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_state      VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor         ENUM('system','buyer','staff','gateway') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  staff_id      BIGINT UNSIGNED NOT NULL DEFAULT 0,
  detail        VARCHAR(500) NOT NULL DEFAULT '',
  hash          BINARY(32) NOT NULL,
  PRIMARY KEY (order_id, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- One row a card handed over.  manual goods: text is sealed like a card, with
-- this row's id as AAD, and card_id is NULL.
CREATE TABLE delivery (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  order_id      BIGINT UNSIGNED NOT NULL,
  item_id       BIGINT UNSIGNED NOT NULL,
  card_id       BIGINT UNSIGNED NULL,
  sealed        VARBINARY(8300) NULL,
  delivered_us  BIGINT NOT NULL,
  first_seen_us BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY card (card_id),
  KEY of_order (order_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

INSERT INTO merchant (id, name, currency, created_us) VALUES (1, 'Keystall', 'CNY', 0);
INSERT INTO id_block (name, next_id) VALUES ('card', 1), ('order', 1);
