-- SPDX-License-Identifier: Apache-2.0
-- Thousands of rows in each table that grows, so that EXPLAIN chooses as it would
-- in a shop of some size.  Values are spread as they are there: many sold
-- cards and few free ones, many delivered orders and few pending ones.

INSERT INTO category (id, merchant_id, slug, name, created_us)
SELECT seq, 1, CONCAT('c', seq), CONCAT('category ', seq), 1 FROM seq_1_to_50;

INSERT INTO product (id, merchant_id, category_id, slug, name, state, sort, created_us, updated_us)
SELECT seq, 1, seq % 50 + 1, CONCAT('p', seq), CONCAT('product ', seq), IF(seq % 10, 'on', 'off'), seq % 7, seq, seq
  FROM seq_1_to_5000;
INSERT INTO product_body (product_id, lang, body_md, body_html, guide_md, guide_html)
SELECT seq, '', '', '', '', '' FROM seq_1_to_5000;
INSERT INTO product_search (product_id, merchant_id, words)
SELECT seq, 1, CONCAT('product p', seq) FROM seq_1_to_5000;
INSERT INTO product_input (product_id, name, label) SELECT seq, 'player', 'player' FROM seq_1_to_5000;
INSERT INTO localized (kind, object_id, lang, name) SELECT 'product', seq, 'en', 'x' FROM seq_1_to_5000;
INSERT INTO sku (id, merchant_id, product_id, code, name, price_minor, created_us)
SELECT seq, 1, seq % 5000 + 1, CONCAT('s', seq), 'x', 100, 1 FROM seq_1_to_6000;
INSERT INTO price_tier (sku_id, min_qty, price_minor) SELECT seq, 10, 90 FROM seq_1_to_6000;

INSERT INTO card_batch (id, merchant_id, sku_id, name, created_us)
SELECT seq, 1, seq % 6000 + 1, 'x', seq FROM seq_1_to_6000;
INSERT INTO card (id, merchant_id, sku_id, batch_id, state, order_id, key_id, fingerprint, sealed, created_us)
SELECT seq, 1, seq % 100 + 1, seq % 1000 + 1, IF(seq % 20, 'sold', IF(seq % 3, 'free', 'held')), IF(seq % 20, seq, NULL), 1,
  UNHEX(MD5(seq)), 'x', seq FROM seq_1_to_8000;

INSERT INTO orders (id, no, merchant_id, state, currency, list_minor, total_minor, contact, contact_hash, address,
  held_contact, held_address, lang, buyer_hash, form_key, created_us, expires_us, paid_us, delivered_us)
SELECT seq, CONCAT('26010100', LPAD(seq, 16, '0')), 1, IF(seq % 50, 'delivered', ELT(seq % 5 + 1, 'pending', 'paid', 'expired',
  'short', 'manual')), 'CNY', 100, 100, CONCAT('a', seq % 4000, '@example.org'), UNHEX(MD5(seq % 4000)), UNHEX(LPAD(HEX(seq), 8, '0')),
  IF(seq % 50, NULL, UNHEX(MD5(seq % 4000))), IF(seq % 50, NULL, UNHEX(LPAD(HEX(seq), 8, '0'))), 'en', UNHEX(SHA2(seq % 4000, 256)), UNHEX(MD5(seq)), seq * 1000, seq * 1000 + 900, seq * 1000, seq * 1000 FROM seq_1_to_8000;
INSERT INTO order_item (id, order_id, merchant_id, product_id, sku_id, qty, price_minor, product_name, sku_name, sku_code)
SELECT seq, seq, 1, seq % 5000 + 1, seq % 6000 + 1, 1, 100, 'x', 'x', 'x' FROM seq_1_to_8000;
INSERT INTO order_input (order_id, name, label, value) SELECT seq, 'player', 'x', 'x' FROM seq_1_to_8000;
INSERT INTO order_event (order_id, seq, merchant_id, at_us, kind, from_state, to_state, actor, hash)
SELECT seq, 1, 1, seq, 'placed', '', 'pending', 'buyer', UNHEX(SHA2(seq, 256)) FROM seq_1_to_8000;
INSERT INTO delivery (id, merchant_id, order_id, item_id, card_id, delivered_us)
SELECT seq, 1, seq, seq, seq, seq FROM seq_1_to_8000;

