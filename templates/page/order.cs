<?cs #
  SPDX-License-Identifier: Apache-2.0
  One order, for who may see it.  Never cached.
  Order {No State Amount Contact KeyPath Late HasLookup CardCount Place
    Refund Returning CanRefund Paid CanMail Said}
    State: a key of Lang.state; Place: in the queue of short orders, 0: a
    person decides; Refund, Returning: formatted sums given back, and about
    to be; CanRefund: the buyer may choose the money (Paid) instead of the
    wait; Late = 1: money came after expiry; Said: a key
    of Lang.said, after an action
  Items.N {Name Slug SkuName Qty Price InstructionsHtml
    Cards.N {N Text Link Fields.N {N Label Value}}}
    Cards: of this page, only when delivered; Link: the text when it is an
    http(s) address; Fields: its parts when the SKU names them, else none
  Quote.Lines.N  as in checkout.cs  Pager (part_pager.cs)
  Inputs.N {Label Value}  what the buyer filled in
  Events.N {Kind At AtIso}  oldest first; Kind: a key of Lang.event, others
    are the shop's own business
  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<div class="order"<?cs if:Order.State == "pending" || Order.State == "paid" ?> data-poll="/o/<?cs var:Order.No ?>/status.json" data-goto="/o/<?cs var:Order.No ?>" data-state="<?cs var:Order.State ?>"<?cs /if ?>>
