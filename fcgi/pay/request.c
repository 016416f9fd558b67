/* SPDX-License-Identifier: Apache-2.0 */
/* Headers and parameters of a notice, strictly. */
#include "pay/request.h"

/* The value of "name: value" when the name is this one, else NULL. */
static const char *
header_value(const char *line, const char *name)
{
	for (; *name != '\0' && *line != '\0'; line++, name++) {
		char x = *line == '_' ? '-' : chr_lower(*line);

		if (x != chr_lower(*name))
			return NULL;
	}
	if (*name != '\0' || *line != ':')
		return NULL;
	for (line++; *line == ' ' || *line == '\t'; line++)
		;
	return line;
}

const char *
pay_header(const struct pay_request *rq, const char *name)
{
	const char *const *line;
	const char *found = NULL, *value;

	for (line = rq->headers; line != NULL && *line != NULL; line++) {
		if ((value = header_value(*line, name)) == NULL)
			continue;
		if (found != NULL)
			return NULL;
		found = value;
	}
	return found;
}

enum pay_why
request_params(const struct pay_request *rq, int ways, struct params *out)
{
	bool post = str_eq(rq->method, "POST");
	struct span raw = post ? rq->body : rq->query;
	struct span other = post ? rq->query : rq->body;
	const char *type = pay_header(rq, "Content-Type");

	if (!(ways & (post ? PAY_FORM_POST : PAY_FORM_GET)))
		return WHY_METHOD;
	if (other.n != 0)
		return WHY_SYNTAX;
	if (post && !str_starts(type == NULL ? "" : type,
			"application/x-www-form-urlencoded"))
		return WHY_SYNTAX;
	switch (params_read(out, raw)) {
	case RC_OK:
		return WHY_OK;
	case RC_CONFLICT:
		return WHY_DUPLICATE;
	default:
		return WHY_SYNTAX;
	}
}
