-- SPDX-License-Identifier: Apache-2.0
-- What buyers read of the goods.  Lists of any length are a fixed number of
-- statements: the page's products, their SKUs, the counts of those.
--
-- A category is visible when it and all above it are not hidden: `tree` below.
-- UNION (not ALL) ends a cycle, should there ever be one.

-- ------------------------------------------------------------ the shop

-- :shop_get (str name_key, str notice_key, u64 merchant)
--   -> row(str name, str currency, str state, str notice) replica-ok
SELECT COALESCE(n.value, m.name), m.currency, m.state,
       COALESCE(t.value, m.notice)
  FROM merchant m
  LEFT JOIN setting n ON n.merchant_id = m.id AND n.name = ?
  LEFT JOIN setting t ON t.merchant_id = m.id AND t.name = ?
 WHERE m.id = ?;

-- :content_get (u64 merchant, str slug, str lang, str fallback)
--   -> rows(str lang, str title, str body_md, str body_html, i64 updated_us)
--   replica-ok
SELECT lang, title, body_md, body_html, updated_us FROM content_page
 WHERE merchant_id = ? AND slug = ? AND lang IN (?, ?);

-- ------------------------------------------------------------ categories

-- :category_all (str lang, u64 merchant) -> rows(u64 id, u64 parent, str slug,
--   str name, str summary, str icon, i32 sort, u32 hidden, u32 version,
--   u64 products) replica-ok
SELECT c.id, c.parent_id, c.slug, COALESCE(l.name, c.name),
       COALESCE(NULLIF(l.summary, ''), c.summary), c.icon, c.sort, c.hidden,
       c.version,
       (SELECT COUNT(*) FROM product p
         WHERE p.merchant_id = c.merchant_id AND p.state = 'on'
           AND p.category_id = c.id)
  FROM category c
  LEFT JOIN localized l
    ON l.kind = 'category' AND l.object_id = c.id AND l.lang = ?
 WHERE c.merchant_id = ?
 ORDER BY c.sort, c.id;

-- ------------------------------------------------------------ products

-- :goods_list (u64 merchant, u64 category, u64 category_again,
--   u64 merchant_again, str lang, u64 merchant_third, u32 sort, u64 skip,
--   u64 n) -> rows(u64 id, u64 category, str slug, str name, str summary,
--   str picture, str tags, str stock_display, u32 featured, u64 sold)
--   replica-ok
-- category 0: all of the shop.  sort: enum goods_order of store/product.h.
WITH RECURSIVE tree (id) AS (
       SELECT id FROM category
        WHERE merchant_id = ? AND hidden = 0
          AND (id = ? OR (? = 0 AND parent_id = 0))
       UNION
       SELECT c.id FROM category c JOIN tree ON c.parent_id = tree.id
        WHERE c.merchant_id = ? AND c.hidden = 0)
SELECT p.id, p.category_id, p.slug, COALESCE(l.name, p.name),
       COALESCE(NULLIF(l.summary, ''), p.summary), p.picture,
       COALESCE(NULLIF(l.tags, ''), p.tags), p.stock_display, p.featured, p.sold_n
  FROM tree JOIN product p ON p.category_id = tree.id
  LEFT JOIN localized l
    ON l.kind = 'product' AND l.object_id = p.id AND l.lang = ?
 WHERE p.merchant_id = ? AND p.state = 'on'
 ORDER BY CASE ?
          WHEN 1 THEN COALESCE((SELECT MIN(s.price_minor) FROM sku s
                 WHERE s.product_id = p.id AND s.active = 1),
                 9223372036854775807)
          WHEN 2 THEN COALESCE(-(SELECT MIN(s.price_minor) FROM sku s
                 WHERE s.product_id = p.id AND s.active = 1), 1)
          WHEN 3 THEN -p.created_us
          WHEN 4 THEN 1 - p.featured
          ELSE 0 END, p.sort, p.id
 LIMIT ?, ?;

