<?cs #
  SPDX-License-Identifier: Apache-2.0
  Refunds, newest first, with their number by state.
  States.N {Name N On}  Any  Refunds.N {No OrderNo State Amount How Role
    Channel Reason Answer Reference Staff Second Asked Created Done Next}
  Pager (page/part_pager.cs)  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.refunds ?></h1><p class="muted"><?cs var:Lang.refund.hint ?></p>
<nav class="row" aria-label="<?cs var:Lang.filter.state ?>"><a class="btn btn-small<?cs if:!Any ?> btn-quiet<?cs /if ?>" href="<?cs var:Page.Admin ?>/refunds"<?cs if:Any ?> aria-current="page"<?cs /if ?>><?cs var:Lang.filter.any ?></a><?cs
each:s = States ?><a class="btn btn-small<?cs if:!s.On ?> btn-quiet<?cs /if ?>" href="<?cs var:Page.Admin ?>/refunds?state=<?cs var:s.Name ?>"<?cs if:s.On ?> aria-current="page"<?cs /if ?>><?cs var:Lang.refund_state[s.Name] ?> <?cs var:s.N ?></a><?cs /each ?></nav><?cs
if:subcount(Refunds) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.refund.no ?></th><th scope="col"><?cs var:Lang.filter.state ?></th><th scope="col" class="num"><?cs var:Lang.refund.amount ?></th><th scope="col"><?cs var:Lang.order.no ?></th><th scope="col"><?cs var:Lang.act.reason ?></th><th scope="col"><?cs var:Lang.refund.created ?></th><th scope="col"><?cs var:Lang.refund.finished ?></th></tr></thead><tbody><?cs
each:r = Refunds ?><tr><td data-th="<?cs var:Lang.refund.no ?>"><a class="mono" href="<?cs var:Page.Admin ?>/refunds/<?cs var:r.No ?>"><?cs var:r.No ?></a></td><td data-th="<?cs var:Lang.filter.state ?>"><?cs call:refund_badge(r.State) ?></td><td class="num" data-th="<?cs var:Lang.refund.amount ?>"><?cs var:r.Amount ?></td><td data-th="<?cs var:Lang.order.no ?>"><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:r.OrderNo ?>"><?cs var:r.OrderNo ?></a></td><td data-th="<?cs var:Lang.act.reason ?>"><span><?cs var:r.Reason ?><?cs if:r.Answer ?> <span class="muted"><?cs var:r.Answer ?></span><?cs /if ?></span></td><td class="nowrap" data-th="<?cs var:Lang.refund.created ?>"><?cs var:r.Created ?></td><td class="nowrap" data-th="<?cs var:Lang.refund.finished ?>"><?cs if:r.State == "open" || r.State == "sent" || r.State == "unclear" ?><form method="post" action="<?cs var:Page.Admin ?>/refunds/<?cs var:r.No ?>/ask"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn btn-small"><?cs var:Lang.refund.ask ?></button></form><?cs else ?><?cs var:r.Done ?><?cs /if ?></td></tr><?cs
/each ?></tbody></table></div><?cs
include:"page/part_pager.cs" ?><?cs
else ?><p class="box empty"><?cs var:Lang.refund.none ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
