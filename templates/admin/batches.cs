<?cs #
  SPDX-License-Identifier: Apache-2.0
  Imports, newest first.  Batches.N as admin/batch.cs; Pager
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<div class="spread"><h1><?cs var:Lang.stock.batches ?></h1><a class="btn btn-primary" href="<?cs var:Page.Admin ?>/cards/import"><?cs var:Lang.stock.import ?></a></div><?cs
if:subcount(Batches) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.stock.batch_name ?></th><th scope="col"><?cs var:Lang.desk.product ?></th><th scope="col"><?cs var:Lang.filter.state ?></th><th scope="col" class="num"><?cs var:Lang.stock.added ?></th><th scope="col"><?cs var:Lang.stock.created ?></th></tr></thead><tbody><?cs
each:b = Batches ?><tr><td data-th="<?cs var:Lang.stock.batch_name ?>"><a href="<?cs var:Page.Admin ?>/batches/<?cs var:b.Id ?>"><?cs var:b.Name ?></a></td><td data-th="<?cs var:Lang.desk.product ?>"><span><?cs var:b.Product ?> <span class="muted mono"><?cs var:b.Code ?></span></span></td><td data-th="<?cs var:Lang.filter.state ?>"><span class="badge <?cs if:b.State == "open" ?>badge-accent<?cs /if ?>"><?cs var:Lang.batch_state[b.State] ?></span></td><td class="num" data-th="<?cs var:Lang.stock.added ?>"><?cs var:b.Added ?></td><td class="nowrap" data-th="<?cs var:Lang.stock.created ?>"><?cs var:b.Created ?></td></tr><?cs /each ?></tbody></table></div><?cs
include:"page/part_pager.cs" ?><?cs
else ?><p class="box empty"><?cs var:Lang.stock.no_batch ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
