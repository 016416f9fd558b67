/* SPDX-License-Identifier: Apache-2.0 */
/* The only place that knows the whole table of statements. */
#include "store/start.h"

#include "io/db.h"
#include "store/stmt.gen.h"

void
store_start(void)
{
	db_statements(stmt_table, STMT__N);
}
