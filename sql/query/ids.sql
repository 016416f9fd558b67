-- SPDX-License-Identifier: Apache-2.0

-- :id_block_take (u32 n, str name) -> insert_id primary
-- LAST_INSERT_ID(x) hands x back to the client: the first id of the block.
UPDATE id_block SET next_id = LAST_INSERT_ID(next_id) + ? WHERE name = ?;
