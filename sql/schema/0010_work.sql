-- SPDX-License-Identifier: Apache-2.0
-- What a buyer's browser computes before it may order these goods.
ALTER TABLE product
  ADD work ENUM('off','light','strong') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'off';
