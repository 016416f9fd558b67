-- SPDX-License-Identifier: Apache-2.0
-- Visits and orders by minute, and the forecast made of them.

-- :traffic_add (u64 merchant, i64 minute_us, u64 visits, u64 orders)
--   -> affected primary
INSERT INTO traffic (merchant_id, minute_us, visits_n, orders_n)
VALUES (?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE visits_n = visits_n + VALUES(visits_n),
       orders_n = orders_n + VALUES(orders_n);

-- :traffic_buckets (i64 bucket_us, u64 merchant, i64 from_us, i64 until_us)
--   -> rows(i64 bucket, u64 visits, u64 orders) replica-ok
SELECT t.minute_us DIV b.us AS bucket,
       CAST(SUM(t.visits_n) AS UNSIGNED), CAST(SUM(t.orders_n) AS UNSIGNED)
  FROM (SELECT CAST(? AS SIGNED) AS us) b
  JOIN traffic t
 WHERE t.merchant_id = ? AND t.minute_us >= ? AND t.minute_us < ?
 GROUP BY bucket ORDER BY bucket;

-- :traffic_prune (i64 before_us) -> affected primary
DELETE FROM traffic WHERE minute_us < ?
 ORDER BY merchant_id, minute_us LIMIT 5000;

-- :forecast_put (u64 merchant, str kind, i64 made_us, u64 hour, u64 last_hour,
--   u32 fitted) -> affected primary
INSERT INTO forecast (merchant_id, kind, made_us, hour_n, last_hour_n, fitted)
VALUES (?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE made_us = VALUES(made_us), hour_n = VALUES(hour_n),
       last_hour_n = VALUES(last_hour_n), fitted = VALUES(fitted);

-- :forecast_get (u64 merchant) -> rows(str kind, i64 made_us, u64 hour,
--   u64 last_hour, u32 fitted) replica-ok
SELECT kind, made_us, hour_n, last_hour_n, fitted FROM forecast
 WHERE merchant_id = ?;

-- :orders_open (u64 merchant) -> rows(str state, u64 n, i64 oldest_us)
--   replica-ok
-- Money that has come and goods that have not gone.
SELECT state, COUNT(*), MIN(paid_us) FROM orders
 WHERE merchant_id = ? AND state IN ('paid', 'short', 'manual', 'refunding')
 GROUP BY state;
