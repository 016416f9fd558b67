-- SPDX-License-Identifier: Apache-2.0
-- The purchase: claims, holds and their end.  Every UPDATE names the state it
-- expects and the caller checks the number of rows.

-- ------------------------------------------------------------ cards

-- :card_pick (u64 sku, u64 from_id, u64 line_sku, u32 n)
--   -> rows(u64 id) primary
-- Locks up to n free cards, oldest first, stepping over those that another
-- buyer is just taking.  from_id is a lower bound, 0 for none.  Nothing while
-- paid orders wait for line_sku, which is the SKU, or 0 for one of them.
-- The hint, because a server whose statistics are old may look up (sku_id,
-- state) and read every entry before from_id.
SELECT id FROM card FORCE INDEX (claim)
 WHERE sku_id = ? AND state = 'free' AND id > ?
   AND NOT EXISTS (SELECT 1 FROM shortage q WHERE q.sku_id = ?)
 ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED;

-- :card_pick_newest (u64 sku, u64 below_id, u64 line_sku, u32 n)
--   -> rows(u64 id) primary
SELECT id FROM card FORCE INDEX (claim)
 WHERE sku_id = ? AND state = 'free' AND id < ?
   AND NOT EXISTS (SELECT 1 FROM shortage q WHERE q.sku_id = ?)
 ORDER BY id DESC LIMIT ? FOR UPDATE SKIP LOCKED;

-- :card_pick_wait (u64 sku, u64 from_id, u64 line_sku, u32 n)
--   -> rows(u64 id) primary
-- For servers without SKIP LOCKED: buyers of one SKU wait for each other.
SELECT id FROM card FORCE INDEX (claim)
 WHERE sku_id = ? AND state = 'free' AND id > ?
   AND NOT EXISTS (SELECT 1 FROM shortage q WHERE q.sku_id = ?)
 ORDER BY id LIMIT ? FOR UPDATE;

-- :card_hold (u64 id..., u64 order..., i64 until_us...) -> affected primary
UPDATE card c JOIN (
  {{SELECT CAST(? AS UNSIGNED) AS id, CAST(? AS UNSIGNED) AS order_id,
           CAST(? AS SIGNED) AS until_us}}) v ON v.id = c.id
   SET c.state = 'held', c.order_id = v.order_id, c.hold_until_us = v.until_us
 WHERE c.state = 'free';

-- :card_take (u64 order, u64 id...) -> affected primary
-- Straight from stock to sold: late money, the shortage queue.
UPDATE card SET state = 'sold', order_id = ?, hold_until_us = 0
 WHERE state = 'free' AND id IN ({{?}});

-- :card_sell (u64 order) -> affected primary
UPDATE card SET state = 'sold', hold_until_us = 0
 WHERE order_id = ? AND state = 'held';

-- :card_release (u64 order) -> affected primary
UPDATE card SET state = 'free', order_id = NULL, hold_until_us = 0
 WHERE order_id = ? AND state = 'held';

-- :card_template (u64 sku) -> row(u64 id, u64 batch, u64 key_id, blob sealed,
--   blob fingerprint) primary
-- The text of a loop SKU: its newest free card, which is never used up.
SELECT id, batch_id, key_id, sealed, fingerprint FROM card
 WHERE sku_id = ? AND state = 'free' ORDER BY id DESC LIMIT 1;

-- :card_mint (u64 id, u64 merchant, u64 sku, u64 batch, u64 order, u32 key_id,
--   blob fingerprint, blob sealed, i64 now_us) -> affected primary
-- One unit of a loop SKU, sold at birth.
INSERT INTO card (id, merchant_id, sku_id, batch_id, state, order_id, key_id,
  fingerprint, sealed, created_us)
VALUES (?, ?, ?, ?, 'sold', ?, ?, ?, ?, ?);

-- ------------------------------------------------------------ placing

-- :order_of_form (blob form_key) -> row(str no, blob buyer_hash) primary
SELECT no, buyer_hash FROM orders WHERE form_key = ?;

