-- SPDX-License-Identifier: Apache-2.0
-- Small lists that forms of the panel choose from.

-- :sku_choices (u64 merchant, u32 n) -> rows(u64 id, str code, str name,
--   str product_name) replica-ok
SELECT s.id, s.code, s.name, p.name
 FROM sku s JOIN product p ON p.id = s.product_id
 WHERE s.merchant_id = ? AND s.kind <> 'manual' AND p.state <> 'trashed'
 ORDER BY s.active DESC, p.name, s.sort, s.id LIMIT ?;
