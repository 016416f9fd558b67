/* SPDX-License-Identifier: Apache-2.0 */
/* The table of kinds.  One that is not here fails; it is never skipped. */
#include "vector/vector.h"

static const struct {
	const char *kind;
	vec_fn fn;
} table[] = {
    {"alipay_cert_sn", vec_alipay_cert_sn},
    {"alipay_notify", vec_notify},
    {"alipay_request", vec_alipay_request},
    {"alipay_response", vec_alipay_response},
    {"alipay_return", vec_alipay_return},
    {"epay_v1_notify", vec_notify},
    {"epay_v1_request", vec_epay_v1_request},
    {"epay_v2_notify", vec_notify},
    {"epay_v2_request", vec_epay_v2_request},
    {"epay_v2_response", vec_epay_v2_response},
    {"epusdt_notify", vec_notify},
    {"epusdt_request", vec_epusdt_request},
    {"paypal_crc32", vec_paypal_crc32},
    {"paypal_notify", vec_notify},
    {"paypal_signature", vec_paypal_signature},
    {"stripe_header_parse", vec_stripe_header_parse},
    {"stripe_notify", vec_notify},
    {"wechatpay_gcm", vec_wechatpay_gcm},
    {"wechatpay_notify", vec_notify},
    {"wechatpay_request", vec_wechatpay_request},
    {"wechatpay_response", vec_wechatpay_response},
    {"wechatpay_rsa_verify", vec_wechatpay_rsa_verify},
};

vec_fn
vec_kind(const char *kind)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (str_eq(table[i].kind, kind))
			return table[i].fn;
	return NULL;
}
