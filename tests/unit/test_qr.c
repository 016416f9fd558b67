/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path is drawn back into a picture here, module by module, and compared
 * with what libqrencode says; zbarimg, where it is installed, reads it too.
 */
#include "support/test.h"

#include <stdio.h>
#include <unistd.h>

#include <qrencode.h>

#include "io/qr.h"

enum { SIDE = 200 };

static unsigned char pixel[SIDE][SIDE];

static const char *
make(const char *text)
{
	const char *svg = NULL;

	assert_int_equal(qr_svg(ta, span_str(text), "label", &svg), RC_OK);
	return svg;
}

/* "M4 4h7v1h-7z..." of the second path; returns the side of the view box. */
static int
draw(const char *svg)
{
	int side, side2, x, y, w, back, n, i;
	const char *p = strstr(svg, "viewBox=\"0 0 ");

	assert_non_null(p);
	assert_int_equal(sscanf(p, "viewBox=\"0 0 %d %d\"", &side, &side2), 2);
	assert_int_equal(side, side2);
	assert_true(side <= SIDE);
	memset(pixel, 0, sizeof(pixel));
	p = strstr(svg, "fill=\"#000\" d=\"");
	assert_non_null(p);
	p = strchr(p, 'M');
	while (*p == 'M') {
		assert_int_equal(
		    sscanf(p, "M%d %dh%dv1h-%dz%n", &x, &y, &w, &back, &n), 4);
		assert_int_equal(w, back);
		assert_true(x >= 4 && y >= 4 && x + w <= side - 4);
		for (i = 0; i < w; i++)
			pixel[y][x + i] = 1;
		p += n;
	}
	assert_int_equal(*p, '"');
	return side;
}

static void
same_modules(const char *text)
{
	QRcode *q = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	int side = draw(make(text)), x, y;

	assert_non_null(q);
	assert_int_equal(side, q->width + 8);
	for (y = 0; y < q->width; y++)
		for (x = 0; x < q->width; x++)
			assert_int_equal(
			    pixel[y + 4][x + 4], q->data[y * q->width + x] & 1);
	QRcode_free(q);
}

static void
modules(void **state)
{
	char *p = arena_alloc(ta, 1001);

	(void)state;
	same_modules("x");
	same_modules("https://qr.alipay.com/bax03206ug0kulveltqc80a8");
	same_modules("weixin://wxpay/bizpayurl?pr=abc");
	same_modules("0123456789");
	same_modules("\xe4\xbd\xa0\xe5\xa5\xbd");
	memset(p, 'a', 1000);
	same_modules(p);
}

static void
zbar_reads_it(void **state)
{
	static const char text[] = "https://pay.example/q?id=4711&n=2";
	int side = draw(make(text)), x, y, sx, sy;
	const char *file = arena_fmt(ta, "%s/q.pgm", test_dir());
	char out[200] = "";
	FILE *f = fopen(file, "w");

	(void)state;
	assert_non_null(f);
	(void)fprintf(f, "P5\n%d %d\n255\n", side * 6, side * 6);
	for (y = 0; y < side; y++)
		for (sy = 0; sy < 6; sy++)
			for (x = 0; x < side; x++)
				for (sx = 0; sx < 6; sx++)
					(void)fputc(pixel[y][x] ? 0 : 255, f);
	assert_int_equal(fclose(f), 0);
	if (system("command -v zbarimg >/dev/null") != 0)
		return; /* the modules were compared above */
	f = popen(arena_fmt(ta, "zbarimg -q --raw %s 2>/dev/null", file), "r");
	assert_non_null(f);
	assert_non_null(fgets(out, sizeof(out), f));
	assert_int_equal(pclose(f), 0);
	assert_string_equal(out, arena_fmt(ta, "%s\n", text));
}

/* It goes into a page unescaped: nothing of the caller's may get out. */
static void
label_is_escaped(void **state)
{
	const char *svg = NULL, *p;

	(void)state;
	assert_int_equal(
	    qr_svg(ta, SPAN_LIT("x"), "\"><script>&'", &svg), RC_OK);
	assert_non_null(strstr(
	    svg, "aria-label=\"&quot;&gt;&lt;script&gt;&amp;'\" viewBox"));
	assert_null(strstr(svg, "<script"));
	assert_null(strstr(svg, "style"));
	for (p = svg; *p != '\0'; p++)
		assert_true(*p >= ' ' && *p < 127);
	assert_true(str_starts(svg, "<svg ") && str_ends(svg, "</svg>"));
}

static void
too_long(void **state)
{
	char *p = arena_alloc(ta, 4001);
	const char *svg = NULL;

	(void)state;
	memset(p, 'a', 4000);
	assert_int_equal(qr_svg(ta, (struct span){p, 2331}, "l", &svg), RC_OK);
	svg = NULL;
	assert_int_equal(
	    qr_svg(ta, (struct span){p, 2332}, "l", &svg), RC_INVALID);
	assert_int_equal(
	    qr_svg(ta, (struct span){p, 4000}, "l", &svg), RC_INVALID);
	assert_int_equal(qr_svg(ta, SPAN_LIT(""), "l", &svg), RC_INVALID);
	assert_int_equal(qr_svg(ta, SPAN_LIT("a\0b"), "l", &svg), RC_INVALID);
	assert_null(svg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(modules),
	    TEST(zbar_reads_it),
	    TEST(label_is_escaped),
	    TEST(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
