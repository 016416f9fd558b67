<?cs #
  SPDX-License-Identifier: Apache-2.0
  Cards by state.  The whole text of a card is looked for by POST, so that it
  never stands in an address.
  Skus.N {Id Code Name Product On}  States.N {Name On}  Filter {Batch Exact}
  F.{sku state batch order_no exact}  Cards.N {Id Masked State Code Product
  Batch OrderNo Note Created CanLock CanUnlock}  Pager  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<div class="spread"><h1><?cs var:Lang.admin.cards ?></h1><span class="row"><a class="btn" href="<?cs var:Page.Admin ?>/batches"><?cs var:Lang.stock.batches ?></a><a class="btn btn-primary" href="<?cs var:Page.Admin ?>/cards/import"><?cs var:Lang.stock.import ?></a></span></div>
<form class="filter" method="get" action="<?cs var:Page.Admin ?>/cards"><?cs
if:Filter.Batch ?><input type="hidden" name="batch" value="<?cs var:Filter.Batch ?>"><?cs /if ?>
<div><label for="sku"><?cs var:Lang.stock.sku ?></label><select class="input" id="sku" name="sku"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:s = Skus ?><option value="<?cs var:s.Id ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:s.Product ?> · <?cs var:s.Name ?></option><?cs /each ?></select></div>
<div><label for="state"><?cs var:Lang.filter.state ?></label><select class="input" id="state" name="state"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:s = States ?><option value="<?cs var:s.Name ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:Lang.card_state[s.Name] ?></option><?cs /each ?></select></div>
<div><label for="order_no"><?cs var:Lang.order.no ?></label><input class="input mono" id="order_no" name="order_no" maxlength="24" value="<?cs var:F.order_no.Value ?>"<?cs call:field_state("order_no", F.order_no) ?>></div>
<button class="btn btn-primary"><?cs var:Lang.filter.go ?></button></form>
<form class="filter" method="post" action="<?cs var:Page.Admin ?>/cards"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><div><label for="exact"><?cs var:Lang.stock.exact ?></label><input class="input mono" id="exact" name="exact" autocomplete="off" spellcheck="false" maxlength="4096"></div><button class="btn"><?cs var:Lang.stock.find ?></button></form><?cs
if:subcount(Cards) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.stock.card ?></th><th scope="col"><?cs var:Lang.filter.state ?></th><th scope="col"><?cs var:Lang.desk.product ?></th><th scope="col"><?cs var:Lang.order.no ?></th><th scope="col"><?cs var:Lang.stock.created ?></th></tr></thead><tbody><?cs
each:c = Cards ?><tr><td data-th="<?cs var:Lang.stock.card ?>"><a class="mono" href="<?cs var:Page.Admin ?>/cards/<?cs var:c.Id ?>"><?cs var:c.Masked ?></a></td><td data-th="<?cs var:Lang.filter.state ?>"><span class="badge <?cs if:c.State == "free" ?>badge-ok<?cs elif:c.State == "held" ?>badge-info<?cs elif:c.State == "locked" || c.State == "recalled" ?>badge-warn<?cs /if ?>"><?cs var:Lang.card_state[c.State] ?></span></td><td data-th="<?cs var:Lang.desk.product ?>"><span><?cs var:c.Product ?> <span class="muted mono"><?cs var:c.Code ?></span></span></td><td data-th="<?cs var:Lang.order.no ?>"><?cs if:c.OrderNo ?><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:c.OrderNo ?>"><?cs var:c.OrderNo ?></a><?cs /if ?></td><td class="nowrap" data-th="<?cs var:Lang.stock.created ?>"><?cs var:c.Created ?></td></tr><?cs /each ?></tbody></table></div><?cs
include:"page/part_pager.cs" ?><?cs
else ?><p class="box empty"><?cs var:Lang.stock.no_card ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
