-- SPDX-License-Identifier: Apache-2.0
-- Orders as their buyers see them.  All primary: what they show decides
-- whether a card is seen and whether "paid" is said.

-- :order_by_no (str no) -> row(u64 id, str no, str state, str currency,
--   i64 list, i64 tier, i64 coupon, i64 fee, i64 total, i64 paid, i64 refunded,
--   u64 channel, str contact, str lang, blob buyer_hash, blob? lookup_hash,
--   u32 link_epoch, u64 late, i64 created_us, i64 expires_us, i64 paid_us,
--   i64 delivered_us, blob address, str? channel_name, str? title, str? title_en,
--   str? gateway, u64 merchant, u64 kept, u64 extended) primary
SELECT o.id, o.no, o.state, o.currency, o.list_minor, o.tier_minor,
  o.coupon_minor, o.fee_minor, o.total_minor, o.paid_minor, o.refunded_minor,
  o.channel_id, o.contact, o.lang, o.buyer_hash, o.lookup_hash, o.link_epoch,
  o.late, o.created_us, o.expires_us, o.paid_us, o.delivered_us, o.address,
  c.name, c.title, c.title_en, c.gateway, o.merchant_id, o.kept, o.extended
 FROM orders o LEFT JOIN channel c ON c.id = o.channel_id WHERE o.no = ?;

-- :order_items_shown (str lang, u64 order) -> rows(u64 id, u64 product, u64 sku,
--   str product_name, str sku_name, str sku_code, str? slug, u32 qty,
--   u32 delivered_n, i64 price, str? card_format, str? guide, str? guide_default) primary
SELECT i.id, i.product_id, i.sku_id, i.product_name, i.sku_name, i.sku_code,
  p.slug, i.qty, i.delivered_n, i.price_minor, s.card_format, b.guide_html,
  d.guide_html
 FROM order_item i
 LEFT JOIN product p ON p.id = i.product_id AND p.state = 'on'
 LEFT JOIN sku s ON s.id = i.sku_id
 LEFT JOIN product_body b ON b.product_id = i.product_id AND b.lang = ?
 LEFT JOIN product_body d ON d.product_id = i.product_id AND d.lang = ''
 WHERE i.order_id = ? ORDER BY i.id;

-- :order_inputs_of (u64 order) -> rows(str label, str value) primary
SELECT label, value FROM order_input WHERE order_id = ? ORDER BY name;

-- :order_cards (u64 order, u32 n, u32 skip) -> rows(u64 delivery, u64 item,
--   u64? card, u32? key_id, blob? card_sealed, blob? own_sealed, i64 seen_us) primary
SELECT d.id, d.item_id, d.card_id, c.key_id, c.sealed, d.sealed, d.first_seen_us
 FROM delivery d LEFT JOIN card c ON c.id = d.card_id
 WHERE d.order_id = ? AND (d.card_id IS NULL OR c.state = 'sold')
 ORDER BY d.id LIMIT ? OFFSET ?;

-- :order_returning (u64 order) -> row(i64 amount) primary
-- Of its own money, by refunds under way.
SELECT CAST(COALESCE(SUM(amount_minor), 0) AS SIGNED) FROM refund
 WHERE order_id = ? AND from_state <> ''
   AND state IN ('waiting', 'open', 'sent', 'unclear');

-- :delivery_seen (i64 now_us, u64 order) -> affected primary
UPDATE delivery SET first_seen_us = ? WHERE order_id = ? AND first_seen_us = 0;

-- :order_events (u64 order) -> rows(i64 at_us, str kind, str detail,
--   str to_state, str actor, u64 staff) primary
SELECT at_us, kind, detail, to_state, actor, staff_id
 FROM order_event WHERE order_id = ? ORDER BY seq;

-- :orders_of_buyer (blob buyer_hash, u32 n) -> rows(str no, str state,
--   str currency, i64 total, i64 created_us, str product_name, u32 qty) primary
SELECT o.no, o.state, o.currency, o.total_minor, o.created_us,
  i.product_name, i.qty
 FROM orders o JOIN order_item i ON i.order_id = o.id
 WHERE o.buyer_hash = ? ORDER BY o.created_us DESC LIMIT ?;

-- :order_extend (i64 expires_us, u64 id, i64 expires_before) -> affected primary
-- Once in an order's life, and not when its time was read wrong.
UPDATE orders SET expires_us = ?, extended = 1, version = version + 1
 WHERE id = ? AND state = 'pending' AND extended = 0 AND expires_us = ?;

-- :cards_hold_longer (i64 until_us, u64 order) -> affected primary
UPDATE card SET hold_until_us = ? WHERE order_id = ? AND state = 'held';

-- :order_channel (u64 channel, i64 fee, i64 total, u64 id) -> affected primary
UPDATE orders SET channel_id = ?, fee_minor = ?, total_minor = ?,
  version = version + 1
 WHERE id = ? AND state = 'pending';
