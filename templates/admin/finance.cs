<?cs #
  SPDX-License-Identifier: Apache-2.0
  What was earned, by day, channel or product; counted from the ledger and from
  the delivered items.
  F.{from until}.{Value Error}  Kinds.N {Name On}
  Lines.N, Total {Name Orders Revenue Fees Refunds Cost Profit}
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.money ?></h1><?cs include:"admin/part_money.cs" ?>
<form class="filter" method="get" action="<?cs var:Page.Admin ?>/finance">
<div><label for="by"><?cs var:Lang.finance.by ?></label><select class="input" id="by" name="by"><?cs each:s = Kinds ?><option value="<?cs var:s.Name ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:Lang.finance[s.Name] ?></option><?cs /each ?></select></div>
<div><label for="from"><?cs var:Lang.filter.from ?></label><input class="input" id="from" name="from" type="date" value="<?cs var:F.from.Value ?>"<?cs call:field_state("from", F.from) ?>></div>
<div><label for="until"><?cs var:Lang.filter.until ?></label><input class="input" id="until" name="until" type="date" value="<?cs var:F.until.Value ?>"<?cs call:field_state("until", F.until) ?>><?cs call:field_error("until", F.until) ?></div>
<button class="btn btn-primary"><?cs var:Lang.filter.go ?></button></form><?cs
if:subcount(Lines) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.finance.name ?></th><th scope="col" class="num"><?cs var:Lang.desk.paid ?></th><th scope="col" class="num"><?cs var:Lang.desk.revenue ?></th><th scope="col" class="num"><?cs var:Lang.finance.fees ?></th><th scope="col" class="num"><?cs var:Lang.finance.refunds ?></th><th scope="col" class="num"><?cs var:Lang.finance.cost ?></th><th scope="col" class="num"><?cs var:Lang.desk.profit ?></th></tr></thead><tbody><?cs
each:l = Lines ?><tr><td data-th="<?cs var:Lang.finance.name ?>"><?cs if:l.Name ?><?cs var:l.Name ?><?cs else ?>–<?cs /if ?></td><td class="num" data-th="<?cs var:Lang.desk.paid ?>"><?cs var:l.Orders ?></td><td class="num" data-th="<?cs var:Lang.desk.revenue ?>"><?cs var:l.Revenue ?></td><td class="num" data-th="<?cs var:Lang.finance.fees ?>"><?cs var:l.Fees ?></td><td class="num" data-th="<?cs var:Lang.finance.refunds ?>"><?cs var:l.Refunds ?></td><td class="num" data-th="<?cs var:Lang.finance.cost ?>"><?cs var:l.Cost ?></td><td class="num" data-th="<?cs var:Lang.desk.profit ?>"><?cs var:l.Profit ?></td></tr><?cs /each ?></tbody><tfoot><tr data-total><th scope="row"><?cs var:Lang.finance.total ?></th><td class="num" data-th="<?cs var:Lang.desk.paid ?>"><?cs var:Total.Orders ?></td><td class="num" data-th="<?cs var:Lang.desk.revenue ?>" data-revenue><?cs var:Total.Revenue ?></td><td class="num" data-th="<?cs var:Lang.finance.fees ?>"><?cs var:Total.Fees ?></td><td class="num" data-th="<?cs var:Lang.finance.refunds ?>" data-refunds><?cs var:Total.Refunds ?></td><td class="num" data-th="<?cs var:Lang.finance.cost ?>"><?cs var:Total.Cost ?></td><td class="num" data-th="<?cs var:Lang.desk.profit ?>" data-profit><?cs var:Total.Profit ?></td></tr></tfoot></table></div><?cs
else ?><p class="box empty"><?cs var:Lang.ledger.none ?></p><?cs /if ?>
<p class="muted"><?cs var:Lang.finance.hint ?></p>
<?cs include:"layout/admin_foot.cs" ?>
