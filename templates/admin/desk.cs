<?cs #
  SPDX-License-Identifier: Apache-2.0
  The first page of the panel: what happened today and what waits.
  Today Yesterday Week Month {Orders Paid Delivered Revenue Cost Fees Refunds Profit}
  Hours.N {X Y W H Paid Revenue At}   bars, 480 x 96
  Next {Visits Orders LastVisits Kind}   the hour to come; absent: nothing was counted yet
  Alerts.N {Kind N Detail}  Top.N {Name Sold Revenue}
?><?cs include:"macros.cs" ?><?cs
def:day(title, d) ?><section class="figure"><h2><?cs var:title ?></h2><p class="figure-main"><?cs var:d.Revenue ?></p><dl class="figure-rest"><dt><?cs var:Lang.desk.orders ?></dt><dd><?cs var:d.Orders ?></dd><dt><?cs var:Lang.desk.paid ?></dt><dd><?cs var:d.Paid ?></dd><dt><?cs var:Lang.desk.profit ?></dt><dd><?cs var:d.Profit ?></dd></dl></section><?cs /def ?><?cs
include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.desk ?></h1>
<section class="till"><div class="till-sum"><h2><?cs var:Lang.desk.today ?></h2><p class="till-main"><?cs var:Today.Revenue ?></p><dl class="figure-rest"><dt><?cs var:Lang.desk.orders ?></dt><dd><?cs var:Today.Orders ?></dd><dt><?cs var:Lang.desk.paid ?></dt><dd><?cs var:Today.Paid ?></dd><dt><?cs var:Lang.desk.profit ?></dt><dd><?cs var:Today.Profit ?></dd></dl><?cs
if:Next.Kind ?><p class="till-next" title="<?cs var:Lang.next[Next.Kind] ?>"><span class="muted"><?cs var:Lang.desk.next ?></span> <strong><?cs var:Next.Visits ?></strong> <?cs var:Lang.desk.next_visits ?> · <strong><?cs var:Next.Orders ?></strong> <?cs var:Lang.desk.next_orders ?></p><?cs /if ?></div>
<figure class="till-key"><figcaption><?cs var:Lang.desk.hours ?></figcaption><div class="key"><svg class="key-bow" viewBox="0 0 76 96" aria-hidden="true"><path fill-rule="evenodd" d="M24 24h28l20 20v34h4v18H24L4 76V44zm6 22-8 8v12l8 8h14l8-8V54l-8-8z"></path></svg><svg class="key-cuts" viewBox="0 0 480 96" role="img" aria-label="<?cs var:Lang.desk.hours ?>" preserveAspectRatio="none"><?cs each:h = Hours ?><rect x="<?cs var:h.X ?>" y="<?cs var:h.Y ?>" width="<?cs var:h.W ?>" height="<?cs var:h.H ?>"><title><?cs var:h.At ?> · <?cs var:h.Paid ?> · <?cs var:h.Revenue ?></title></rect><?cs /each ?></svg></div><p class="key-hours" aria-hidden="true"><span><?cs var:string.slice(Hours.0.At, 11, 16) ?></span><span><?cs var:string.slice(Hours.8.At, 11, 16) ?></span><span><?cs var:string.slice(Hours.16.At, 11, 16) ?></span><span><?cs var:string.slice(Hours.23.At, 11, 16) ?></span></p></figure></section>
<div class="figures"><?cs call:day(Lang.desk.yesterday, Yesterday) ?><?cs call:day(Lang.desk.week, Week) ?><?cs call:day(Lang.desk.month, Month) ?></div>
<div class="desk-cols">
<section class="box"><h2><?cs var:Lang.desk.waiting ?></h2><?cs
if:subcount(Alerts) ?><ul class="alerts"><?cs each:a = Alerts ?><li class="alert alert-<?cs var:a.Kind ?>"><span class="alert-n"><?cs var:a.N ?></span><span><?cs
if:a.Kind == "short" || a.Kind == "manual" ?><a href="<?cs var:Page.Admin ?>/orders/<?cs var:a.Kind ?>"><?cs var:Lang.alert[a.Kind] ?></a><?cs
elif:a.Kind == "refund" && Staff.May.refunds ?><a href="<?cs var:Page.Admin ?>/refunds"><?cs var:Lang.alert[a.Kind] ?></a><?cs
elif:a.Kind == "dead_message" && Staff.May.settings ?><a href="<?cs var:Page.Admin ?>/outbox"><?cs var:Lang.alert[a.Kind] ?></a><?cs
elif:a.Kind == "held_notice" ?><a href="<?cs var:Page.Admin ?>/notices"><?cs var:Lang.alert[a.Kind] ?></a><?cs
elif:a.Kind == "open_case" ?><a href="<?cs var:Page.Admin ?>/payments?case=open"><?cs var:Lang.alert[a.Kind] ?></a><?cs
else ?><?cs var:Lang.alert[a.Kind] ?><?cs /if ?><?cs if:a.Detail ?> <span class="muted"><?cs var:a.Detail ?></span><?cs /if ?></span></li><?cs /each ?></ul><?cs
else ?><p class="muted"><?cs var:Lang.desk.nothing ?></p><?cs /if ?></section>
<section class="box"><h2><?cs var:Lang.desk.top ?></h2><?cs
if:subcount(Top) ?><table class="table"><thead><tr><th scope="col"><?cs var:Lang.desk.product ?></th><th scope="col" class="num"><?cs var:Lang.desk.sold ?></th><th scope="col" class="num"><?cs var:Lang.desk.revenue ?></th></tr></thead><tbody><?cs each:t = Top ?><tr><td><?cs var:t.Name ?></td><td class="num"><?cs var:t.Sold ?></td><td class="num"><?cs var:t.Revenue ?></td></tr><?cs /each ?></tbody></table><?cs
else ?><p class="muted"><?cs var:Lang.desk.no_sales ?></p><?cs /if ?></section>
</div>
<?cs include:"layout/admin_foot.cs" ?>
