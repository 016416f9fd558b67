/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of gateways as lines: each format as its gateway writes it, and
 * what is not one, with the number of its line. */
#include "support/test.h"

#include "shop/statement_read.h"

static const struct statement_line *line;
static size_t n;
static struct statement_reader rd;

static void
begin(const char *format)
{
	memset(&rd, 0, sizeof(rd));
	rd.format = format;
	rd.currency = "CNY";
	statement_begin(&rd);
}

static void
feed(const char *text)
{
	statement_read(ta, &rd, span_str(text), &line, &n);
}

static void
is(size_t i, enum statement_kind kind, unsigned at, const char *txn,
    const char *no, int64_t amount, int64_t fee, const char *currency)
{
	assert_true(i < n);
	assert_int_equal(line[i].kind, kind);
	assert_int_equal(line[i].line, at);
	assert_string_equal(line[i].txn, txn);
	assert_string_equal(line[i].order_no, no);
	assert_int_equal(line[i].amount.minor, amount);
	assert_int_equal(line[i].fee.minor, fee);
	assert_string_equal(line[i].currency, currency);
}

static void
test_alipay(void **state)
{
	(void)state;
	begin("alipay");
	feed("#支付宝业务明细查询\n#账号：[2088]\n"
	     "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,"
	     "订单金额（元）,商家实收（元）,服务费（元）,备注\n"
	     "2026112822001\t,261128A1\t,交易    ,卡,2026-11-28 10:00:00,"
	     "2026-11-28 10:00:09,10.00,10.00,-0.06,\n"
	     "2026112822001\t,261128A1\t,退款    ,卡,2026-11-28 11:00:00,"
	     "2026-11-28 11:00:09,-3.00,-3.00,0.02,\n"
	     "#------\n#交易合计：1笔\n");
	assert_int_equal(n, 2);
	is(0, STATEMENT_PAYMENT, 4, "2026112822001", "261128A1", 1000, 6,
	    "CNY");
	assert_string_equal(line[0].at, "2026-11-28 10:00:09");
	is(1, STATEMENT_REFUND, 5, "2026112822001", "261128A1", 300, 2, "CNY");
}

/* The same heading in GBK, as Alipay really sends it. */
static void
test_gbk(void **state)
{
	(void)state;
	begin("alipay");
	feed("\xd6\xa7\xb8\xb6\xb1\xa6\xbd\xbb\xd2\xd7\xba\xc5,"
	     "\xc9\xcc\xbb\xa7\xb6\xa9\xb5\xa5\xba\xc5,"
	     "\xd2\xb5\xce\xf1\xc0\xe0\xd0\xcd,"
	     "\xb6\xa9\xb5\xa5\xbd\xf0\xb6\xee\xa3\xa8\xd4\xaa\xa3\xa9\n"
	     "77,N1,\xbd\xbb\xd2\xd7,1.00\n");
	assert_int_equal(n, 1);
	is(0, STATEMENT_PAYMENT, 2, "77", "N1", 100, 0, "CNY");
}

static void
test_wechatpay(void **state)
{
	(void)state;
	begin("wechatpay");
	feed("\xef\xbb\xbf交易时间,公众账号ID,商户号,微信订单号,商户订单号,"
	     "交易状态,货币种类,应结订单金额,微信退款单号,退款金额,手续费,"
	     "订单金额,申请退款金额\r\n"
	     "`2026-11-28 10:00:00,`wx1,`16,`4200001,`N1,`SUCCESS,`CNY,`10.00,"
	     "`0,`0.00,`0.06500,`10.00,`0.00\r\n"
	     "`2026-11-28 12:00:00,`wx1,`16,`4200001,`N1,`REFUND,`CNY,`0.00,"
	     "`5030,`2.50,`-0.01500,`0.00,`2.50\r\n"
	     "`2026-11-28 12:00:00,`wx1,`16,`4200002,`N2,`REVOKED,`CNY,`0.00,"
	     "`0,`0.00,`0.00000,`0.00,`0.00\r\n"
	     "总交易单数,应结订单总金额,退款总金额\r\n`3,`10.00,`2.50\r\n");
	assert_int_equal(n, 3);
	is(0, STATEMENT_PAYMENT, 2, "4200001", "N1", 1000, 7, "CNY");
	is(1, STATEMENT_REFUND, 3, "4200001", "N1", 250, 2, "CNY");
	assert_int_equal(line[2].kind, STATEMENT_OTHER);
}

static void
test_stripe(void **state)
{
	(void)state;
	begin("stripe");
	feed("balance_transaction_id,created_utc,currency,gross,fee,net,"
	     "reporting_category,payment_intent_id,payment_metadata[order_no]\n"
	     "txn_1,2026-11-28 10:00:00,usd,12.50,0.66,11.84,charge,pi_1,N1\n"
	     "txn_2,2026-11-28 11:00:00,usd,-2.00,0.00,-2.00,refund,pi_1,N1\n"
	     "txn_3,2026-11-28 12:00:00,usd,-9.84,0.00,-9.84,payout,,\n");
	assert_int_equal(n, 3);
	is(0, STATEMENT_PAYMENT, 2, "pi_1", "N1", 1250, 66, "USD");
	is(1, STATEMENT_REFUND, 3, "pi_1", "N1", 200, 0, "USD");
	assert_int_equal(line[2].kind, STATEMENT_OTHER);
}

