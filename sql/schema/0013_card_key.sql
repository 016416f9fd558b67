-- SPDX-License-Identifier: Apache-2.0
-- Cards are sealed under this card key or a newer one.  One row: all merchants
-- share the key file.  Who inserts a card holds the row shared, so that whoever
-- has raised it knows that no older key comes any more.
CREATE TABLE card_key_floor (
  id            TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  key_id        INT UNSIGNED NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
INSERT INTO card_key_floor (id, key_id) VALUES (1, 0);