<header class="order-head order-<?cs var:Order.State ?>"><?cs call:order_key(Order.KeyPath) ?>
<div><p class="order-no"><?cs var:Lang.order.no ?> <span class="mono"><?cs var:Order.No ?></span> <button class="btn btn-quiet btn-small js-only" type="button" hidden data-copy="<?cs var:Order.No ?>" data-copied="<?cs var:Lang.order.copied ?>"><?cs var:Lang.order.copy ?></button></p>
<div role="status"><h1><?cs var:Lang.order_title[Order.State] ?></h1></div>
<p><?cs if:Order.State == "short" && Order.Place ?><?cs call:fmt(Lang.order_text.short, Order.Place) ?><?cs elif:Order.State == "short" ?><?cs var:Lang.order_text.kept ?><?cs elif:Order.State == "refunded" ?><?cs call:fmt(Lang.order_text.refunded, Order.Refund) ?><?cs else ?><?cs var:Lang.order_text[Order.State] ?><?cs /if ?></p><?cs
if:Order.Returning ?><p><?cs call:fmt(Lang.order.returning, Order.Returning) ?></p><?cs /if ?><?cs
if:Order.Refund && Order.State != "refunded" ?><p><?cs call:fmt(Lang.order.part_refunded, Order.Refund) ?></p><?cs /if ?><?cs
if:Order.CanRefund ?>
<details class="refund-choice"><summary><?cs var:Lang.order.refund_instead ?></summary><form method="post" action="/o/<?cs var:Order.No ?>/refund"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs call:fmt(Lang.order.refund_hint, Order.Paid) ?></p><button class="btn"><?cs var:Lang.order.refund_yes ?></button></form></details><?cs /if ?><?cs
if:Order.Late ?><p class="badge badge-warn"><?cs var:Lang.order.late ?></p><?cs /if ?><?cs
if:Order.State == "pending" ?>
<p class="row"><a class="btn btn-primary" href="/o/<?cs var:Order.No ?>/pay"><?cs var:Lang.order.pay ?> <?cs var:Order.Amount ?></a></p><?cs /if ?></div>
</header>
<?cs if:Order.Said ?><p class="note note-info" role="status"><?cs var:Lang.said[Order.Said] ?></p>
<?cs /if ?><div class="order-cols">
<div class="order-main"><?cs
if:Order.CardCount ?>
<section class="box cards" aria-labelledby="cards-h"><div class="spread"><h2 id="cards-h"><?cs call:fmt(Lang.order.cards, Order.CardCount) ?></h2><div class="row"><button class="btn btn-small js-only" type="button" hidden data-copy-all data-copied="<?cs var:Lang.order.copied ?>"><?cs call:icon("copy") ?><?cs var:Lang.order.copy_all ?></button><a class="btn btn-small" download href="/o/<?cs var:Order.No ?>/cards.txt"><?cs call:icon("download") ?><?cs var:Lang.order.download ?></a></div></div>
<p class="sr-only" role="status" aria-live="polite" data-said></p><?cs
each:it = Items ?><?cs if:subcount(it.Cards) ?>
<details class="card-group" open><summary><span class="hide-word"><?cs var:Lang.order.hide ?></span><span class="show-word"><?cs var:Lang.order.reveal ?></span> <?cs var:it.Name ?><?cs if:it.SkuName ?> · <?cs var:it.SkuName ?><?cs /if ?></summary>
<ol class="card-list"><?cs
each:c = it.Cards ?><li class="card"><span class="card-n" aria-hidden="true"><?cs var:c.N ?></span><?cs
if:subcount(c.Fields) ?><div class="card-body"><span class="sr-only" data-card aria-hidden="true"><?cs var:c.Text ?></span><dl class="card-fields"><?cs
each:f = c.Fields ?><div><dt><?cs if:f.Label ?><?cs var:f.Label ?><?cs else ?><?cs var:f.N ?><?cs /if ?></dt><dd><code><?cs var:f.Value ?></code><button class="copy js-only" type="button" hidden data-copy="<?cs var:f.Value ?>" data-copied="<?cs var:Lang.order.copied ?>" aria-label="<?cs var:Lang.order.copy ?> <?cs var:f.Label ?>"><?cs call:icon("copy") ?></button></dd></div><?cs /each ?></dl></div><?cs
else ?><div class="card-body"><?cs if:c.Link ?><a class="card-link" rel="noreferrer noopener" target="_blank" href="<?cs var:c.Link ?>"><code data-card><?cs var:c.Text ?></code></a><?cs else ?><code data-card><?cs var:c.Text ?></code><?cs /if ?></div><button class="copy js-only" type="button" hidden data-copy="<?cs var:c.Text ?>" data-copied="<?cs var:Lang.order.copied ?>" aria-label="<?cs var:Lang.order.copy ?> <?cs var:c.N ?>"><?cs call:icon("copy") ?></button><?cs /if ?></li><?cs
/each ?></ol></details><?cs /if ?><?cs
if:it.InstructionsHtml ?>
<div class="note prose"><h3><?cs var:Lang.order.howto ?></h3><?cs uvar:it.InstructionsHtml ?></div><?cs /if ?><?cs
/each ?>
<?cs include:"page/part_pager.cs" ?>
<p class="hint"><?cs var:Lang.order.keep ?></p>
</section><?cs /if ?>
<section class="box" aria-labelledby="items-h"><h2 id="items-h"><?cs var:Lang.order.items ?></h2>
<ul class="items"><?cs each:it = Items ?><li><div><p class="bought-name"><?cs if:it.Slug ?><a href="/p/<?cs var:it.Slug ?>"><?cs var:it.Name ?></a><?cs else ?><?cs var:it.Name ?><?cs /if ?></p><?cs if:it.SkuName ?><p class="muted"><?cs var:it.SkuName ?></p><?cs /if ?></div><p class="num"><?cs var:it.Price ?> × <?cs var:it.Qty ?></p></li><?cs /each ?></ul><?cs
if:subcount(Inputs) ?>
<dl class="facts"><?cs each:i = Inputs ?><dt><?cs var:i.Label ?></dt><dd><?cs var:i.Value ?></dd><?cs /each ?></dl><?cs /if ?>
<dl class="quote"><?cs call:quote_lines(Quote.Lines) ?><div class="quote-total"><dt><?cs var:Lang.order.total ?></dt><dd><?cs var:Order.Amount ?></dd></div></dl></section>
</div>
<div class="order-side">
<section class="box" aria-labelledby="way-h"><h2 id="way-h"><?cs var:Lang.order.timeline ?></h2><ol class="timeline"><?cs
each:e = Events ?><?cs if:Lang.event[e.Kind] ?><li<?cs if:last(e) ?> class="now"<?cs /if ?>><span><?cs var:Lang.event[e.Kind] ?></span> <time datetime="<?cs var:e.AtIso ?>"><?cs var:e.At ?></time></li><?cs /if ?><?cs /each ?></ol></section>
<section class="box no-print" aria-labelledby="again-h"><h2 id="again-h"><?cs var:Lang.order.again ?></h2>
<?cs if:Order.CanMail ?><p><?cs call:fmt(Lang.order.mail_to, Order.Contact) ?></p>
<form method="post" action="/o/<?cs var:Order.No ?>/mail"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn"><?cs call:icon("mail") ?><?cs var:Lang.order.resend ?></button></form><?cs /if ?>
<p class="hint"><?cs if:Order.HasLookup ?><?cs var:Lang.order.find_password ?><?cs else ?><?cs var:Lang.order.find_here ?><?cs /if ?> <a href="/orders"><?cs var:Lang.nav.orders ?></a></p></section>
</div>
</div>
</div>
<?cs include:"layout/foot.cs" ?>
