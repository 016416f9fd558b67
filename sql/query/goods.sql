-- SPDX-License-Identifier: Apache-2.0
-- The merchant edits the catalogue.  A row that is saved carries the version
-- it was based on: no row affected means that somebody was faster.

-- ------------------------------------------------------------ names in other languages

-- :localized_set (str kind, u64 object, str lang, str name, str summary,
--   str tags) -> affected primary
INSERT INTO localized (kind, object_id, lang, name, summary, tags)
VALUES (?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE name = VALUES(name), summary = VALUES(summary),
    tags = VALUES(tags);

-- :localized_drop (str kind, u64 object, str lang) -> affected primary
DELETE FROM localized WHERE kind = ? AND object_id = ? AND lang = ?;

-- ------------------------------------------------------------ categories

-- :category_edit_all (u64 merchant) -> rows(u64 id, u64 parent, str slug,
--   str name, str? name_en, str summary, str? summary_en, str icon, i32 sort,
--   u32 hidden, u32 version, u64 products) primary
SELECT c.id, c.parent_id, c.slug, c.name, l.name, c.summary, l.summary, c.icon,
       c.sort, c.hidden, c.version,
       (SELECT COUNT(*) FROM product p
         WHERE p.merchant_id = c.merchant_id AND p.category_id = c.id)
  FROM category c
  LEFT JOIN localized l
    ON l.kind = 'category' AND l.object_id = c.id AND l.lang = 'en'
 WHERE c.merchant_id = ?
 ORDER BY c.sort, c.id;

-- :category_add (u64 merchant, u64 parent, str slug, str name, str summary,
--   str icon, i32 sort, u32 hidden, i64 created_us) -> insert_id primary
INSERT INTO category (merchant_id, parent_id, slug, name, summary, icon, sort,
    hidden, created_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- :category_change (u64 parent, str slug, str name, str summary, str icon,
--   i32 sort, u32 hidden, u64 merchant, u64 id, u32 version)
--   -> affected primary
UPDATE category
   SET parent_id = ?, slug = ?, name = ?, summary = ?, icon = ?, sort = ?,
       hidden = ?, version = version + 1
 WHERE merchant_id = ? AND id = ? AND version = ?;

-- :category_lock (u64 merchant, u64 id) -> row(u64 id) primary
SELECT id FROM category WHERE merchant_id = ? AND id = ? FOR UPDATE;

-- :category_in_use (u64 merchant, u64 id, u64 merchant_again, u64 id_again)
--   -> row(u64 n) primary
SELECT EXISTS (SELECT 1 FROM product
                WHERE merchant_id = ? AND category_id = ?)
    OR EXISTS (SELECT 1 FROM category
                WHERE merchant_id = ? AND parent_id = ?);

-- :category_drop (u64 merchant, u64 id) -> affected primary
DELETE FROM category WHERE merchant_id = ? AND id = ?;

-- ------------------------------------------------------------ products

-- :product_edit_get (u64 merchant, u64 id) -> row(u64 id, u64 category,
--   str slug, str name, str? name_en, str summary, str? summary_en,
--   str picture, str tags, str? tags_en, str state, str stock_display,
--   u32 featured, i32 sort, u32 version, str work) primary
SELECT p.id, p.category_id, p.slug, p.name, l.name, p.summary, l.summary,
       p.picture, p.tags, l.tags, p.state, p.stock_display, p.featured, p.sort,
       p.version, p.work
  FROM product p
  LEFT JOIN localized l
    ON l.kind = 'product' AND l.object_id = p.id AND l.lang = 'en'
 WHERE p.merchant_id = ? AND p.id = ?;

-- :product_add (u64 merchant, u64 category, str slug, str name, str summary,
--   str picture, str tags, str state, str stock_display, str work,
--   u32 featured, i32 sort, i64 created_us, i64 updated_us) -> insert_id primary
INSERT INTO product (merchant_id, category_id, slug, name, summary, picture,
    tags, state, stock_display, work, featured, sort, created_us, updated_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- :product_change (u64 category, str slug, str name, str summary, str picture,
--   str tags, str state, str stock_display, str work, u32 featured, i32 sort,
--   i64 updated_us, u64 merchant, u64 id, u32 version) -> affected primary
UPDATE product
   SET category_id = ?, slug = ?, name = ?, summary = ?, picture = ?, tags = ?,
       state = ?, stock_display = ?, work = ?, featured = ?, sort = ?,
       updated_us = ?, version = version + 1
 WHERE merchant_id = ? AND id = ? AND version = ?;

-- :product_state (str to_state, i64 updated_us, u64 merchant, u64 id,
--   str from_state) -> affected primary
UPDATE product SET state = ?, updated_us = ?, version = version + 1
 WHERE merchant_id = ? AND id = ? AND state = ?;

-- :product_touch (i64 updated_us, u64 merchant, u64 id) -> affected primary
-- Its SKUs or inputs changed.
UPDATE product SET updated_us = ? WHERE merchant_id = ? AND id = ?;

-- :product_slug (u64 merchant, u64 id) -> row(str slug) primary
SELECT slug FROM product WHERE merchant_id = ? AND id = ?;

-- :product_exists (u64 merchant, u64 id) -> row(str state) primary
SELECT state FROM product WHERE merchant_id = ? AND id = ?;

-- :product_body_set (u64 product, str lang, str body_md, str body_html,
--   str guide_md, str guide_html) -> affected primary
INSERT INTO product_body (product_id, lang, body_md, body_html, guide_md,
    guide_html)
VALUES (?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE body_md = VALUES(body_md),
    body_html = VALUES(body_html), guide_md = VALUES(guide_md),
    guide_html = VALUES(guide_html);

-- :product_body_drop (u64 product, str lang) -> affected primary
DELETE FROM product_body WHERE product_id = ? AND lang = ?;

-- :product_texts (u64 product, u64 product_again, u64 product_third,
--   u64 product_fourth) -> rows(str text) primary
-- All that a search shall find it by.
SELECT CONCAT_WS(' ', name, tags, summary) FROM product WHERE id = ?
 UNION ALL
SELECT CONCAT_WS(' ', name, tags, summary) FROM localized
 WHERE kind = 'product' AND object_id = ?
 UNION ALL
SELECT CONCAT_WS(' ', name,
       CONVERT(code USING utf8mb4) COLLATE utf8mb4_unicode_520_ci) FROM sku
 WHERE product_id = ? AND active = 1
 UNION ALL
SELECT l.name FROM sku s
  JOIN localized l ON l.kind = 'sku' AND l.object_id = s.id
 WHERE s.product_id = ? AND s.active = 1;

-- :product_words_set (u64 product, u64 merchant, str words)
--   -> affected primary
INSERT INTO product_search (product_id, merchant_id, words) VALUES (?, ?, ?)
ON DUPLICATE KEY UPDATE words = VALUES(words);

-- :product_rows (u64 merchant, u64 category, u64 category_again, u32 any_state,
--   str state, u32 any_text, str text, str text_again, str text_third, u64 skip,
--   u64 n) -> rows(u64 id, str slug, str name, str? category, str state,
--   i64 price_from, i64 price_to, u64 skus, u64 sold, i64 updated_us)
--   replica-ok
-- any_state 1: all but the trashed.  text: part of name or slug, or a SKU code.
SELECT p.id, p.slug, p.name, c.name, p.state,
       COALESCE((SELECT MIN(s.price_minor) FROM sku s
          WHERE s.product_id = p.id AND s.active = 1), 0),
       COALESCE((SELECT MAX(s.price_minor) FROM sku s
          WHERE s.product_id = p.id AND s.active = 1), 0),
       (SELECT COUNT(*) FROM sku s
         WHERE s.product_id = p.id AND s.active = 1),
       p.sold_n, p.updated_us
  FROM product p
  LEFT JOIN category c ON c.id = p.category_id
 WHERE p.merchant_id = ?
   AND (? = 0 OR p.category_id = ?)
   AND CASE ? WHEN 1 THEN p.state <> 'trashed' ELSE p.state = ? END
   AND (? = 1 OR LOCATE(?, p.name) > 0
        OR LOCATE(?, CONVERT(p.slug USING utf8mb4)) > 0
        OR EXISTS (SELECT 1 FROM sku s
                    WHERE s.product_id = p.id
                      AND CONVERT(s.code USING utf8mb4) = ?))
 ORDER BY p.updated_us DESC, p.id DESC LIMIT ?, ?;

-- :product_rows_count (u64 merchant, u64 category, u64 category_again,
--   u32 any_state, str state, u32 any_text, str text, str text_again,
--   str text_third) -> row(u64 n) replica-ok
SELECT COUNT(*) FROM product p
 WHERE p.merchant_id = ?
   AND (? = 0 OR p.category_id = ?)
   AND CASE ? WHEN 1 THEN p.state <> 'trashed' ELSE p.state = ? END
   AND (? = 1 OR LOCATE(?, p.name) > 0
        OR LOCATE(?, CONVERT(p.slug USING utf8mb4)) > 0
        OR EXISTS (SELECT 1 FROM sku s
                    WHERE s.product_id = p.id
                      AND CONVERT(s.code USING utf8mb4) = ?));

-- :sku_ids_of_products (u64 product...) -> rows(u64 id, u64 product) replica-ok
SELECT id, product_id FROM sku WHERE product_id IN ({{?}});

-- ------------------------------------------------------------ SKUs

-- :sku_edit_all (u64 merchant, u64 product) -> rows(u64 id, u64 product,
--   str code, str name, str? name_en, str kind, str card_format, i64 price,
--   i64 cost, u32 min_qty, u32 max_qty, u32 buyer_limit, i64 sale_from_us,
--   i64 sale_until_us, u32 active, i32 sort, u32 version) primary
SELECT s.id, s.product_id, s.code, s.name, l.name, s.kind, s.card_format,
       s.price_minor, s.cost_minor, s.min_qty, s.max_qty, s.buyer_limit,
       s.sale_from_us, s.sale_until_us, s.active, s.sort, s.version
  FROM sku s
  LEFT JOIN localized l
    ON l.kind = 'sku' AND l.object_id = s.id AND l.lang = 'en'
 WHERE s.merchant_id = ? AND s.product_id = ?
 ORDER BY s.sort, s.id;

-- :sku_add (u64 merchant, u64 product, str code, str name, i64 price, i64 cost,
--   str kind, u32 min_qty, u32 max_qty, u32 buyer_limit, str card_format,
--   i64 sale_from_us, i64 sale_until_us, u32 active, i32 sort, i64 created_us)
--   -> insert_id primary
INSERT INTO sku (merchant_id, product_id, code, name, price_minor, cost_minor,
    kind, min_qty, max_qty, buyer_limit, card_format, sale_from_us,
    sale_until_us, active, sort, created_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- :sku_change (str code, str name, i64 price, i64 cost, str kind, u32 min_qty,
--   u32 max_qty, u32 buyer_limit, str card_format, i64 sale_from_us,
--   i64 sale_until_us, u32 active, i32 sort, u64 merchant, u64 product, u64 id,
--   u32 version) -> affected primary
UPDATE sku
   SET code = ?, name = ?, price_minor = ?, cost_minor = ?, kind = ?,
       min_qty = ?, max_qty = ?, buyer_limit = ?, card_format = ?,
       sale_from_us = ?, sale_until_us = ?, active = ?, sort = ?,
       version = version + 1
 WHERE merchant_id = ? AND product_id = ? AND id = ? AND version = ?;

-- :sku_kind_of (u64 merchant, u64 id) -> row(str kind, u64 has_cards) primary
SELECT kind, EXISTS (SELECT 1 FROM card WHERE card.sku_id = sku.id)
  FROM sku WHERE merchant_id = ? AND id = ?;

-- :tier_drop (u64 sku) -> affected primary
DELETE FROM price_tier WHERE sku_id = ?;

-- :tier_add (u64 sku..., u32 min_qty..., i64 price...) -> affected primary
INSERT INTO price_tier (sku_id, min_qty, price_minor) VALUES {{(?, ?, ?)}};

-- ------------------------------------------------------------ inputs

-- :input_drop (u64 product) -> affected primary
DELETE FROM product_input WHERE product_id = ?;

-- :input_add (u64 product..., str name..., str label..., str label_en...,
--   str hint..., str kind..., str choices..., u32 max_len..., u32 required...,
--   i32 sort...) -> affected primary
INSERT INTO product_input (product_id, name, label, label_en, hint, kind,
    choices, max_len, required, sort)
VALUES {{(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}};

-- ------------------------------------------------------------ the shop

-- :shop_change (str name, str notice, u64 merchant) -> affected primary
UPDATE merchant SET name = ?, notice = ? WHERE id = ?;

-- :shop_state (str to_state, u64 merchant, str from_state) -> affected primary
UPDATE merchant SET state = ? WHERE id = ? AND state = ?;

-- :shop_text_set (u64 merchant, str name, str value, u64 staff, i64 updated_us)
--   -> affected primary
-- The shop's name or notice in another language.
INSERT INTO setting (merchant_id, name, value, staff_id, updated_us)
VALUES (?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE value = VALUES(value), staff_id = VALUES(staff_id),
    updated_us = VALUES(updated_us), version = version + 1;

-- :shop_text_drop (u64 merchant, str name) -> affected primary
DELETE FROM setting WHERE merchant_id = ? AND name = ?;

-- :content_set (u64 merchant, str slug, str lang, str title, str body_md,
--   str body_html, i64 updated_us) -> affected primary
INSERT INTO content_page (merchant_id, slug, lang, title, body_md, body_html,
    updated_us)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE title = VALUES(title), body_md = VALUES(body_md),
    body_html = VALUES(body_html), updated_us = VALUES(updated_us);

-- :content_all (u64 merchant) -> rows(str slug, str lang, str title,
--   str body_md, i64 updated_us) primary
SELECT slug, lang, title, body_md, updated_us FROM content_page
 WHERE merchant_id = ? ORDER BY slug, lang;

-- :coupon_add (u64 merchant, str code, str kind, i64 value, i64 min, i64 cap,
--   u64 product, u64 sku, u32 uses_max, u32 per_contact, i64 from_us,
--   i64 until_us, str note, i64 created_us) -> insert_id primary
INSERT INTO coupon (merchant_id, code, kind, value, min_minor, cap_minor,
    product_id, sku_id, uses_max, per_contact, from_us, until_us, note,
    created_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
