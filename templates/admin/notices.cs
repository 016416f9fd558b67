<?cs #
  SPDX-License-Identifier: Apache-2.0
  What gateways said, and what was refused.
  F.{state channel no}.{Value Error}  States.N {Name On}  Channels.N {Id Title On}
  Waits {received held failed}
  Notices.N {Id State Reason Source Txn Channel No Repeats At Amount}  Pager
  Rejects.N {Channel Reason N First Last From Sample}
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.money ?></h1><?cs include:"admin/part_money.cs" ?>
<form class="filter" method="get" action="<?cs var:Page.Admin ?>/notices">
<div><label for="no"><?cs var:Lang.order.no ?></label><input class="input" id="no" name="no" type="search" maxlength="24" value="<?cs var:F.no.Value ?>"<?cs call:field_state("no", F.no) ?>></div>
<div><label for="state"><?cs var:Lang.filter.state ?></label><select class="input" id="state" name="state"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:s = States ?><option value="<?cs var:s.Name ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:Lang.notice_state[s.Name] ?></option><?cs /each ?></select></div>
<div><label for="channel"><?cs var:Lang.filter.channel ?></label><select class="input" id="channel" name="channel"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:c = Channels ?><option value="<?cs var:c.Id ?>"<?cs if:c.On ?> selected<?cs /if ?>><?cs var:c.Title ?></option><?cs /each ?></select></div>
<button class="btn btn-primary"><?cs var:Lang.filter.go ?></button></form>
<p class="sums"><a href="<?cs var:Page.Admin ?>/notices?state=failed"><?cs var:Lang.notice_state.failed ?></a> <b><?cs var:Waits.failed ?></b> · <a href="<?cs var:Page.Admin ?>/notices?state=held"><?cs var:Lang.notice_state.held ?></a> <b><?cs var:Waits.held ?></b> · <a href="<?cs var:Page.Admin ?>/notices?state=received"><?cs var:Lang.notice_state.received ?></a> <b><?cs var:Waits.received ?></b></p><?cs
if:subcount(Notices) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.money_page.at ?></th><th scope="col"><?cs var:Lang.filter.state ?></th><th scope="col"><?cs var:Lang.filter.channel ?></th><th scope="col"><?cs var:Lang.order.no ?></th><th scope="col" class="num"><?cs var:Lang.money_page.amount ?></th><th scope="col"><?cs var:Lang.money_page.source ?></th><th scope="col"><?cs var:Lang.money_page.reason ?></th></tr></thead><tbody><?cs
each:n = Notices ?><tr><td class="nowrap" data-th="<?cs var:Lang.money_page.at ?>"><a href="<?cs var:Page.Admin ?>/notices/<?cs var:n.Id ?>"><?cs var:n.At ?></a></td><td data-th="<?cs var:Lang.filter.state ?>"><span class="badge <?cs if:n.State == "applied" ?>badge-ok<?cs elif:n.State == "failed" ?>badge-bad<?cs elif:n.State == "held" || n.State == "received" ?>badge-warn<?cs /if ?>"><?cs var:Lang.notice_state[n.State] ?></span></td><td data-th="<?cs var:Lang.filter.channel ?>"><?cs var:n.Channel ?></td><td data-th="<?cs var:Lang.order.no ?>"><?cs if:n.No ?><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:n.No ?>"><?cs var:n.No ?></a><?cs /if ?></td><td class="num" data-th="<?cs var:Lang.money_page.amount ?>"><?cs var:n.Amount ?></td><td data-th="<?cs var:Lang.money_page.source ?>"><?cs var:Lang.notice_source[n.Source] ?></td><td class="mono" data-th="<?cs var:Lang.money_page.reason ?>"><?cs var:n.Reason ?><?cs if:n.Repeats > #0 ?> ×<?cs var:n.Repeats + #1 ?><?cs /if ?></td></tr><?cs /each ?></tbody></table></div><?cs include:"page/part_pager.cs" ?><?cs
else ?><p class="box empty"><?cs var:Lang.money_page.no_notice ?></p><?cs /if ?>
<section class="box"><h2><?cs var:Lang.money_page.rejects ?></h2><p class="muted"><?cs var:Lang.money_page.rejects_hint ?></p><?cs
if:subcount(Rejects) ?><ul class="rows"><?cs each:r = Rejects ?><li><span class="spread"><b><?cs var:r.Channel ?> · <span class="mono"><?cs var:r.Reason ?></span></b><span class="badge" data-reject="<?cs var:r.Reason ?>"><?cs var:r.N ?></span></span><span class="muted"><?cs var:r.First ?> – <?cs var:r.Last ?> · <span class="mono"><?cs var:r.From ?></span></span><details><summary><?cs var:Lang.money_page.sample ?></summary><pre class="raw"><?cs var:r.Sample ?></pre></details></li><?cs /each ?></ul><?cs
else ?><p class="muted"><?cs var:Lang.money_page.no_reject ?></p><?cs /if ?></section>
<?cs include:"layout/admin_foot.cs" ?>
