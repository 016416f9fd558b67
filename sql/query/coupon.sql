-- SPDX-License-Identifier: Apache-2.0
-- Coupons on the panel.  Using one and giving it back is in purchase.sql.

-- :coupon_add_many (u64 merchant..., str code..., str batch..., str kind...,
--   i64 value..., i64 min..., i64 cap..., u64 product..., u64 sku..., u32 uses_max...,
--   u32 per_contact..., i64 from_us..., i64 until_us..., str note...,
--   i64 created_us...) -> affected primary
INSERT INTO coupon (merchant_id, code, batch, kind, value, min_minor, cap_minor,
    product_id, sku_id, uses_max, per_contact, from_us, until_us, note, created_us)
VALUES {{(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}};

-- :coupon_rows (u64 merchant, u64 below, u64 any_batch, str batch, u64 any_code,
--   str code, u32 n) -> rows(u64 id, str code, str batch, str kind, i64 value,
--   i64 min, i64 cap, str? product_name, str? sku_name, u32 uses_max, u32 uses,
--   u32 per_contact, i64 from_us, i64 until_us, u32 active, str note,
--   i64 created_us) primary
SELECT c.id, c.code, c.batch, c.kind, c.value, c.min_minor, c.cap_minor, p.name, s.name,
  c.uses_max, c.uses_n, c.per_contact, c.from_us, c.until_us, c.active, c.note, c.created_us
 FROM coupon c
 LEFT JOIN sku s ON s.id = c.sku_id
 LEFT JOIN product p ON p.id = IF(c.sku_id > 0, s.product_id, c.product_id)
 WHERE c.merchant_id = ? AND c.id < ? AND (? = 1 OR c.batch = ?) AND (? = 1 OR c.code = ?)
 ORDER BY c.id DESC LIMIT ?;

-- :coupon_batches (u64 merchant, u32 n) -> rows(str batch, u64 codes, u64 uses,
--   u64 active) primary
SELECT batch, COUNT(*), COALESCE(SUM(uses_n), 0), COALESCE(SUM(active), 0)
 FROM coupon WHERE merchant_id = ? AND batch > ''
 GROUP BY batch ORDER BY MAX(id) DESC LIMIT ?;

-- :coupon_switch (u32 active, u64 id, u64 merchant, u32 was) -> affected primary
UPDATE coupon SET active = ? WHERE id = ? AND merchant_id = ? AND active = ?;

-- :coupon_switch_batch (u32 active, u64 merchant, str batch, u32 was) -> affected primary
UPDATE coupon SET active = ? WHERE merchant_id = ? AND batch = ? AND active = ?;

-- :coupon_scopes (u64 merchant, u32 n) -> rows(u64 product, str product_name, u64 sku,
--   str sku_name, str sku_code) primary
SELECT p.id, p.name, s.id, s.name, s.code
 FROM sku s JOIN product p ON p.id = s.product_id
 WHERE s.merchant_id = ? AND p.state <> 'trashed'
 ORDER BY p.name, p.id, s.sort, s.id LIMIT ?;
