-- SPDX-License-Identifier: Apache-2.0
-- Coupons that were made together carry a name, '' alone.

ALTER TABLE coupon
  ADD COLUMN batch VARCHAR(40) NOT NULL DEFAULT '' AFTER code,
  ADD KEY by_batch (merchant_id, batch, id);
