<?cs #
  SPDX-License-Identifier: Apache-2.0
  One order: facts, goods, money, story, and what a person may do.
  Order {No State Contact Lang Address Channel Late Created Expires PaidAt
    DeliveredAt List TierOff CouponOff Fee Total Paid Refunded CanPay CanCancel
    CanHandOver Kept}
  Items.N {Name Sku Code Product Qty Delivered Price}  Inputs.N {Label Value}
  Events.N {At Kind To Actor Detail}
  Payments.N {Channel State Role Txn Case Amount Created Settled}
  Mails.N {State Error Attempts Created Done}  Deliveries.N {Card At Seen}
  Refunds.N (admin/refunds.cs)  Sources.N: money that may go back
  Said (paid cancelled resent handed late held delivered queued none noted too_soon)  F.{reference reason sure
    close_reason goods}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/orders"><?cs var:Lang.admin.orders ?></a></p>
<div class="spread"><h1 class="mono"><?cs var:Order.No ?></h1><?cs call:state_badge(Order.State) ?></div><?cs
if:Said ?><p class="note <?cs if:Said == "late" || Said == "held" || Said == "none" || Said == "too_soon" ?>note-warn<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.order_said[Said] ?></p><?cs /if ?>
<div class="desk-cols">
<section class="box"><h2><?cs var:Lang.order_panel.facts ?></h2><dl class="facts">
<dt><?cs var:Lang.orders_list.contact ?></dt><dd><?cs var:Order.Contact ?></dd>
<dt><?cs var:Lang.order_panel.address ?></dt><dd class="mono"><?cs var:Order.Address ?></dd>
<dt><?cs var:Lang.filter.channel ?></dt><dd><?cs var:Order.Channel ?></dd>
<dt><?cs var:Lang.orders_list.at ?></dt><dd><?cs var:Order.Created ?></dd><?cs
if:Order.PaidAt ?><dt><?cs var:Lang.orders_list.paid ?></dt><dd><?cs var:Order.PaidAt ?><?cs if:Order.Late ?> <span class="badge badge-warn"><?cs var:Lang.orders_list.late ?></span><?cs /if ?></dd><?cs
else ?><dt><?cs var:Lang.order_panel.expires ?></dt><dd><?cs var:Order.Expires ?></dd><?cs /if ?><?cs
if:Order.DeliveredAt ?><dt><?cs var:Lang.order_panel.delivered ?></dt><dd><?cs var:Order.DeliveredAt ?></dd><?cs /if ?><?cs
each:i = Inputs ?><dt><?cs var:i.Label ?></dt><dd><?cs var:i.Value ?></dd><?cs /each ?></dl></section>
<section class="box"><h2><?cs var:Lang.order_panel.goods ?></h2><?cs
each:i = Items ?><p><a href="<?cs var:Page.Admin ?>/products/<?cs var:i.Product ?>"><?cs var:i.Name ?></a> <span class="muted"><?cs var:i.Sku ?> · <span class="mono"><?cs var:i.Code ?></span></span></p><dl class="facts"><dt><?cs var:Lang.order_panel.price ?></dt><dd><?cs var:i.Price ?> × <?cs var:i.Qty ?></dd><dt><?cs var:Lang.order_panel.delivered ?></dt><dd><?cs var:i.Delivered ?> / <?cs var:i.Qty ?></dd></dl><?cs /each ?>
<dl class="facts sums-of"><dt><?cs var:Lang.order_panel.list ?></dt><dd><?cs var:Order.List ?></dd><?cs
if:Order.TierOff ?><dt><?cs var:Lang.order_panel.tier ?></dt><dd>−<?cs var:Order.TierOff ?></dd><?cs /if ?><?cs
if:Order.CouponOff ?><dt><?cs var:Lang.order_panel.coupon ?></dt><dd>−<?cs var:Order.CouponOff ?></dd><?cs /if ?><?cs
if:Order.Fee ?><dt><?cs var:Lang.order_panel.fee ?></dt><dd><?cs var:Order.Fee ?></dd><?cs /if ?>
<dt><?cs var:Lang.orders_list.total ?></dt><dd><b><?cs var:Order.Total ?></b></dd><dt><?cs var:Lang.orders_list.paid ?></dt><dd><?cs var:Order.Paid ?></dd><?cs
if:Order.Refunded ?><dt><?cs var:Lang.order_panel.refunded ?></dt><dd><?cs var:Order.Refunded ?></dd><?cs /if ?></dl></section>
</div>
<section class="box"><h2><?cs var:Lang.order_panel.story ?></h2><ol class="story"><?cs
each:e = Events ?><li><time><?cs var:e.At ?></time> <?cs call:state_badge(e.To) ?> <b><?cs if:Lang.panel_event[e.Kind] ?><?cs var:Lang.panel_event[e.Kind] ?><?cs else ?><?cs var:e.Kind ?><?cs /if ?></b> <span class="muted"><?cs var:Lang.actor[e.Actor] ?><?cs if:e.Detail ?> · <?cs var:e.Detail ?><?cs /if ?></span></li><?cs /each ?></ol></section>
<div class="desk-cols">
<section class="box"><h2><?cs var:Lang.order_panel.payments ?></h2><?cs
if:subcount(Payments) ?><ul class="rows"><?cs each:p = Payments ?><li><span class="spread"><b><?cs var:p.Amount ?></b><span><span class="badge <?cs if:p.State == "success" ?>badge-ok<?cs /if ?>"><?cs var:Lang.payment_state[p.State] ?></span><?cs if:p.Case == "open" ?> <span class="badge badge-bad"><?cs var:Lang.payment_role[p.Role] ?></span><?cs /if ?></span></span><span class="muted"><?cs var:p.Channel ?> · <?cs if:p.Settled ?><?cs var:p.Settled ?><?cs else ?><?cs var:p.Created ?><?cs /if ?></span><?cs if:p.Txn ?><span class="mono small"><?cs var:p.Txn ?></span><?cs /if ?></li><?cs /each ?></ul><?cs
else ?><p class="muted"><?cs var:Lang.order_panel.no_payment ?></p><?cs /if ?></section>
<section class="box"><h2><?cs var:Lang.order_panel.mails ?></h2><?cs
if:subcount(Mails) ?><ul class="rows"><?cs each:m = Mails ?><li><span class="spread"><span><?cs if:m.Done ?><?cs var:m.Done ?><?cs else ?><?cs var:m.Created ?><?cs /if ?></span><span class="badge <?cs if:m.State == "done" ?>badge-ok<?cs elif:m.State == "dead" ?>badge-bad<?cs /if ?>"><?cs var:Lang.mail_state[m.State] ?></span></span><?cs if:m.Error ?><span class="muted"><?cs var:m.Error ?></span><?cs /if ?></li><?cs /each ?></ul><?cs
else ?><p class="muted"><?cs var:Lang.order_panel.no_mail ?></p><?cs /if ?><?cs
if:subcount(Deliveries) ?><h3><?cs var:Lang.order_panel.deliveries ?></h3><ul class="rows"><?cs each:d = Deliveries ?><li class="spread"><span class="mono"><?cs if:d.Card ?>#<?cs var:d.Card ?><?cs else ?><?cs var:Lang.order_panel.by_hand ?><?cs /if ?></span><span class="muted"><?cs if:d.Seen ?><?cs var:Lang.order_panel.seen ?> <?cs var:d.Seen ?><?cs else ?><?cs var:Lang.order_panel.unseen ?><?cs /if ?></span></li><?cs /each ?></ul><?cs /if ?></section>
</div>
<?cs if:subcount(Refunds) ?><section class="box"><h2><?cs var:Lang.admin.refunds ?></h2><ul class="rows"><?cs
each:r = Refunds ?><li><span class="spread"><span><b><?cs var:r.Amount ?></b> <?cs if:Staff.May.refunds ?><a class="mono small" href="<?cs var:Page.Admin ?>/refunds/<?cs var:r.No ?>"><?cs var:r.No ?></a><?cs else ?><span class="mono small"><?cs var:r.No ?></span><?cs /if ?></span><?cs call:refund_badge(r.State) ?></span><span class="muted"><?cs var:Lang.payment_role[r.Role] ?> · <?cs var:r.Reason ?><?cs if:r.Staff ?> · <?cs var:r.Staff ?><?cs /if ?> · <?cs if:r.Done ?><?cs var:r.Done ?><?cs else ?><?cs var:r.Created ?><?cs /if ?></span></li><?cs /each ?></ul></section>
<?cs /if ?><section class="box acts" id="refund"><h2><?cs var:Lang.order_panel.acts ?></h2><?cs
if:Staff.May.refunds && subcount(Sources) ?>
<p class="act"><a class="btn" href="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>/refund"><?cs var:Lang.refund.new ?></a></p><?cs /if ?><?cs
if:Order.State == "short" ?>
<form method="post" action="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>/now" class="act"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs if:Order.Kept ?><?cs var:Lang.queue.kept_hint ?><?cs else ?><?cs var:Lang.queue.now_hint ?><?cs /if ?></p><button class="btn btn-primary"><?cs if:Order.Kept ?><?cs var:Lang.queue.release ?><?cs else ?><?cs var:Lang.queue.now ?><?cs /if ?></button></form><?cs /if ?><?cs
if:Order.CanHandOver ?>
<form method="post" action="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>/deliver" class="act"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><h3><?cs var:Lang.act.deliver ?></h3><div class="field"><label for="goods"><?cs var:Lang.act.goods ?></label><textarea class="input mono" id="goods" name="goods" required<?cs call:field_state("goods", F.goods) ?>><?cs var:F.goods.Value ?></textarea><?cs call:field_error("goods", F.goods) ?></div><button class="btn btn-primary"><?cs var:Lang.act.deliver ?></button></form><?cs /if ?><?cs
if:Order.CanPay ?>
<details class="act"<?cs if:F.reference.Error || F.reason.Error || F.sure.Error ?> open<?cs /if ?>><summary><?cs var:Lang.act.paid ?></summary><form method="post" class="stack" action="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>/paid"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs var:Lang.act.paid_hint ?></p>
<div class="field"><label for="reference"><?cs var:Lang.act.reference ?></label><input class="input mono" id="reference" name="reference" maxlength="128" required value="<?cs var:F.reference.Value ?>"<?cs call:field_state("reference", F.reference) ?>><?cs call:field_error("reference", F.reference) ?></div>
<div class="field"><label for="reason"><?cs var:Lang.act.reason ?></label><input class="input" id="reason" name="reason" maxlength="300" required value="<?cs var:F.reason.Value ?>"<?cs call:field_state("reason", F.reason) ?>><?cs call:field_error("reason", F.reason) ?></div>
<label class="check"><input type="checkbox" name="sure" value="1" required> <?cs var:Lang.act.sure ?></label><?cs call:field_error("sure", F.sure) ?>
<button class="btn btn-danger"><?cs var:Lang.act.paid ?></button></form></details><?cs /if ?><?cs
if:Order.CanCancel ?>
<details class="act"<?cs if:F.close_reason.Error ?> open<?cs /if ?>><summary><?cs var:Lang.act.cancel ?></summary><form method="post" class="stack" action="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>/cancel"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><div class="field"><label for="close_reason"><?cs var:Lang.act.reason ?></label><input class="input" id="close_reason" name="close_reason" maxlength="300" required value="<?cs var:F.close_reason.Value ?>"<?cs call:field_state("close_reason", F.close_reason) ?>><?cs call:field_error("close_reason", F.close_reason) ?></div><button class="btn"><?cs var:Lang.act.cancel ?></button></form></details><?cs /if ?>
<form method="post" action="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>/note" class="act"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><div class="field"><label for="note"><?cs var:Lang.queue.note ?></label><div class="row"><input class="input" id="note" name="note" maxlength="300" required><button class="btn"><?cs var:Lang.goods_edit.save ?></button></div></div></form>
<form method="post" action="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>/mail" class="act"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn"><?cs var:Lang.act.mail ?></button></form></section>
<?cs include:"layout/admin_foot.cs" ?>
