<?cs #
  SPDX-License-Identifier: Apache-2.0
  One import: the report before it counts, and what became of it after.
  Batch {Id Name Note State Sku Code SkuName Product Cost Lines Added Blank
    DupFile DupStock DupSold DupOther Bad Created Committed States.N {Name N}}
  Said (committed undone sold again)  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/batches"><?cs var:Lang.stock.batches ?></a></p>
<div class="spread"><h1><?cs var:Batch.Name ?></h1><span class="badge <?cs if:Batch.State == "committed" ?>badge-ok<?cs elif:Batch.State == "open" ?>badge-accent<?cs /if ?>"><?cs var:Lang.batch_state[Batch.State] ?></span></div><?cs
if:Said ?><p class="note <?cs if:Said == "sold" || Said == "again" ?>note-warn<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.batch_said[Said] ?></p><?cs /if ?>
<p class="muted"><?cs var:Batch.Product ?> · <?cs var:Batch.SkuName ?> · <span class="mono"><?cs var:Batch.Code ?></span></p>
<section class="box"><h2><?cs var:Lang.stock.report ?></h2><dl class="report">
<div class="report-added"><dt><?cs var:Lang.stock.added ?></dt><dd data-count="added"><?cs var:Batch.Added ?></dd></div>
<div><dt><?cs var:Lang.stock.lines ?></dt><dd data-count="lines"><?cs var:Batch.Lines ?></dd></div>
<div><dt><?cs var:Lang.stock.dup_file ?></dt><dd data-count="dup-file"><?cs var:Batch.DupFile ?></dd></div>
<div><dt><?cs var:Lang.stock.dup_stock ?></dt><dd data-count="dup-stock"><?cs var:Batch.DupStock ?></dd></div>
<div><dt><?cs var:Lang.stock.dup_sold ?></dt><dd data-count="dup-sold"><?cs var:Batch.DupSold ?></dd></div>
<div><dt><?cs var:Lang.stock.dup_other ?></dt><dd data-count="dup-other"><?cs var:Batch.DupOther ?></dd></div>
<div><dt><?cs var:Lang.stock.blank ?></dt><dd data-count="blank"><?cs var:Batch.Blank ?></dd></div>
<div><dt><?cs var:Lang.stock.bad ?></dt><dd data-count="bad"><?cs var:Batch.Bad ?></dd></div></dl>
<dl class="facts"><dt><?cs var:Lang.stock.cost ?></dt><dd><?cs var:Batch.Cost ?></dd><?cs
if:Batch.Note ?><dt><?cs var:Lang.stock.note ?></dt><dd><?cs var:Batch.Note ?></dd><?cs /if ?>
<dt><?cs var:Lang.stock.created ?></dt><dd><?cs var:Batch.Created ?></dd></dl><?cs
if:subcount(Batch.States) ?><p class="states"><?cs each:s = Batch.States ?><a class="badge" href="<?cs var:Page.Admin ?>/cards?batch=<?cs var:Batch.Id ?>&amp;state=<?cs var:s.Name ?>"><?cs var:Lang.card_state[s.Name] ?> <?cs var:s.N ?></a> <?cs /each ?></p><?cs /if ?></section>
<div class="row"><?cs
if:Batch.State == "open" ?><form method="post" action="<?cs var:Page.Admin ?>/batches/<?cs var:Batch.Id ?>/commit"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn btn-primary" data-commit><?cs call:fmt(Lang.stock.commit, Batch.Added) ?></button></form><?cs /if ?><?cs
if:Batch.State == "open" || Batch.State == "committed" ?><form method="post" action="<?cs var:Page.Admin ?>/batches/<?cs var:Batch.Id ?>/undo"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn btn-danger"><?cs var:Lang.stock.undo ?></button></form><?cs /if ?></div>
<?cs include:"layout/admin_foot.cs" ?>
