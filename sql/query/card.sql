-- SPDX-License-Identifier: Apache-2.0
-- Cards on the panel: import, batches, looking through, locking.  The purchase
-- path (free, held, sold) is in purchase.sql.

-- ------------------------------------------------------------ batches

-- :sku_for_import (u64 merchant, u64 id) -> row(u64 id, u64 product, str code,
--   str kind) primary
SELECT id, product_id, code, kind FROM sku WHERE merchant_id = ? AND id = ?;

-- :sku_for_import_code (u64 merchant, str code) -> row(u64 id, u64 product,
--   str code, str kind) primary
SELECT id, product_id, code, kind FROM sku WHERE merchant_id = ? AND code = ?;

-- :card_batch_add (u64 merchant, u64 sku, str name, str note, i64 cost,
--   str state, u64 staff, i64 created_us, i64 committed_us) -> insert_id primary
INSERT INTO card_batch (merchant_id, sku_id, name, note, cost_minor, state,
    staff_id, created_us, committed_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- :card_batch_get (u64 merchant, u64 id) -> row(u64 id, u64 sku, u64 product,
--   str name, str note, str state, i64 cost, u64 lines, u64 added, u64 blank,
--   u64 dup_file, u64 dup_stock, u64 dup_sold, u64 dup_other, u64 bad,
--   u32 next_chunk, i64 created_us, i64 committed_us, str? sku_code,
--   str? sku_name, str? product_name) primary
SELECT b.id, b.sku_id, COALESCE(s.product_id, 0), b.name, b.note, b.state,
       b.cost_minor, b.lines_n, b.added_n, b.blank_n, b.dup_file_n,
       b.dup_stock_n, b.dup_sold_n, b.dup_other_n, b.bad_n, b.next_chunk,
       b.created_us, b.committed_us, s.code, s.name, p.name
  FROM card_batch b
  LEFT JOIN sku s ON s.id = b.sku_id
  LEFT JOIN product p ON p.id = s.product_id
 WHERE b.merchant_id = ? AND b.id = ?;

-- :card_batch_list (u64 merchant, u64 sku, u64 sku_again, u64 skip, u64 n)
--   -> rows(u64 id, u64 sku, u64 product, str name, str note, str state,
--   i64 cost, u64 lines, u64 added, u64 blank, u64 dup_file, u64 dup_stock,
--   u64 dup_sold, u64 dup_other, u64 bad, u32 next_chunk, i64 created_us,
--   i64 committed_us, str? sku_code, str? sku_name, str? product_name)
--   replica-ok
-- sku 0: of all.
SELECT b.id, b.sku_id, COALESCE(s.product_id, 0), b.name, b.note, b.state,
       b.cost_minor, b.lines_n, b.added_n, b.blank_n, b.dup_file_n,
       b.dup_stock_n, b.dup_sold_n, b.dup_other_n, b.bad_n, b.next_chunk,
       b.created_us, b.committed_us, s.code, s.name, p.name
  FROM card_batch b
  LEFT JOIN sku s ON s.id = b.sku_id
  LEFT JOIN product p ON p.id = s.product_id
 WHERE b.merchant_id = ? AND (? = 0 OR b.sku_id = ?)
 ORDER BY b.id DESC LIMIT ?, ?;

-- :card_batch_count (u64 merchant, u64 sku, u64 sku_again) -> row(u64 n)
--   replica-ok
SELECT COUNT(*) FROM card_batch
 WHERE merchant_id = ? AND (? = 0 OR sku_id = ?);

-- :card_batch_lock (u64 merchant, u64 id) -> row(u64 sku, str state,
--   u32 next_chunk) primary
SELECT sku_id, state, next_chunk FROM card_batch
 WHERE merchant_id = ? AND id = ? FOR UPDATE;

-- :card_batch_chunk (u64 lines, u64 added, u64 blank, u64 dup_file,
--   u64 dup_stock, u64 dup_sold, u64 dup_other, u64 bad, u64 id,
--   u32 next_chunk) -> affected primary
UPDATE card_batch
   SET lines_n = lines_n + ?, added_n = added_n + ?, blank_n = blank_n + ?,
       dup_file_n = dup_file_n + ?, dup_stock_n = dup_stock_n + ?,
       dup_sold_n = dup_sold_n + ?, dup_other_n = dup_other_n + ?,
       bad_n = bad_n + ?, next_chunk = next_chunk + 1
 WHERE id = ? AND next_chunk = ?;

-- :card_batch_state (str state, i64 committed_us, u64 id, str from_state)
--   -> affected primary
UPDATE card_batch SET state = ?, committed_us = ? WHERE id = ? AND state = ?;

-- :card_batch_states (u64 batch...) -> rows(u64 batch, str state, u64 n)
--   replica-ok
SELECT batch_id, state, COUNT(*) FROM card
 WHERE batch_id IN ({{?}}) GROUP BY batch_id, state;

-- ------------------------------------------------------------ import

-- :import_lock (u64 id) -> row(u64 id) primary
-- One import of a shop at a time looks for duplicates and inserts: two that
-- ran side by side would not see each other's cards.
SELECT id FROM merchant WHERE id = ? FOR UPDATE;

-- :card_twins (u64 merchant, blob fingerprint...) -> rows(blob fingerprint,
--   u64 sku, u64 batch, str state) primary
-- Grouped, because a text sold to many has a row for each sale.
SELECT fingerprint, sku_id, batch_id, state FROM card
 WHERE merchant_id = ? AND fingerprint IN ({{?}})
 GROUP BY fingerprint, sku_id, batch_id, state;

-- :card_add (u64 id..., u64 merchant..., u64 sku..., u64 batch..., str state...,
--   u32 key_id..., blob fingerprint..., blob sealed..., i64 created_us...)
--   -> affected primary
INSERT INTO card (id, merchant_id, sku_id, batch_id, state, key_id,
    fingerprint, sealed, created_us)
VALUES {{(?, ?, ?, ?, ?, ?, ?, ?, ?)}};

-- :card_batch_move (str to_state, u64 batch, str from_state, u64 n)
--   -> affected primary
-- A slice of a batch; oldest first.
UPDATE card SET state = ? WHERE batch_id = ? AND state = ? ORDER BY id LIMIT ?;

-- :card_batch_drop (u64 batch, u64 n) -> affected primary
-- Rows of a batch that was taken back.  What was ever sold is not among them.
DELETE FROM card WHERE batch_id = ? AND state IN ('staged', 'locked', 'recalled')
 ORDER BY id LIMIT ?;

-- :card_batch_taken (u64 batch) -> row(u64 n) primary
SELECT COUNT(*) FROM (SELECT 1 FROM card
        WHERE batch_id = ? AND state IN ('held', 'sold', 'void') LIMIT 1) t;

-- :card_batch_left (u64 batch, u32 one_state, str state) -> row(u64 n) primary
-- one_state 0: any.
SELECT COUNT(*) FROM (SELECT 1 FROM card
        WHERE batch_id = ? AND (? = 0 OR state = ?) LIMIT 1) t;

-- ------------------------------------------------------------ counting

-- :card_state_counts (u64 sku..., str state..., u64 cap...) -> row(str counts)
--   replica-ok
-- Cards of many SKUs and states, each counted no further than its cap: the
-- cost does not grow with the stock.  One text "12,0,10001" in the order asked.
SELECT CONCAT_WS(',', {{(SELECT COUNT(*) FROM (SELECT 1 FROM card
         WHERE sku_id = ? AND state = ? LIMIT ?) c)}});

-- :card_sale_counts (u64 sku..., u64 line_sku..., u64 cap...)
--   -> row(str counts) replica-ok
-- The same of what is for sale: nothing while paid orders wait for the SKU.
SELECT CONCAT_WS(',', {{(SELECT COUNT(*) FROM (SELECT 1 FROM card
         WHERE sku_id = ? AND state = 'free'
           AND NOT EXISTS (SELECT 1 FROM shortage q WHERE q.sku_id = ?)
         LIMIT ?) c)}});

-- :card_states_of_skus (u64 sku...) -> rows(u64 sku, str state, u64 n)
--   replica-ok
SELECT sku_id, state, COUNT(*) FROM card
 WHERE sku_id IN ({{?}}) GROUP BY sku_id, state;

-- :card_count_all (u64 merchant, u64 cap) -> row(u64 n) replica-ok
SELECT COUNT(*) FROM (SELECT 1 FROM card WHERE merchant_id = ? LIMIT ?) c;

-- ------------------------------------------------------------ looking through

-- :sku_ids (u64 merchant, u64 product, u64 product_again, u64 n)
--   -> rows(u64 id) replica-ok
-- product 0: of all.
SELECT id FROM sku WHERE merchant_id = ? AND (? = 0 OR product_id = ?)
 ORDER BY product_id, sort, id LIMIT ?;

-- :card_ids_of_sku (u64 sku, str state, u64 skip, u64 n) -> rows(u64 id)
--   replica-ok
SELECT id FROM card WHERE sku_id = ? AND state = ? ORDER BY id LIMIT ?, ?;

-- :card_ids_of_batch (u64 batch, str state, u64 skip, u64 n) -> rows(u64 id)
--   replica-ok
SELECT id FROM card WHERE batch_id = ? AND state = ? ORDER BY id LIMIT ?, ?;

-- :card_ids_recent (u64 merchant, u64 skip, u64 n) -> rows(u64 id) replica-ok
SELECT id FROM card FORCE INDEX (PRIMARY) WHERE merchant_id = ?
 ORDER BY id DESC LIMIT ?, ?;

-- :card_ids_of_text (u64 merchant, blob fingerprint, u64 n) -> rows(u64 id)
--   primary
SELECT id FROM card WHERE merchant_id = ? AND fingerprint = ?
 ORDER BY id LIMIT ?;

-- :card_ids_of_order (u64 merchant, str no, u64 n) -> rows(u64 id) primary
SELECT c.id FROM orders o JOIN card c ON c.order_id = o.id
 WHERE o.merchant_id = ? AND o.no = ? ORDER BY c.id LIMIT ?;

-- :card_show (u64 merchant, u64 id...) -> rows(u64 id, u64 sku, u64 batch,
--   str state, u32 key_id, blob sealed, str note, i64 created_us, str? sku_code,
--   str? product_name, str? order_no, u64 product) primary
SELECT c.id, c.sku_id, c.batch_id, c.state, c.key_id, c.sealed, c.note,
       c.created_us, s.code, p.name, o.no, COALESCE(s.product_id, 0)
  FROM card c
  LEFT JOIN sku s ON s.id = c.sku_id
  LEFT JOIN product p ON p.id = s.product_id
  LEFT JOIN orders o ON o.id = c.order_id
 WHERE c.merchant_id = ? AND c.id IN ({{?}});

-- ------------------------------------------------------------ locking

-- :card_lock (str note, u64 merchant, u64 id) -> affected primary
UPDATE card SET state = 'locked', note = ?
 WHERE merchant_id = ? AND id = ? AND state = 'free';

-- :card_unlock (u64 merchant, u64 id) -> affected primary
-- Not into a batch that was taken back.
UPDATE card SET state = 'free', note = ''
 WHERE merchant_id = ? AND id = ? AND state = 'locked'
   AND (SELECT b.state FROM card_batch b WHERE b.id = card.batch_id)
       = 'committed';

-- ------------------------------------------------------------ card keys

-- :card_key_floor_share (u64 one) -> row(u32 key_id) primary
-- Until COMMIT nobody raises it.
SELECT key_id FROM card_key_floor WHERE id = ? LOCK IN SHARE MODE;

-- :card_key_floor_raise (u32 key_id, u64 one, u32 key_id_again)
--   -> affected primary
UPDATE card_key_floor SET key_id = ? WHERE id = ? AND key_id < ?;

-- :card_next (u64 after) -> row(u64 id) primary
SELECT COALESCE(MIN(id), 0) FROM card WHERE id > ?;

-- :cards_of_old_keys (u64 from_id, u64 to_id, u32 newest, u64 n)
--   -> rows(u64 id, u32 key_id, blob sealed, str state) primary
SELECT id, key_id, sealed, state FROM card
 WHERE id >= ? AND id <= ? AND key_id <> ? ORDER BY id LIMIT ?;

-- :cards_by_key (u32 key_id, u32 key_id_again, u64 from_id, u64 to_id)
--   -> row(u64 same, u64 other) primary
SELECT COUNT(CASE WHEN key_id = ? THEN 1 END),
       COUNT(CASE WHEN key_id <> ? THEN 1 END)
  FROM card WHERE id >= ? AND id <= ?;

-- :card_reseal (u32 key_id, blob sealed, u64 id, u32 old_key, blob old_sealed)
--   -> affected primary
-- Whatever else happens to the card meanwhile is in other columns.
UPDATE card SET key_id = ?, sealed = ?
 WHERE id = ? AND key_id = ? AND sealed = ?;
