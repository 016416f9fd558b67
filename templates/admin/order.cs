<?cs #
  SPDX-License-Identifier: Apache-2.0
  One order: facts, goods, money, story, and what a person may do.
  Order {No State Contact Lang Address Channel Late Created Expires PaidAt
    DeliveredAt List TierOff CouponOff Fee Total Paid Refunded CanPay CanCancel
    CanHandOver}
  Items.N {Name Sku Code Product Qty Delivered Price}  Inputs.N {Label Value}
  Events.N {At Kind To Actor Detail}
  Payments.N {Channel State Role Txn Case Amount Created Settled}
  Mails.N {State Error Attempts Created Done}  Deliveries.N {Card At Seen}
  Said (paid cancelled resent handed late)  F.{reference reason sure
    close_reason goods}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/orders"><?cs var:Lang.admin.orders ?></a></p>
<div class="spread"><h1 class="mono"><?cs var:Order.No ?></h1><?cs call:state_badge(Order.State) ?></div><?cs
if:Said ?><p class="note <?cs if:Said == "late" ?>note-warn<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.order_said[Said] ?></p><?cs /if ?>
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
<dl class="facts sum-lines"><dt><?cs var:Lang.order_panel.list ?></dt><dd><?cs var:Order.List ?></dd><?cs
if:Order.TierOff ?><dt><?cs var:Lang.order_panel.tier ?></dt><dd>−<?cs var:Order.TierOff ?></dd><?cs /if ?><?cs
if:Order.CouponOff ?><dt><?cs var:Lang.order_panel.coupon ?></dt><dd>−<?cs var:Order.CouponOff ?></dd><?cs /if ?><?cs
if:Order.Fee ?><dt><?cs var:Lang.order_panel.fee ?></dt><dd><?cs var:Order.Fee ?></dd><?cs /if ?>
<dt><?cs var:Lang.orders_list.total ?></dt><dd><b><?cs var:Order.Total ?></b></dd><dt><?cs var:Lang.orders_list.paid ?></dt><dd><?cs var:Order.Paid ?></dd><?cs
if:Order.Refunded ?><dt><?cs var:Lang.order_panel.refunded ?></dt><dd><?cs var:Order.Refunded ?></dd><?cs /if ?></dl></section>
</div>
<section class="box"><h2><?cs var:Lang.order_panel.story ?></h2><ol class="story"><?cs
each:e = Events ?><li><time><?cs var:e.At ?></time> <?cs call:state_badge(e.To) ?> <b><?cs if:Lang.event[e.Kind] ?><?cs var:Lang.event[e.Kind] ?><?cs else ?><?cs var:e.Kind ?><?cs /if ?></b> <span class="muted"><?cs var:Lang.actor[e.Actor] ?><?cs if:e.Detail ?> · <?cs var:e.Detail ?><?cs /if ?></span></li><?cs /each ?></ol></section>
<?cs include:"layout/admin_foot.cs" ?>
