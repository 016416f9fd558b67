<?cs #
  SPDX-License-Identifier: Apache-2.0
  Pay a pending order.  Never cached; the script polls status.json, without
  script the page refreshes itself (Page.Refresh).
  Order {No State Amount ExpiresIn ExpiresAt (ISO) ExpiresText KeyPath
    ProductName SkuName Qty}
  Pay {Channel Url QrHtml Error FormAction Fields.N {Name Value}}
    Url: the gateway's page, or FormAction: a form to send there; the element
    marked data-pay leads to it.  QrHtml: our own SVG of the gateway's text
    Error: a key of Lang.err when the payment could not be opened
  Channels.N {Id Name Total Here}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<div class="pay" data-poll="/o/<?cs var:Order.No ?>/status.json" data-goto="/o/<?cs var:Order.No ?>">
<ol class="steps" aria-label="<?cs var:Lang.pay.steps ?>"><li class="done"><?cs var:Lang.pay.step1 ?></li><li aria-current="step"><?cs var:Lang.pay.step2 ?></li><li><?cs var:Lang.pay.step3 ?></li></ol>
<section class="box pay-box">
<h1><?cs var:Lang.pay.title ?></h1>
<p class="pay-amount"><span class="sr-only"><?cs var:Lang.pay.amount ?></span><?cs var:Order.Amount ?></p>
<p class="pay-clock"><?cs call:icon("clock") ?><span data-clock="<?cs var:Order.ExpiresIn ?>" data-left="<?cs var:Lang.pay.left ?>" data-ended="<?cs var:Lang.pay.ended ?>"><?cs var:Lang.pay.until ?> <time datetime="<?cs var:Order.ExpiresAt ?>"><?cs var:Order.ExpiresText ?></time></span></p><?cs
if:Pay.Error ?>
<div class="note note-bad" role="alert"><p><strong><?cs var:Lang.err[Pay.Error] ?></strong></p><p><?cs var:Lang.pay.error_more ?></p></div>
<p><a class="btn btn-block" href="/o/<?cs var:Order.No ?>/pay"><?cs var:Lang.error_page.again ?></a></p><?cs
else ?><?cs
if:Pay.QrHtml ?>
<div class="qr"<?cs if:!Pay.Url ?> data-pay<?cs /if ?>><?cs uvar:Pay.QrHtml ?></div>
<p class="qr-hint"><?cs call:fmt(Lang.pay.scan, Pay.Channel) ?></p>
<?cs if:Pay.Url ?><p><a class="btn btn-block" data-pay referrerpolicy="origin" href="<?cs var:Pay.Url ?>"><?cs var:Lang.pay.open_app ?></a></p><?cs /if ?><?cs
elif:Pay.FormAction ?>
<form method="post" action="<?cs var:Pay.FormAction ?>" data-pay><?cs each:f = Pay.Fields ?><input type="hidden" name="<?cs var:f.Name ?>" value="<?cs var:f.Value ?>"><?cs /each ?><button class="btn btn-primary btn-big btn-block"><?cs call:fmt(Lang.pay.go, Pay.Channel) ?><?cs call:icon("next") ?></button></form><?cs
elif:Pay.Url ?>
<p><a class="btn btn-primary btn-big btn-block" data-pay referrerpolicy="origin" href="<?cs var:Pay.Url ?>"><?cs call:fmt(Lang.pay.go, Pay.Channel) ?><?cs call:icon("next") ?></a></p><?cs /if ?><?cs /if ?>
<p class="pay-status" role="status" aria-live="polite" data-status data-paid="<?cs var:Lang.pay.paid ?>" data-lost="<?cs var:Lang.pay.lost ?>"><span class="pulse" aria-hidden="true"></span><span data-status-text><?cs var:Lang.pay.waiting ?></span></p>
<p class="hint"><?cs var:Lang.pay.after ?> <a href="/o/<?cs var:Order.No ?>/return"><?cs var:Lang.pay.done_link ?></a></p>
</section>
<section class="box pay-order"><?cs call:order_key(Order.KeyPath) ?>
<dl class="facts"><dt><?cs var:Lang.order.no ?></dt><dd class="mono"><?cs var:Order.No ?></dd><dt><?cs var:Lang.order.goods ?></dt><dd><?cs var:Order.ProductName ?><?cs if:Order.SkuName ?> · <?cs var:Order.SkuName ?><?cs /if ?> <span class="nowrap">× <?cs var:Order.Qty ?></span></dd><dt><?cs var:Lang.pay.by ?></dt><dd><?cs var:Pay.Channel ?></dd></dl>
<div class="pay-more"><?cs if:subcount(Channels) > #1 ?><details><summary><?cs var:Lang.pay.other ?></summary>
<form method="post" action="/o/<?cs var:Order.No ?>/pay"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><?cs
each:c = Channels ?><?cs if:!c.Here ?><button class="btn btn-block" name="channel" value="<?cs var:c.Id ?>"><span><?cs var:c.Name ?></span> <span class="muted"><?cs var:c.Total ?></span></button><?cs /if ?><?cs /each ?></form></details><?cs /if ?>
<details><summary><?cs var:Lang.pay.cancel ?></summary><form method="post" action="/o/<?cs var:Order.No ?>/cancel"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs var:Lang.pay.cancel_more ?></p><button class="btn btn-danger"><?cs var:Lang.pay.cancel_yes ?></button></form></details></div>
</section>
</div>
<?cs include:"layout/foot.cs" ?>
