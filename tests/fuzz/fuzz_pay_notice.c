/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A notice of any gateway: "NAME METHOD", header lines, a blank line, the
 * body (or the query of a GET).  The seeds are genuine messages of the
 * vectors and nobody here can sign: what is accepted says what they say.
 */
#include "fuzz/fuzz.h"

#include "io/crypt.h"
#include "pay/verdict.h"
#include "support/rsakey.h"

/* Public halves only: tests/vectors has them too. */
static const char alipay_pub[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1YwpycMo/uwjoVAZGFqR\n"
    "r1PUXxWZUVCPYDWJc3OmiONUPCQgBFUX1IGGjbMsfALjJUANDun4Y6hJmC54IpPV\n"
    "n5NYkT2dJ/6jXpBTvx9Jp6MJV6moRgWaIju5Pvs4tJlixdXucV31M3bPkljCNWBG\n"
    "JiQAPpqJ38nZGvSfYRWLAA+uKGBrUG0OAdLcv1zUK2z7AyAD9MA6g0idIB1hzP/7\n"
    "oCRqDsh5wYqT6r2pi7Ls/bktgreeLzjiSwi8Foj6PMSkyzxJIyV61Z/Fn3ACk7L1\n"
    "nU46xeATrN7Hp+iAcItEmh9BOsCpbCUL4x/T/91wI9D4L8lnHhlI5bJMbVAiUb10\n"
    "CQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
static const char epay2_pub[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjequ1Hft1K8xJzKUDHvY\n"
    "ygEtighVp49x/bdlig0+MTsFO+8eViF4PCPMrW3UaFrYAlNnNjfRbefnfZLrssCL\n"
    "nKD7SvaeBqbmM5Wzc3c2q14iV/x9cOsX2xfoFPASAQgEteAa7tCCbjTGWZyTOAgK\n"
    "tRzdjg06KbI+I5uH2saHK+HA2eb7ONaLuVQ2NzVlvXxceF12q0U5FAdJkCxdNAmv\n"
    "1j4lT7g4We1101r2T7d3D4EYIACe3TC6z1g+GOjP81h6qcakutQVvRJuMWi4fLKM\n"
    "08AR3+Gf05E2nZAddk4pGJhqoOXXoiLHr3Y7CblKYekH9YHjOx2oIJk21w1XM+MA\n"
    "5wIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
static const char wechat_keys[] =
    "PUB_KEY_ID_0119000000012026010100000000000001\n"
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAv0iHutnO9dxJrmKwuToP\n"
    "X+w5xO+m+NODP0ikrzxzRSIwqPhlj1qf+ikSG/9VegyusJVFRvfxJq1wNC+ZXX9g\n"
    "ub+Qbyi1WyEoM0I3ZQucr4JQz+Fz+OukUqeucS4ZCo6ljr4KzdQKbfTgQ/ZAwuUu\n"
    "2Si5f4xbrtoUZ4K0ZkbZlFB74s+W5yPVOqFbuSPxIyKA8fu4oM1yg4oap5U5eOsn\n"
    "ln2vxEn7e+4bot7ZQVhm7blVZIeWG9mKs1JXZPT5OukxMpvOWBf31ON7WFfM9+r0\n"
    "dYQlOf93V0QQDYNoBcTafk+dTQj5FA4QVxgyPY7Ydrh5yh09rtF83hUXk5DwjqPM\n"
    "jQIDAQAB\n"
    "-----END PUBLIC KEY-----\n"
    "5157F09EFDC096DE15EBE81A47057A7232F1B8E1\n"
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDKjCCAhKgAwIBAgIUUVfwnv3Alt4V6+gaRwV6cjLxuOEwDQYJKoZIhvcNAQEL\n"
    "BQAwRjELMAkGA1UEBhMCQ04xGDAWBgNVBAoMD1RlbnBheS5jb20gVEVTVDEdMBsG\n"
    "A1UEAwwUVGVucGF5LmNvbSBzaWduIFRFU1QwHhcNMjUwMTAxMDAwMDAwWhcNMzUw\n"
    "MTAxMDAwMDAwWjBGMQswCQYDVQQGEwJDTjEYMBYGA1UECgwPVGVucGF5LmNvbSBU\n"
    "RVNUMR0wGwYDVQQDDBRUZW5wYXkuY29tIHNpZ24gVEVTVDCCASIwDQYJKoZIhvcN\n"
    "AQEBBQADggEPADCCAQoCggEBAL9Ih7rZzvXcSa5isLk6D1/sOcTvpvjTgz9IpK88\n"
    "c0UiMKj4ZY9an/opEhv/VXoMrrCVRUb38SatcDQvmV1/YLm/kG8otVshKDNCN2UL\n"
    "nK+CUM/hc/jrpFKnrnEuGQqOpY6+Cs3UCm304EP2QMLlLtkouX+MW67aFGeCtGZG\n"
    "2ZRQe+LPlucj1TqhW7kj8SMigPH7uKDNcoOKGqeVOXjrJ5Z9r8RJ+3vuG6Le2UFY\n"
    "Zu25VWSHlhvZirNSV2T0+TrpMTKbzlgX99Tje1hXzPfq9HWEJTn/d1dEEA2DaAXE\n"
    "2n5PnU0I+RQOEFcYMj2O2Ha4ecodPa7RfN4VF5OQ8I6jzI0CAwEAAaMQMA4wDAYD\n"
    "VR0TAQH/BAIwADANBgkqhkiG9w0BAQsFAAOCAQEAMQBViI/LdwRw9iDWHDGq2yWq\n"
    "+5iC/IWFy0UAebxh/u8ZM2IPa1RT8X8u3CvvCTU0LJb3NpULXGG0ZMR1n4I5kjrf\n"
    "TVG2ZIPM7qgwVvbZ/xslsYqIQXHz9UrJFK2RmpcILU+5vgdrzJL2n27X6XbfaArj\n"
    "kks2B+Itul+IN033Nyr8XKeqLKF9tp6lkcrZRCcvJevjEiPA199OTK4LpihZGemV\n"
    "YccTx0WiUKLnBh0uYIAPn+DKaps29aM3pKi8X9veqCaSqc/nnI+0+WMAzdYS7BOk\n"
    "lhLB2U3J+O6coel4Caw+x41/RXo3+vj3sKUdcOPdLOtqJ1YbOSGcwR5jlTpknw==\n"
    "-----END CERTIFICATE-----\n";

/* Stands where a key is required and never used: a notice needs none. */
#define NO_KEY "-"

static const struct {
	const char *name;
	struct pay_pair pair[8];
	size_t n;
	int64_t minor;
	const char *currency;
} shop[] = {
    {"epay",
	{{"base_url", "https://g.example/"}, {"pid", "1001"},
	    {"key", "WWc3Z2jkK7jhNGPALcGKjHLPK47wRK85"}},
	3, 1000, "CNY"},
    {"epusdt",
	{{"base_url", "https://g.example/"}, {"key", "epusdt_share_token_1"}},
	2, 2888, "CNY"},
    {"stripe",
	{{"mode", "test"}, {"secret_key", "sk_test_0000000000"},
	    {"webhook_secrets", "whsec_test_secret_share_0001"}},
	3, 1000, "USD"},
    {"epay2",
	{{"base_url", "https://g.example/"}, {"pid", "1001"},
	    {"public_key", epay2_pub}, {"private_key", NO_KEY}},
	4, 1000, "CNY"},
    {"alipay",
	{{"app_id", "2021003100000001"}, {"seller_id", "2088731000000011"},
	    {"public_key", alipay_pub}, {"private_key", NO_KEY}},
	4, 1000, "CNY"},
    {"wechatpay",
	{{"mchid", "1900000109"}, {"appid", "wxd678efh567hg6787"},
	    {"merchant_serial", "1DDE55AD"},
	    {"apiv3_key", "0123456789abcdefGHIJKLMNOPQRSTUV"},
	    {"platform_keys", wechat_keys}, {"private_key", NO_KEY}},
	6, 1000, "CNY"},
};

enum { SHOPS = sizeof(shop) / sizeof(shop[0]), HEADERS = 16 };

static const struct pay_account *account[SHOPS];
static struct arena *keep;

static void
open_accounts(void)
{
	struct gateway_error why;
	struct rsakey key;
	size_t i, j;

	keep = arena_new(1 << 16, 1 << 24);
	crypt_init();
	rsakey_make(&key);
	for (i = 0; i < SHOPS; i++) {
		struct pay_pair pair[8];
		struct gateway_config config = {pair, shop[i].n};

		memcpy(pair, shop[i].pair, sizeof(pair));
		for (j = 0; j < shop[i].n; j++)
			if (str_eq(pair[j].value, NO_KEY))
				pair[j].value = key.secret;
		MUST(gateway_account(gateway_find(shop[i].name), keep, &config,
			 &account[i], &why) == RC_OK);
	}
}

static void
judge(struct arena *a, size_t i, const struct pay_request *rq)
{
	struct ctx cx = {.arena = a, .keep = a, .now = 1767240004000000};
	struct verdict v;

	gateway_notice(gateway_find(shop[i].name), &cx, account[i], rq, &v);
	if (v.outcome == PAY_REJECT || v.outcome == PAY_LATER) {
		MUST(v.why != WHY_OK);
		return;
	}
	MUST(v.signature_valid && v.why == WHY_OK);
	MUST(v.outcome == PAY_PAID);
	MUST(str_eq(v.order_no, "CS20260101000001"));
	MUST(v.has_amount && v.amount.minor == shop[i].minor);
	MUST(str_eq(v.currency, shop[i].currency));
}

void
fuzz_pay_notice(struct arena *a, struct span in)
{
	const char *lines[HEADERS + 1] = {NULL};
	struct pay_request rq = {.headers = lines};
	struct span first, line;
	size_t i, n = 0;

	if (account[0] == NULL)
		open_accounts();
	if (!span_cut(&in, '\n', &first))
		return;
	while (span_cut(&in, '\n', &line) && line.n > 0)
		if (n < HEADERS)
			lines[n++] = arena_dup(a, line.p, line.n);
	rq.method = "POST";
	if (first.n > 4 && memcmp(first.p + first.n - 4, " GET", 4) == 0)
		rq.method = "GET";
	*(str_eq(rq.method, "GET") ? &rq.query : &rq.body) = in;
	if (!span_cut(&first, ' ', &line))
		return;
	for (i = 0; i < SHOPS; i++)
		if (span_is(line, shop[i].name))
			judge(a, i, &rq);
}