-- :goods_count (u64 merchant, u64 category, u64 category_again,
--   u64 merchant_again, u64 merchant_third) -> row(u64 n) replica-ok
WITH RECURSIVE tree (id) AS (
       SELECT id FROM category
        WHERE merchant_id = ? AND hidden = 0
          AND (id = ? OR (? = 0 AND parent_id = 0))
       UNION
       SELECT c.id FROM category c JOIN tree ON c.parent_id = tree.id
        WHERE c.merchant_id = ? AND c.hidden = 0)
SELECT COUNT(*) FROM tree JOIN product p ON p.category_id = tree.id
 WHERE p.merchant_id = ? AND p.state = 'on';

-- :goods_search (u64 merchant, u64 merchant_again, str lang,
--   u64 merchant_third, str words, str words_again, u64 skip, u64 n)
--   -> rows(u64 id, u64 category, str slug, str name, str summary,
--   str picture, str tags, str stock_display, u32 featured, u64 sold)
--   replica-ok
-- words: a boolean full-text expression made by shop/words.c.
WITH RECURSIVE tree (id) AS (
       SELECT id FROM category
        WHERE merchant_id = ? AND hidden = 0 AND parent_id = 0
       UNION
       SELECT c.id FROM category c JOIN tree ON c.parent_id = tree.id
        WHERE c.merchant_id = ? AND c.hidden = 0)
SELECT p.id, p.category_id, p.slug, COALESCE(l.name, p.name),
       COALESCE(NULLIF(l.summary, ''), p.summary), p.picture,
       COALESCE(NULLIF(l.tags, ''), p.tags), p.stock_display, p.featured, p.sold_n
  FROM product_search w
  JOIN product p ON p.id = w.product_id
  JOIN tree ON tree.id = p.category_id
  LEFT JOIN localized l
    ON l.kind = 'product' AND l.object_id = p.id AND l.lang = ?
 WHERE w.merchant_id = ? AND MATCH (w.words) AGAINST (? IN BOOLEAN MODE)
   AND p.state = 'on'
 ORDER BY MATCH (w.words) AGAINST (? IN BOOLEAN MODE) DESC, p.sort, p.id
 LIMIT ?, ?;

-- :goods_search_count (u64 merchant, u64 merchant_again, u64 merchant_third,
--   str words) -> row(u64 n) replica-ok
WITH RECURSIVE tree (id) AS (
       SELECT id FROM category
        WHERE merchant_id = ? AND hidden = 0 AND parent_id = 0
       UNION
       SELECT c.id FROM category c JOIN tree ON c.parent_id = tree.id
        WHERE c.merchant_id = ? AND c.hidden = 0)
SELECT COUNT(*)
  FROM product_search w
  JOIN product p ON p.id = w.product_id
  JOIN tree ON tree.id = p.category_id
 WHERE w.merchant_id = ? AND MATCH (w.words) AGAINST (? IN BOOLEAN MODE)
   AND p.state = 'on';

-- :product_by_slug (str lang, u64 merchant, str slug) -> row(u64 id,
--   u64 category, str slug, str name, str summary, str picture, str tags,
--   str state, str stock_display, u32 featured, i32 sort, u64 sold,
--   u32 version, i64 updated_us, u32 asks, str work) replica-ok
SELECT p.id, p.category_id, p.slug, COALESCE(l.name, p.name),
       COALESCE(NULLIF(l.summary, ''), p.summary), p.picture,
       COALESCE(NULLIF(l.tags, ''), p.tags), p.state, p.stock_display,
       p.featured, p.sort, p.sold_n, p.version, p.updated_us,
       EXISTS (SELECT 1 FROM product_input i WHERE i.product_id = p.id),
       p.work
  FROM product p
  LEFT JOIN localized l
    ON l.kind = 'product' AND l.object_id = p.id AND l.lang = ?
 WHERE p.merchant_id = ? AND p.slug = ?;

