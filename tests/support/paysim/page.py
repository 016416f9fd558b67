# SPDX-License-Identifier: Apache-2.0
"""The pages a buyer sees at the simulated gateway."""

from html import escape

from web import html_response

CSS = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;
 background:#f3f5f9;color:#1d2433;
 font:16px/1.6 system-ui,-apple-system,"Segoe UI","PingFang SC",
 "WenQuanYi Micro Hei","Microsoft YaHei",sans-serif}
header{background:#fff;border-bottom:1px solid #e4e8f0}
header div,main{width:100%;max-width:30rem;margin:0 auto;padding:0 1.25rem}
header div{display:flex;align-items:center;gap:.6rem;height:3.6rem;
 font-weight:600}
.mark{width:1.9rem;height:1.9rem;border-radius:.55rem;background:var(--c);
 color:#fff;display:grid;place-items:center;font-weight:700}
.tag{margin-left:auto;font-size:.75rem;font-weight:500;color:#8a5a00;
 background:#fff3d6;border-radius:1rem;padding:.1rem .7rem}
main{flex:1;padding-top:1.75rem;padding-bottom:3rem}
.card{background:#fff;border-radius:1rem;padding:1.75rem 1.5rem;
 box-shadow:0 1px 2px #1d243314,0 8px 28px #1d243312}
.amount{font-size:2.5rem;font-weight:700;line-height:1.2;text-align:center;
 margin:.1rem 0 1.1rem;font-variant-numeric:tabular-nums}
.amount small{font-size:1.3rem;font-weight:600;margin-right:.15rem}
.to{text-align:center;color:#5b6579;margin:0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.45rem 1.25rem;margin:0;
 padding:1.1rem 0;border-top:1px dashed #dfe4ee;font-size:.92rem}
dt{color:#5b6579}
dd{margin:0;text-align:right;overflow-wrap:anywhere}
button,.back{font:inherit;border-radius:.7rem;border:0;cursor:pointer}
button.pay{display:block;width:100%;padding:.85rem;font-size:1.08rem;
 font-weight:600;color:#fff;background:var(--c)}
button.pay:hover{filter:brightness(1.07)}
button:focus-visible,a:focus-visible{outline:3px solid #1d243355;
 outline-offset:2px}
.back{display:block;text-align:center;margin-top:.9rem;color:#44506a}
.big{display:block;text-align:center;padding:.8rem;border-radius:.7rem;
 background:var(--c);color:#fff;text-decoration:none;font-weight:600;
 margin-top:.4rem}
.tick{width:3.4rem;height:3.4rem;border-radius:50%;margin:0 auto .7rem;
 display:grid;place-items:center;color:#fff;font-size:1.8rem;background:#16a34a}
.bad{background:#dc2626}
h1{font-size:1.2rem;text-align:center;margin:0 0 .3rem}
details{margin-top:1.25rem;color:#5b6579;font-size:.9rem}
summary{cursor:pointer}
.more{display:grid;grid-template-columns:1fr 1fr;gap:.5rem;margin-top:.7rem}
.more button{background:#e8ecf4;color:#1d2433;padding:.55rem}
footer{color:#5b6579;font-size:.8rem;text-align:center;padding:0 1rem 1.5rem}
"""

SYMBOL = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
ODD = (("twice", "付两次通知 · notice twice"),
       ("lose", "通知丢失 · notice lost"),
       ("late", "5 秒后通知 · notice in 5 s"),
       ("forge", "伪造签名 · forged notice"),
       ("under", "少付一分 · one cent less"),
       ("close", "关闭交易 · close"))


def frame(title, colour, inner, refresh=""):
    return html_response(f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">{refresh}
<title>{escape(title)} · paysim</title>
<style>{CSS}</style></head>
<body style="--c:{escape(colour)}">
<header><div><span class="mark">{escape(title[:1])}</span>{escape(title)}
<span class="tag">模拟 · simulator</span></div></header>
<main>{inner}</main>
<footer>这是测试用的模拟网关，不会发生真实扣款。<br>
A simulated gateway for tests. No money moves.</footer>
</body></html>""")


def amount_html(minor, currency):
    return (f'<p class="amount"><small>{escape(SYMBOL.get(currency, ""))}'
            f'</small>{minor // 100}.{minor % 100:02d}</p>')


def cashier_page(gw, trade):
    back = f'<a class="back" data-sim-return href="{escape(trade.return_url)}">' \
        "返回商店 · back to the shop</a>" if trade.return_url else ""
    odd = "".join(f'<button name="how" value="{v}">{escape(t)}</button>'
                  for v, t in ODD)
    return frame(gw.TITLE, gw.COLOUR, f"""
<section class="card">
<p class="to">应付金额 · amount due</p>
{amount_html(trade.amount, trade.currency)}
<dl><dt>商品</dt><dd>{escape(trade.subject)}</dd>
<dt>订单号</dt><dd data-sim-order>{escape(trade.order_no)}</dd>
<dt>交易号</dt><dd>{escape(trade.trade_no)}</dd></dl>
<form method="post" action="/paysim/cashier/{escape(trade.trade_no)}">
<button class="pay" name="how" value="pay" data-sim-pay>确认付款 · Pay</button>
{back}
<details><summary>其他结果 · other outcomes</summary>
<div class="more">{odd}</div></details>
</form></section>""")


def done_page(gw, trade, answers):
    link = gw.return_link(trade)
    good = trade.state in ("paid", "refunded") or \
        bool(trade.extra.get("approved"))
    if good:
        head = '<div class="tick" aria-hidden="true">✓</div>' \
            '<h1 data-sim-paid>付款成功 · paid</h1>'
    else:
        head = '<div class="tick bad" aria-hidden="true">!</div>' \
            f'<h1>交易未付款 · {escape(trade.state)}</h1>'
    told = "".join(
        f'<dt>通知 · notice</dt><dd>{escape(str(a.get("status") or a["error"]))}'
        f' {escape(a.get("body", "")[:40])}</dd>' for a in answers)
    refresh = back = ""
    if link:
        back = f'<a class="big" data-sim-return href="{escape(link)}">' \
            "返回商店 · back to the shop</a>"
        if good:
            refresh = '<meta http-equiv="refresh" content="3;url=' \
                f'{escape(link)}">'
    return frame(gw.TITLE, gw.COLOUR, f"""
<section class="card">{head}
{amount_html(trade.paid or trade.amount, trade.currency)}
<dl><dt>订单号</dt><dd data-sim-order>{escape(trade.order_no)}</dd>{told}</dl>
{back}</section>""", refresh)


def message_page(title, text, colour="#1677ff", status=200):
    page = frame(title, colour, f"""
<section class="card"><div class="tick bad" aria-hidden="true">!</div>
<h1 data-sim-error>{escape(text)}</h1></section>""")
    page.status = status
    return page
