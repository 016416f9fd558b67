/* SPDX-License-Identifier: Apache-2.0 */
/* /metrics: Prometheus text of this master's shared counters. */
#include "base/limits.h"
#include "base/metric.h"
#include "web/response.h"
#include "web/router.h"

enum { METRICS_HINT = 16 * 1024 };

enum rc
page_metrics(struct ctx *cx, struct response *rs)
{
	struct buf text;

	buf_init(&text, cx->arena, METRICS_HINT, LIM_RESPONSE);
	metric_print(&text);
	if (text.bad)
		return RC_FAIL;
	return respond_raw(rs, HTTP_OK,
	    "text/plain; version=0.0.4; charset=utf-8",
	    (struct span){text.p, text.len});
}
