-- SPDX-License-Identifier: Apache-2.0
-- Refunds: a state for those that wait for a person, the channel they go
-- through, who was the second to agree; and what became of goods that went
-- back to stock.

ALTER TABLE refund
  -- waiting: for a person's word; open: agreed, the gateway was not asked yet;
  -- sent: asked, it has not said that the money moved; unclear: no clear
  -- answer; done, failed, cancelled: the end
  MODIFY state ENUM('open','sent','unclear','done','failed','cancelled','waiting')
    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- console: made at the gateway's own console, learnt by a notice
  MODIFY how ENUM('gateway','manual','console')
    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ADD COLUMN channel_id BIGINT UNSIGNED NOT NULL DEFAULT 0 AFTER payment_id,
  ADD COLUMN second_id BIGINT UNSIGNED NOT NULL DEFAULT 0 AFTER staff_id,
  ADD KEY of_payment (payment_id),
  ADD KEY recent (merchant_id, state, id);

-- Cards of a refunded order that nobody had looked at and that went back to
-- stock, locked: their delivery rows are gone, this is their story.
CREATE TABLE refund_card (
  refund_id     BIGINT UNSIGNED NOT NULL,
  card_id       BIGINT UNSIGNED NOT NULL,
  order_id      BIGINT UNSIGNED NOT NULL,
  item_id       BIGINT UNSIGNED NOT NULL,
  delivered_us  BIGINT NOT NULL,
  returned_us   BIGINT NOT NULL,
  PRIMARY KEY (refund_id, card_id),
  KEY of_card (card_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Paying back is a permission of its own: whoever sells need not have it.
INSERT INTO role (merchant_id, name, permissions)
VALUES (1, 'cashier', 'orders refunds');