static void
test_paypal(void **state)
{
	(void)state;
	begin("paypal");
	feed(
	    "\"Date\",\"Type\",\"Status\",\"Currency\",\"Gross\",\"Fee\","
	    "\"Transaction ID\",\"Invoice Number\",\"Reference Txn ID\"\n"
	    "\"11/28/2026\",\"Express Checkout Payment\",\"Completed\",\"USD\","
	    "\"1,234.56\",\"-0.99\",\"9AB\",\"N1\",\"\"\n"
	    "\"11/28/2026\",\"Payment Refund\",\"Completed\",\"USD\","
	    "\"-1.00\",\"0.00\",\"9AC\",\"N1\",\"9AB\"\n"
	    "\"11/28/2026\",\"Express Checkout Payment\",\"Pending\",\"USD\","
	    "\"5.00\",\"0.00\",\"9AD\",\"N2\",\"\"\n"
	    "\"11/28/2026\",\"General Withdrawal\",\"Completed\",\"USD\","
	    "\"-500.00\",\"0.00\",\"9AE\",\"\",\"\"\n");
	assert_int_equal(n, 4);
	is(0, STATEMENT_PAYMENT, 2, "9AB", "N1", 123456, 99, "USD");
	is(1, STATEMENT_REFUND, 3, "9AB", "N1", 100, 0, "USD");
	assert_int_equal(line[2].kind, STATEMENT_OTHER);
	assert_int_equal(line[3].kind, STATEMENT_OTHER);
}

static void
test_own_headings(void **state)
{
	(void)state;
	begin("generic");
	rd.heading[COL_ORDER] = "单号";
	rd.heading[COL_TXN] = "流水";
	rd.heading[COL_AMOUNT] = "实付";
	feed("流水;单号;实付;fee\nT1;N1;8.5;0.1\nT2;N2;-1\n");
	assert_int_equal(n, 2);
	is(0, STATEMENT_PAYMENT, 2, "T1", "N1", 850, 10, "CNY");
	is(1, STATEMENT_REFUND, 3, "T2", "N2", 100, 0, "CNY");
}

static void
test_bad_lines_have_numbers(void **state)
{
	static const struct {
		const char *text, *why;
	} row[] = {
	    {"T1,N1,1e2,", "amount"},
	    {"T1,N1,1.005,", "amount"},
	    {"T1,N1,0,", "amount"},
	    {"T1,N1,,", "amount"},
	    {"T1,N1,1 2,", "amount"},
	    {"T1,N1,\"1,2\",", "amount"},
	    {"T1,N1,99999999999999999999,", "amount"},
	    {"T 1,N1,1.00,", "txn"},
	    {",N1,1.00,", "txn"},
	    {"T1,N1,1.00,x", "fee"},
	    {"T1", "columns"},
	    {"\"T1", "quotes"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		begin("generic");
		feed(arena_fmt(ta,
		    "txn,order_no,amount,fee\nOK1,N0,1.00,\n%s\nOK2,N2,2.00,\n",
		    row[i].text));
		assert_int_equal(n, 3);
		assert_int_equal(line[0].kind, STATEMENT_PAYMENT);
		assert_int_equal(line[1].kind, STATEMENT_BAD);
		assert_int_equal(line[1].line, 3);
		assert_string_equal(line[1].why, row[i].why);
		assert_int_equal(line[2].kind, STATEMENT_PAYMENT);
		assert_int_equal(line[2].line, 4);
	}
}

static void
test_no_headings(void **state)
{
	(void)state;
	begin("stripe");
	feed("a,b,c\n1,2,3\n");
	assert_int_equal(n, 0);
	assert_false(rd.headed);
}

/* A file in pieces is the file. */
static void
test_pieces(void **state)
{
	struct statement_reader again = {0};
	const char *kept;

	(void)state;
	begin("generic");
	feed("# a remark\ntxn\torder_no\tamount\n");
	kept = statement_state(ta, &rd);
	again = rd;
	assert_int_equal(statement_resume(&again, kept), RC_OK);
	assert_memory_equal(again.column, rd.column, sizeof(rd.column));
	rd = again;
	feed("T1\tN1\t1.00\n");
	is(0, STATEMENT_PAYMENT, 3, "T1", "N1", 100, 0, "CNY");
	assert_int_equal(statement_resume(&again, "1 2"), RC_INVALID);
	assert_int_equal(statement_resume(&again, "x"), RC_INVALID);
	assert_int_equal(statement_resume(&again, ""), RC_OK);
	assert_false(again.headed);
}

static void
test_formats(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; statement_format_at(i) != NULL; i++)
		assert_true(statement_format_ok(statement_format_at(i)));
	assert_int_equal(i, 5);
	assert_false(statement_format_ok("excel"));
	assert_false(statement_format_ok(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_alipay),
	    TEST(test_gbk),
	    TEST(test_wechatpay),
	    TEST(test_stripe),
	    TEST(test_paypal),
	    TEST(test_own_headings),
	    TEST(test_bad_lines_have_numbers),
	    TEST(test_no_headings),
	    TEST(test_pieces),
	    TEST(test_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
