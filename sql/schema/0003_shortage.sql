-- SPDX-License-Identifier: Apache-2.0
-- Paid orders that wait for stock, and money that is more or less than a price.

-- Kept back by a policy: waits for a person, and no stock fills it.
ALTER TABLE orders ADD COLUMN kept TINYINT UNSIGNED NOT NULL DEFAULT 0;
UPDATE orders SET kept = 1
 WHERE state IN ('short', 'manual') AND late = 1
   AND EXISTS (SELECT 1 FROM order_event e WHERE e.order_id = orders.id AND e.kind = 'late_policy');

-- The line: one row for each order that is short and not kept, written with
-- the order's move.  While a SKU has one, its stock is not for sale.
CREATE TABLE shortage (
  order_id      BIGINT UNSIGNED NOT NULL,
  sku_id        BIGINT UNSIGNED NOT NULL,
  merchant_id   BIGINT UNSIGNED NOT NULL,
  paid_us       BIGINT NOT NULL,
  PRIMARY KEY (order_id, sku_id),
  KEY line (sku_id, paid_us, order_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
INSERT INTO shortage SELECT o.id, i.sku_id, o.merchant_id, o.paid_us FROM orders o JOIN order_item i ON i.order_id = o.id WHERE o.state = 'short' AND o.kept = 0;

-- How much of this money pays its order: all of it, none (a case), or, of an
-- over-payment, the price.  The rest is owed back.
ALTER TABLE payment ADD COLUMN applied_minor BIGINT NOT NULL DEFAULT 0;
UPDATE payment SET applied_minor = amount_minor WHERE state = 'success' AND role = 'order';

-- Until when the link or code that was given at opening can be used; 0: the
-- order's own time.
ALTER TABLE payment ADD COLUMN until_us BIGINT NOT NULL DEFAULT 0;
