<?cs #
  SPDX-License-Identifier: Apache-2.0
  Orders with their filter and the filter's totals.
  F.{state q product channel from until}.{Value Error}
  States.N {Name On}  Channels.N {Id Title On}
  Orders.N {No State Product Qty Total At Contact Channel Late}
  Queues.N (part_queues.cs)  Sum {Orders Total Paid}  Pager (page/part_pager.cs)
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.orders ?></h1>
<?cs include:"admin/part_queues.cs" ?>
<form class="filter" method="get" action="<?cs var:Page.Admin ?>/orders">
<div><label for="q"><?cs var:Lang.filter.q ?></label><input class="input" id="q" name="q" type="search" maxlength="190" value="<?cs var:F.q.Value ?>"<?cs call:field_state("q", F.q) ?>></div>
<div><label for="state"><?cs var:Lang.filter.state ?></label><select class="input" id="state" name="state"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:s = States ?><option value="<?cs var:s.Name ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:Lang.state[s.Name] ?></option><?cs /each ?></select></div>
<div><label for="channel"><?cs var:Lang.filter.channel ?></label><select class="input" id="channel" name="channel"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:c = Channels ?><option value="<?cs var:c.Id ?>"<?cs if:c.On ?> selected<?cs /if ?>><?cs var:c.Title ?></option><?cs /each ?></select></div>
<div><label for="from"><?cs var:Lang.filter.from ?></label><input class="input" id="from" name="from" type="date" value="<?cs var:F.from.Value ?>"<?cs call:field_state("from", F.from) ?>></div>
<div><label for="until"><?cs var:Lang.filter.until ?></label><input class="input" id="until" name="until" type="date" value="<?cs var:F.until.Value ?>"<?cs call:field_state("until", F.until) ?>></div>
<button class="btn btn-primary"><?cs var:Lang.filter.go ?></button></form>
<p class="sums"><?cs var:Lang.desk.orders ?> <b><?cs var:Sum.Orders ?></b> · <?cs var:Lang.orders_list.total ?> <b><?cs var:Sum.Total ?></b> · <?cs var:Lang.orders_list.paid ?> <b><?cs var:Sum.Paid ?></b></p><?cs
if:subcount(Orders) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.order.no ?></th><th scope="col"><?cs var:Lang.filter.state ?></th><th scope="col"><?cs var:Lang.desk.product ?></th><th scope="col"><?cs var:Lang.orders_list.contact ?></th><th scope="col" class="num"><?cs var:Lang.orders_list.total ?></th><th scope="col"><?cs var:Lang.orders_list.at ?></th></tr></thead><tbody><?cs
each:o = Orders ?><tr><td data-th="<?cs var:Lang.order.no ?>"><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:o.No ?>"><?cs var:o.No ?></a></td><td data-th="<?cs var:Lang.filter.state ?>"><?cs call:state_badge(o.State) ?><?cs if:o.Late ?> <span class="badge badge-warn"><?cs var:Lang.orders_list.late ?></span><?cs /if ?></td><td data-th="<?cs var:Lang.desk.product ?>"><?cs var:o.Product ?> × <?cs var:o.Qty ?></td><td data-th="<?cs var:Lang.orders_list.contact ?>"><?cs var:o.Contact ?></td><td class="num" data-th="<?cs var:Lang.orders_list.total ?>"><?cs var:o.Total ?></td><td class="nowrap" data-th="<?cs var:Lang.orders_list.at ?>"><?cs var:o.At ?></td></tr><?cs
/each ?></tbody></table></div><?cs
include:"page/part_pager.cs" ?><?cs
else ?><p class="box empty"><?cs var:Lang.orders_list.none ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