-- :product_by_sku (str lang, u64 merchant, u64 sku) -> row(u64 id,
--   u64 category, str slug, str name, str summary, str picture, str tags,
--   str state, str stock_display, u32 featured, i32 sort, u64 sold,
--   u32 version, i64 updated_us, u32 asks, str work) primary
SELECT p.id, p.category_id, p.slug, COALESCE(l.name, p.name),
       COALESCE(NULLIF(l.summary, ''), p.summary), p.picture,
       COALESCE(NULLIF(l.tags, ''), p.tags), p.state, p.stock_display,
       p.featured, p.sort, p.sold_n, p.version, p.updated_us,
       EXISTS (SELECT 1 FROM product_input i WHERE i.product_id = p.id),
       p.work
  FROM sku s
  JOIN product p ON p.id = s.product_id
  LEFT JOIN localized l
    ON l.kind = 'product' AND l.object_id = p.id AND l.lang = ?
 WHERE s.merchant_id = ? AND s.id = ? AND s.active = 1;

-- :product_body_get (u64 product, str lang) -> rows(str lang, str body_md,
--   str body_html, str guide_md, str guide_html) replica-ok
-- The shop's own language ('') first.
SELECT lang, body_md, body_html, guide_md, guide_html FROM product_body
 WHERE product_id = ? AND lang IN ('', ?) ORDER BY lang;

-- :input_of_product (u64 product) -> rows(str name, str label, str label_en,
--   str hint, str kind, str choices, u32 max_len, u32 required, i32 sort)
--   replica-ok
SELECT name, label, label_en, hint, kind, choices, max_len, required, sort
  FROM product_input WHERE product_id = ? ORDER BY sort, name;

-- ------------------------------------------------------------ SKUs

-- :sku_of_product (str lang, u64 product) -> rows(u64 id, u64 product,
--   str code, str name, i64 price, i64 cost, str kind, u32 min_qty,
--   u32 max_qty, u32 buyer_limit, str card_format, i64 sale_from_us,
--   i64 sale_until_us, i32 sort, u32 version, str pick_order, u32 tiered)
--   replica-ok
SELECT s.id, s.product_id, s.code, COALESCE(l.name, s.name), s.price_minor,
       s.cost_minor, s.kind, s.min_qty, s.max_qty, s.buyer_limit,
       s.card_format, s.sale_from_us, s.sale_until_us, s.sort, s.version,
       s.pick_order,
       EXISTS (SELECT 1 FROM price_tier t WHERE t.sku_id = s.id)
  FROM sku s
  LEFT JOIN localized l
    ON l.kind = 'sku' AND l.object_id = s.id AND l.lang = ?
 WHERE s.product_id = ? AND s.active = 1
 ORDER BY s.sort, s.id;

-- :sku_in_lists (u64 product...) -> rows(u64 id, u64 product, i64 price,
--   str kind) replica-ok
-- No more of them than a list of goods shows.
SELECT id, product_id, price_minor, kind FROM sku
 WHERE product_id IN ({{?}}) AND active = 1
 ORDER BY product_id;

-- :tier_of_skus (u64 sku...) -> rows(u64 sku, u32 min_qty, i64 price)
--   replica-ok
SELECT sku_id, min_qty, price_minor FROM price_tier
 WHERE sku_id IN ({{?}}) ORDER BY sku_id, min_qty;

-- ------------------------------------------------------------ coupons

-- :coupon_by_code (u64 merchant, str code) -> row(u64 id, str kind, i64 value,
--   i64 min, i64 cap, u64 product, u64 sku, u32 uses_max, u32 uses,
--   u32 per_contact, i64 from_us, i64 until_us, u32 active) primary
SELECT id, kind, value, min_minor, cap_minor, product_id, sku_id, uses_max,
       uses_n, per_contact, from_us, until_us, active
  FROM coupon WHERE merchant_id = ? AND code = ?;
