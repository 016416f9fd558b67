<?cs #
  SPDX-License-Identifier: Apache-2.0
  Paid orders that wait: Queue (short late manual), the longest first.
  Orders.N {No State Product Sku Qty Missing Stock Contact Note Paid At Late
    CanDeliver}
  Queues.N (part_queues.cs)  Said (delivered queued none noted late)  Csrf
  Pager (page/part_pager.cs)
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.orders ?></h1>
<?cs include:"admin/part_queues.cs" ?>
<p class="hint"><?cs var:Lang.queue_hint[Queue] ?></p><?cs
if:Said ?><p class="note <?cs if:Said == "late" || Said == "none" ?>note-warn<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.order_said[Said] ?></p><?cs /if ?><?cs
if:subcount(Orders) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.order.no ?></th><th scope="col"><?cs var:Lang.desk.product ?></th><th scope="col" class="num"><?cs var:Lang.queue.missing ?></th><th scope="col" class="num"><?cs var:Lang.orders_list.paid ?></th><th scope="col"><?cs var:Lang.queue.since ?></th><th scope="col"><?cs var:Lang.queue.acts ?></th></tr></thead><tbody><?cs
each:o = Orders ?><tr><td data-th="<?cs var:Lang.order.no ?>"><span class="queue-cell"><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:o.No ?>"><?cs var:o.No ?></a><span class="muted"><?cs var:o.Contact ?></span><?cs if:o.Note ?><span class="queue-note"><?cs var:o.Note ?></span><?cs /if ?></span></td><td data-th="<?cs var:Lang.desk.product ?>"><span class="queue-cell"><span><?cs var:o.Product ?> × <?cs var:o.Qty ?></span><span class="muted"><?cs var:o.Sku ?></span><?cs if:o.Late ?><span class="badge badge-warn"><?cs var:Lang.orders_list.late ?></span><?cs /if ?></span></td><td class="num" data-th="<?cs var:Lang.queue.missing ?>"><span><?cs var:o.Missing ?><?cs if:o.State == "short" ?> <span class="muted">/ <?cs var:Lang.queue.stock ?> <?cs var:o.Stock ?></span><?cs /if ?></span></td><td class="num" data-th="<?cs var:Lang.orders_list.paid ?>"><?cs var:o.Paid ?></td><td class="nowrap" data-th="<?cs var:Lang.queue.since ?>"><?cs var:o.At ?></td><td data-th="<?cs var:Lang.queue.acts ?>"><div class="queue-acts"><?cs
if:o.State == "manual" ?><a class="btn btn-small btn-primary" href="<?cs var:Page.Admin ?>/orders/<?cs var:o.No ?>#goods"><?cs var:Lang.act.deliver ?></a><?cs
elif:o.CanDeliver || Queue == "late" ?><form method="post" action="<?cs var:Page.Admin ?>/orders/<?cs var:o.No ?>/now"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="queue" value="<?cs var:Queue ?>"><button class="btn btn-small btn-primary"><?cs if:o.CanDeliver ?><?cs var:Lang.queue.now ?><?cs else ?><?cs var:Lang.queue.release ?><?cs /if ?></button></form><?cs /if ?><?cs if:Staff.May.refunds ?><a class="btn btn-small" href="<?cs var:Page.Admin ?>/orders/<?cs var:o.No ?>/refund"><?cs var:Lang.queue.refund ?></a><?cs /if ?><details class="queue-more"><summary class="btn btn-small btn-quiet"><?cs var:Lang.queue.note ?></summary><form class="row" method="post" action="<?cs var:Page.Admin ?>/orders/<?cs var:o.No ?>/note"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="queue" value="<?cs var:Queue ?>"><input class="input" name="note" maxlength="300" required aria-label="<?cs var:Lang.queue.note ?>"><button class="btn btn-small"><?cs var:Lang.goods_edit.save ?></button></form></details></div></td></tr><?cs
/each ?></tbody></table></div><?cs
include:"page/part_pager.cs" ?><?cs
else ?><p class="box empty"><?cs var:Lang.queue.empty ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