-- :order_add (u64 id..., str no..., u64 merchant..., str currency...,
--   i64 list..., i64 tier..., i64 coupon..., i64 fee..., i64 total...,
--   u64 channel..., str contact..., blob contact_hash..., blob address...,
--   blob held_contact..., blob held_address..., str lang..., blob buyer_hash...,
--   blob? lookup_hash..., blob form_key..., blob event_hash...,
--   i64 created_us..., i64 expires_us...)
--   -> affected primary
INSERT INTO orders (id, no, merchant_id, state, currency, list_minor,
  tier_minor, coupon_minor, fee_minor, total_minor, channel_id, contact,
  contact_hash, address, held_contact, held_address, lang, buyer_hash,
  lookup_hash, form_key, events_n, event_hash, created_us, expires_us)
VALUES {{(?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)}};

-- :order_item_add (u64 order..., u64 merchant..., u64 product..., u64 sku...,
--   u32 qty..., i64 price..., i64 cost..., str product_name..., str sku_name...,
--   str sku_code...) -> affected primary
INSERT INTO order_item (order_id, merchant_id, product_id, sku_id, qty,
  price_minor, cost_minor, product_name, sku_name, sku_code)
VALUES {{(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}};

-- :order_input_add (u64 order..., str name..., str label..., str value...)
--   -> affected primary
INSERT INTO order_input (order_id, name, label, value) VALUES {{(?, ?, ?, ?)}};

-- :order_event_add (u64 order..., u32 seq..., u64 merchant..., i64 at_us...,
--   str kind..., str from_state..., str to_state..., str actor..., u64 staff...,
--   str detail..., blob hash...) -> affected primary
INSERT INTO order_event (order_id, seq, merchant_id, at_us, kind, from_state,
  to_state, actor, staff_id, detail, hash)
VALUES {{(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}};

-- :orders_of_forms (blob form_key...) -> rows(blob? form_key, str no) primary
SELECT form_key, no FROM orders WHERE form_key IN ({{?}});

-- :hold_counts (blob address..., u32 per_address..., blob contact_hash...,
--   u32 per_contact..., blob net_from..., blob net_to..., u32 net_size...,
--   u32 per_net...) -> row(str counts) primary
-- Unpaid orders: only they have these columns.  Each counted no further than
-- its cap.
SELECT CONCAT_WS(',', {{(SELECT COUNT(*) FROM (SELECT 1 FROM orders
         WHERE held_address = ? LIMIT ?) a),
       (SELECT COUNT(*) FROM (SELECT 1 FROM orders
         WHERE held_contact = ? LIMIT ?) b),
       (SELECT COUNT(*) FROM (SELECT 1 FROM orders
         WHERE held_address >= ? AND held_address <= ?
           AND LENGTH(held_address) = ? LIMIT ?) c)}});

-- :buyer_count_row (u64 sku, blob contact_hash) -> affected primary
INSERT IGNORE INTO buyer_count (sku_id, contact_hash, qty) VALUES (?, ?, 0);

-- :buyer_count_add (u32 qty, u64 sku, blob contact_hash, u32 qty_again,
--   u32 cap) -> affected primary
UPDATE buyer_count SET qty = qty + ?
 WHERE sku_id = ? AND contact_hash = ? AND qty + ? <= ?;

-- :buyer_count_untake (u32 qty, u64 sku, blob contact_hash, u32 qty_again)
--   -> affected primary
UPDATE buyer_count SET qty = qty - ?
 WHERE sku_id = ? AND contact_hash = ? AND qty >= ?;

-- :buyer_count_sub (u64 order) -> affected primary
-- What an order that came to nothing gives back.
UPDATE buyer_count b
  JOIN order_item i ON i.sku_id = b.sku_id
  JOIN orders o ON o.id = i.order_id AND o.contact_hash = b.contact_hash
   SET b.qty = CASE WHEN b.qty >= i.qty THEN b.qty - i.qty ELSE 0 END
 WHERE o.id = ?;

-- :coupon_take (u64 id) -> affected primary
UPDATE coupon SET uses_n = uses_n + 1
 WHERE id = ? AND active = 1 AND (uses_max = 0 OR uses_n < uses_max);

-- :coupon_untake (u64 id) -> affected primary
UPDATE coupon SET uses_n = uses_n - 1 WHERE id = ? AND uses_n > 0;

-- :coupon_uses_of (blob contact_hash, u64 coupon) -> row(u64 used, u64 per_contact) primary
-- Read after coupon_take: the coupon's row is locked, so nobody counts beside us.
SELECT (SELECT COUNT(*) FROM coupon_use u
         WHERE u.coupon_id = c.id AND u.contact_hash = ? AND u.state = 'used'),
       c.per_contact
  FROM coupon c WHERE c.id = ?;

-- :coupon_use_add (u64 coupon, u64 order, blob contact_hash, i64 amount,
--   i64 now_us) -> affected primary
INSERT INTO coupon_use (coupon_id, order_id, contact_hash, state,
  amount_minor, used_us) VALUES (?, ?, ?, 'used', ?, ?);

-- :coupon_give_back (i64 now_us, u64 order) -> affected primary
-- The use and the counter together; a use is given back once.
UPDATE coupon_use u JOIN coupon c ON c.id = u.coupon_id
   SET u.state = 'returned', u.returned_us = ?, c.uses_n = c.uses_n - 1
 WHERE u.order_id = ? AND u.state = 'used';

-- :coupon_take_again (u64 order) -> affected primary
-- Late money completes an order whose use was given back: it counts again,
-- beyond the limit if it must, because the price was promised.
UPDATE coupon_use u JOIN coupon c ON c.id = u.coupon_id
   SET u.state = 'used', u.returned_us = 0, c.uses_n = c.uses_n + 1
 WHERE u.order_id = ? AND u.state = 'returned';

-- ------------------------------------------------------------ moving on

-- :order_lock (str no) -> row(u64 id, u64 merchant, str state, str currency,
--   i64 total, i64 fee, i64 paid, i64 refunded, u64 channel, u32 events_n,
--   blob? event_hash, str lang, i64 created_us, i64 expires_us, u64 late,
--   u32 link_epoch, i64 paid_us, i64 delivered_us, u64 kept) primary
SELECT id, merchant_id, state, currency, total_minor, fee_minor, paid_minor,
  refunded_minor, channel_id, events_n, event_hash, lang, created_us,
  expires_us, late, link_epoch, paid_us, delivered_us, kept
 FROM orders WHERE no = ? FOR UPDATE;

-- :order_move (str to_state, u64 unpaid, u64 unpaid_again, u32 events_n,
--   blob event_hash, i64 paid, i64 paid_us, i64 delivered_us, u64 late, u64 kept,
--   u64 id, str from_state) -> affected primary
UPDATE orders SET state = ?,
  held_contact = CASE WHEN ? = 1 THEN held_contact END,
  held_address = CASE WHEN ? = 1 THEN held_address END,
  events_n = ?, event_hash = ?, paid_minor = ?, paid_us = ?,
  delivered_us = ?, late = ?, kept = ?, version = version + 1
 WHERE id = ? AND state = ?;

-- :order_items_of (u64 order) -> rows(u64 id, u64 product, u64 sku, str kind,
--   u32 qty, u32 delivered_n) primary
SELECT i.id, i.product_id, i.sku_id, COALESCE(s.kind, 'card'), i.qty,
  i.delivered_n
 FROM order_item i LEFT JOIN sku s ON s.id = i.sku_id
 WHERE i.order_id = ? ORDER BY i.id;

-- :item_delivered (u32 n, u64 id) -> affected primary
UPDATE order_item SET delivered_n = ? WHERE id = ?;

-- :delivery_add_sold (u64 item, i64 now_us, u64 order, u64 sku)
--   -> affected primary
-- One row for each card of this order that has none yet.
INSERT INTO delivery (merchant_id, order_id, item_id, card_id, delivered_us)
SELECT c.merchant_id, c.order_id, ?, c.id, ?
  FROM card c LEFT JOIN delivery d ON d.card_id = c.id
 WHERE c.order_id = ? AND c.sku_id = ? AND c.state = 'sold' AND d.id IS NULL
 ORDER BY c.id;

-- :orders_due (u64 merchant, i64 now_us, u32 n) -> rows(u64 id, str no) primary
SELECT id, no FROM orders
 WHERE merchant_id = ? AND state = 'pending' AND expires_us < ?
 ORDER BY expires_us LIMIT ?;