INSERT INTO channel (id, merchant_id, name, gateway, title, state, currency, options, created_us, updated_us)
SELECT seq, 1, CONCAT('ch', seq), 'epay', 'x', 'on', 'CNY', '', 1, 1 FROM seq_1_to_5;
INSERT INTO payment (id, merchant_id, order_id, channel_id, state, amount_minor, currency, txn, next_ask_us, created_us, settled_us)
SELECT seq, 1, seq, seq % 5 + 1, IF(seq % 50, 'success', 'pending'), 100, 'CNY', CONCAT('t', seq), seq, seq, seq FROM seq_1_to_8000;
INSERT INTO notice (id, merchant_id, channel_id, order_id, state, source, dedupe, body_hash, received_us)
SELECT seq, 1, seq % 5 + 1, seq, IF(seq % 50, 'applied', 'held'), 'notice', CONCAT('d', seq), UNHEX(SHA2(seq, 256)), seq FROM seq_1_to_8000;
INSERT INTO notice_raw (notice_id, method, query, headers, body) SELECT seq, 'GET', '', '', '' FROM seq_1_to_8000;
INSERT INTO notice_reject (merchant_id, channel_id, day, reason, n, first_us, last_us, sample, sample_from)
SELECT 1, seq % 5 + 1, seq, 'sign', 1, seq, seq, '', '' FROM seq_1_to_6000;
INSERT INTO refund (id, no, merchant_id, order_id, payment_id, state, how, amount_minor, currency, reason, from_state, created_us)
SELECT seq, CONCAT('r', seq), 1, seq, seq, IF(seq % 50, 'done', 'open'), 'gateway', 100, 'CNY', 'x', 'paid', seq FROM seq_1_to_6000;
INSERT INTO coupon (id, merchant_id, code, kind, value, created_us) SELECT seq, 1, CONCAT('k', seq), 'fixed', 1, seq FROM seq_1_to_5000;
INSERT INTO coupon_use (coupon_id, order_id, contact_hash, state, amount_minor, used_us)
SELECT seq % 5000 + 1, seq, UNHEX(MD5(seq)), 'used', 1, seq FROM seq_1_to_6000;
INSERT INTO ledger_entry (merchant_id, tx, line, account, order_id, payment_id, amount_minor, currency, at_us)
SELECT 1, CONCAT('pay:', s.seq), l.seq, IF(l.seq = 1, 'receivable', 'sales'), s.seq, s.seq, IF(l.seq = 1, 100, -100), 'CNY', s.seq
  FROM seq_1_to_6000 s, seq_1_to_2 l;
INSERT INTO outbox (id, merchant_id, kind, object_id, dedupe, state, due_us, created_us)
SELECT seq, 1, 'mail_link', seq, CONCAT('o', seq), IF(seq % 100, 'done', 'due'), seq, seq FROM seq_1_to_8000;
INSERT INTO restock_request (id, merchant_id, sku_id, contact, contact_hash, state, lang, created_us)
SELECT seq, 1, seq % 6000 + 1, 'x', UNHEX(MD5(seq)), 'waiting', 'en', seq FROM seq_1_to_6000;
INSERT INTO staff (id, merchant_id, username, password, role_id, created_us)
SELECT seq, 1, CONCAT('u', seq), 'x', 1, 1 FROM seq_1_to_20;
INSERT INTO staff_session (token_hash, staff_id, stage, address, agent, created_us, seen_us)
SELECT UNHEX(SHA2(seq, 256)), seq % 20 + 1, 'full', 'x', 'x', seq, seq FROM seq_1_to_5000;
INSERT INTO audit_log (merchant_id, seq, at_us, staff_id, actor, action, object, hash)
SELECT 1, seq, seq, 1, 'x', 'x', CONCAT('order:', seq), UNHEX(SHA2(seq, 256)) FROM seq_1_to_8000;
INSERT INTO webhook (id, merchant_id, url, events, created_us) SELECT seq, 1, 'https://x', 'order.paid', 1 FROM seq_1_to_20;
INSERT INTO webhook_delivery (id, merchant_id, webhook_id, event, event_id, body, state, due_us, created_us, done_us)
SELECT seq, 1, seq % 20 + 1, 'order.paid', CONCAT('e', seq), '', IF(seq % 100, 'done', ELT(seq % 3 + 1, 'due', 'dead', 'due')), seq, seq, seq
  FROM seq_1_to_8000;
INSERT INTO stock_low (sku_id, merchant_id, free_n, since_us) SELECT seq, 1, 0, 1 FROM seq_1_to_3000;
