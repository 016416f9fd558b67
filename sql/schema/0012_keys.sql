-- SPDX-License-Identifier: Apache-2.0
-- Fewer keys, and none that scatters what is new over all that ever was: in a
-- shop with millions of orders such a key reads a page from the disk for each.

-- Whom an unpaid order counts against; NULL, which is one end of a key, as
-- soon as it is anything else.
ALTER TABLE orders
  ADD COLUMN held_contact BINARY(16) NULL,
  ADD COLUMN held_address VARBINARY(16) NULL;
UPDATE orders SET held_contact = contact_hash, held_address = address
 WHERE state = 'pending';
ALTER TABLE orders DROP KEY by_contact, DROP KEY by_address,
  ADD KEY held_contact (held_contact), ADD KEY held_address (held_address);

-- Nobody looked for these.
ALTER TABLE order_item DROP KEY of_sku;
-- Found by the beginning of its cause.
ALTER TABLE outbox DROP KEY of_object;
-- Open cases are few and sorted when they are read.
ALTER TABLE payment DROP KEY cases, ADD KEY cases (merchant_id, case_state);
-- Ids are in the order of arrival.
ALTER TABLE notice DROP KEY recent, DROP KEY by_state,
  ADD KEY by_state (merchant_id, state);
