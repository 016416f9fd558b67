-- SPDX-License-Identifier: Apache-2.0
-- Unpaid orders of a network: the state first, so that a range of addresses
-- reads what is unpaid and not all that was ever ordered from there.
ALTER TABLE orders DROP KEY by_address, ADD KEY by_address (state, address);
