<?cs #
  SPDX-License-Identifier: Apache-2.0
  Payments, and of them those that are an open case.
  F.{state role channel case q}.{Value Error}  States.N Roles.N {Name On}
  Channels.N {Id Title On}  Cases
  Payments.N {Id State Role Txn Ref Case Channel No OrderState Asked Amount
    Created Settled Days Hours}  Pager
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.money ?></h1><?cs include:"admin/part_money.cs" ?>
<form class="filter" method="get" action="<?cs var:Page.Admin ?>/payments">
<div><label for="q"><?cs var:Lang.money_page.q ?></label><input class="input" id="q" name="q" type="search" maxlength="128" value="<?cs var:F.q.Value ?>"<?cs call:field_state("q", F.q) ?>></div>
<div><label for="state"><?cs var:Lang.filter.state ?></label><select class="input" id="state" name="state"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:s = States ?><option value="<?cs var:s.Name ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:Lang.payment_state[s.Name] ?></option><?cs /each ?></select></div>
<div><label for="role"><?cs var:Lang.money_page.role ?></label><select class="input" id="role" name="role"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:s = Roles ?><option value="<?cs var:s.Name ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:Lang.payment_role[s.Name] ?></option><?cs /each ?></select></div>
<div><label for="channel"><?cs var:Lang.filter.channel ?></label><select class="input" id="channel" name="channel"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:c = Channels ?><option value="<?cs var:c.Id ?>"<?cs if:c.On ?> selected<?cs /if ?>><?cs var:c.Title ?></option><?cs /each ?></select></div>
<button class="btn btn-primary"><?cs var:Lang.filter.go ?></button></form>
<p class="sums"><?cs if:Cases ?><a href="<?cs var:Page.Admin ?>/payments"><?cs var:Lang.money_page.all ?></a><?cs else ?><a href="<?cs var:Page.Admin ?>/payments?case=open"><?cs var:Lang.money_page.cases ?></a><?cs /if ?></p><?cs
if:subcount(Payments) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.order.no ?></th><th scope="col"><?cs var:Lang.filter.state ?></th><th scope="col" class="num"><?cs var:Lang.money_page.amount ?></th><th scope="col"><?cs var:Lang.filter.channel ?></th><th scope="col"><?cs var:Lang.money_page.txn ?></th><th scope="col"><?cs var:Lang.money_page.at ?></th><th scope="col"><?cs var:Lang.money_page.age ?></th></tr></thead><tbody><?cs
each:p = Payments ?><tr data-payment="<?cs var:p.Id ?>"><td data-th="<?cs var:Lang.order.no ?>"><span><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:p.No ?>"><?cs var:p.No ?></a> <?cs call:state_badge(p.OrderState) ?></span></td><td data-th="<?cs var:Lang.filter.state ?>"><span><span class="badge <?cs if:p.State == "success" ?>badge-ok<?cs /if ?>"><?cs var:Lang.payment_state[p.State] ?></span><?cs if:p.Role != "order" ?> <span class="badge badge-<?cs if:p.Case == "open" ?>bad<?cs else ?>info<?cs /if ?>"><?cs var:Lang.payment_role[p.Role] ?></span><?cs /if ?></span></td><td class="num" data-th="<?cs var:Lang.money_page.amount ?>"><?cs var:p.Amount ?></td><td data-th="<?cs var:Lang.filter.channel ?>"><?cs var:p.Channel ?></td><td class="mono small wrap-any" data-th="<?cs var:Lang.money_page.txn ?>"><?cs if:p.Txn ?><?cs var:p.Txn ?><?cs else ?><?cs var:p.Ref ?><?cs /if ?></td><td class="nowrap" data-th="<?cs var:Lang.money_page.at ?>"><?cs if:p.Settled ?><?cs var:p.Settled ?><?cs else ?><?cs var:p.Created ?><?cs /if ?></td><td class="nowrap" data-th="<?cs var:Lang.money_page.age ?>"><?cs if:p.Days ?><?cs call:fmt(Lang.money_page.days, p.Days) ?><?cs else ?><?cs call:fmt(Lang.money_page.hours, p.Hours) ?><?cs /if ?></td></tr><?cs /each ?></tbody></table></div><?cs include:"page/part_pager.cs" ?><?cs
else ?><p class="box empty"><?cs var:Lang.money_page.no_payment ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
