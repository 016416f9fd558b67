-- SPDX-License-Identifier: Apache-2.0
-- A hold that was lengthened because the buyer was still paying, and when the
-- gateway stops taking a payment: 0 when it has not said.

ALTER TABLE orders
  ADD COLUMN extended TINYINT UNSIGNED NOT NULL DEFAULT 0;
ALTER TABLE payment
  ADD COLUMN ends_us BIGINT NOT NULL DEFAULT 0;
