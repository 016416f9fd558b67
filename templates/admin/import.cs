<?cs #
  SPDX-License-Identifier: Apache-2.0
  New cards.  Without a script the form sends one text; with it a file of any
  length goes in chunks (data-import).
  Skus.N {Id Code Name Product On}  F.{sku name note cost cards}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/cards"><?cs var:Lang.admin.cards ?></a> · <a href="<?cs var:Page.Admin ?>/batches"><?cs var:Lang.stock.batches ?></a></p>
<h1><?cs var:Lang.stock.import ?></h1>
<form class="box stack" method="post" enctype="multipart/form-data" action="<?cs var:Page.Admin ?>/cards/import" data-import data-open="<?cs var:Page.Admin ?>/cards/import/open" data-chunk="<?cs var:Page.Admin ?>/batches/">
<input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<div class="field"><label for="sku"><?cs var:Lang.stock.sku ?></label><select class="input" id="sku" name="sku" required<?cs call:field_state("sku", F.sku) ?>><option value=""></option><?cs each:s = Skus ?><option value="<?cs var:s.Id ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:s.Product ?> · <?cs var:s.Name ?> · <?cs var:s.Code ?></option><?cs /each ?></select><?cs call:field_error("sku", F.sku) ?></div>
<div class="field-row"><div class="field"><label for="name"><?cs var:Lang.stock.batch_name ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="name" name="name" maxlength="120" value="<?cs var:F.name.Value ?>"<?cs call:field_state("name", F.name) ?>><?cs call:field_error("name", F.name) ?></div>
<div class="field"><label for="cost"><?cs var:Lang.stock.cost ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="cost" name="cost" inputmode="decimal" value="<?cs var:F.cost.Value ?>"<?cs call:field_state("cost", F.cost) ?>><?cs call:field_error("cost", F.cost) ?></div></div>
<div class="field"><label for="note"><?cs var:Lang.stock.note ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="note" name="note" maxlength="300" value="<?cs var:F.note.Value ?>"<?cs call:field_state("note", F.note) ?>><?cs call:field_error("note", F.note) ?></div>
<div class="field"><label for="cards"><?cs var:Lang.stock.paste ?></label><textarea class="input mono" id="cards" name="cards" rows="10" spellcheck="false" autocomplete="off"<?cs call:field_state("cards", F.cards) ?>></textarea><p class="hint"><?cs var:Lang.stock.paste_hint ?></p><?cs call:field_error("cards", F.cards) ?></div>
<div class="field"><label for="file"><?cs var:Lang.stock.file ?></label><input class="input" id="file" name="file" type="file" accept=".txt,.csv,text/plain"><p class="hint"><?cs var:Lang.stock.file_hint ?></p></div>
<p class="import-progress" role="status" aria-live="polite" hidden data-progress data-text="<?cs var:Lang.stock.progress ?>" data-failed="<?cs var:Lang.stock.failed ?>"></p>
<button class="btn btn-primary"><?cs var:Lang.stock.send ?></button></form>
<?cs include:"layout/admin_foot.cs" ?>
