-- SPDX-License-Identifier: Apache-2.0
-- The past of a shop (past.py): a statement a table, run piece by piece with
-- {k} as a table of the numbers k, which are orders from 1 on.  Every even one
-- was paid and has card k / 2; the others expired.  @table is the id before
-- the first one of that table.  Keys that are random in life are random here.

-- orders, every k
INSERT INTO orders (id, no, merchant_id, state, currency, list_minor,
  total_minor, paid_minor, channel_id, contact, contact_hash, address, lang,
  buyer_hash, lookup_hash, form_key, created_us, expires_us, paid_us,
  delivered_us)
SELECT @orders + k, UPPER(LEFT(MD5(CONCAT('no', k)), 24)), 1,
  IF(k % 2 = 0, 'delivered', 'expired'), 'CNY', 1000, 1000,
  IF(k % 2 = 0, 1000, 0), @channel,
  CONCAT('buyer', k % @buyers, '@example.test'),
  UNHEX(MD5(CONCAT('contact', k % @buyers))),
  UNHEX(LEFT(MD5(CONCAT('network', k % @buyers)), 8)), 'zh-CN',
  UNHEX(CONCAT('6B73', HEX((@from_us + k % @buyers * @step_us) DIV 1000000),
    LEFT(SHA2(CONCAT('visitor', k % @buyers), 256), 52))),
  UNHEX(SHA2(CONCAT('password', k % @buyers), 256)),
  UNHEX(CONCAT(HEX((@from_us + k * @step_us) DIV 1000000),
    LEFT(MD5(CONCAT('form', k)), 24))),
  @from_us + k * @step_us, @from_us + k * @step_us + 900000000,
  IF(k % 2 = 0, @from_us + k * @step_us + 60000000, 0),
  IF(k % 2 = 0, @from_us + k * @step_us + 60000000, 0)
FROM {k};

-- order_item, every k
INSERT INTO order_item (id, order_id, merchant_id, product_id, sku_id, qty,
  delivered_n, price_minor, product_name, sku_name, sku_code)
SELECT STRAIGHT_JOIN @order_item + k, @orders + k, 1, g.product_id, g.sku_id,
  1, IF(k % 2 = 0, 1, 0), 1000, 'goods of last year', 'one', g.code
FROM {k} JOIN past_goods g ON g.n = k DIV 2 % @goods;

-- card, even k
INSERT INTO card (id, merchant_id, sku_id, batch_id, state, order_id, key_id,
  fingerprint, sealed, created_us)
SELECT STRAIGHT_JOIN @card + k DIV 2, 1, g.sku_id, 0, 'sold', @orders + k, 1,
  UNHEX(MD5(CONCAT('card', k))), REPEAT('s', 49), @from_us + k * @step_us
FROM {k} JOIN past_goods g ON g.n = k DIV 2 % @goods;

-- delivery, even k
INSERT INTO delivery (id, merchant_id, order_id, item_id, card_id,
  delivered_us)
SELECT @delivery + k DIV 2, 1, @orders + k, @order_item + k, @card + k DIV 2,
  @from_us + k * @step_us + 60000000
FROM {k};

-- payment, even k
INSERT INTO payment (id, merchant_id, order_id, channel_id, state,
  amount_minor, applied_minor, currency, txn, created_us, settled_us)
SELECT @payment + k DIV 2, 1, @orders + k, @channel, 'success', 1000, 1000,
  'CNY', MD5(CONCAT('txn', k)), @from_us + k * @step_us,
  @from_us + k * @step_us + 60000000
FROM {k};

-- notice, even k
INSERT INTO notice (id, merchant_id, channel_id, order_id, state, source,
  dedupe, txn, amount_minor, currency, body_hash, received_us, applied_us)
SELECT @notice + k DIV 2, 1, @channel, @orders + k, 'applied', 'notice',
  MD5(CONCAT('txn', k)), MD5(CONCAT('txn', k)), 1000, 'CNY',
  REPEAT('h', 32), @from_us + k * @step_us + 60000000,
  @from_us + k * @step_us + 60000000
FROM {k};

-- ledger_entry, every k
INSERT INTO ledger_entry (id, merchant_id, tx, line, account, channel_id,
  order_id, payment_id, amount_minor, currency, at_us)
SELECT @ledger_entry + k, 1, CONCAT('pay:', @payment + (k + 1) DIV 2),
  2 - k % 2, IF(k % 2 = 0, 'sales', 'receivable'), @channel,
  @orders + k + k % 2, @payment + (k + 1) DIV 2, IF(k % 2 = 0, -1000, 1000),
  'CNY', @from_us + k * @step_us + 60000000
FROM {k};
