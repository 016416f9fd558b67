<?cs #
  SPDX-License-Identifier: Apache-2.0
  One category.  Edit {Id}  Categories.N {Id Name On} to choose a parent from
  F.{parent slug name name_en summary summary_en icon sort hidden version}  Conflict  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/categories"><?cs var:Lang.admin.categories ?></a></p>
<h1><?cs var:Page.Title ?></h1>
<?cs if:Conflict ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.conflict ?></p><?cs /if ?>
<?cs if:F.Bad ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.look ?></p><?cs /if ?>
<form class="box stack" method="post" action="<?cs var:Page.Admin ?>/categories/<?cs if:Edit.Id ?><?cs var:Edit.Id ?><?cs else ?>new<?cs /if ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="version" value="<?cs var:F.version.Value ?>">
<div class="field-row"><div class="field"><label for="name"><?cs var:Lang.goods_edit.name ?></label><input class="input" id="name" name="name" maxlength="120" required value="<?cs var:F.name.Value ?>"<?cs call:field_state("name", F.name) ?>><?cs call:field_error("name", F.name) ?></div>
<div class="field"><label for="name_en"><?cs var:Lang.goods_edit.name_en ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="name_en" name="name_en" maxlength="120" value="<?cs var:F.name_en.Value ?>"<?cs call:field_state("name_en", F.name_en) ?>><?cs call:field_error("name_en", F.name_en) ?></div>
</div>
<div class="field-row"><div class="field"><label for="slug"><?cs var:Lang.goods_edit.slug ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input mono" id="slug" name="slug" maxlength="64" value="<?cs var:F.slug.Value ?>"<?cs call:field_state("slug", F.slug) ?>><p class="hint"><?cs var:Lang.goods_edit.slug_hint ?></p><?cs call:field_error("slug", F.slug) ?></div>
<div class="field"><label for="parent"><?cs var:Lang.goods_edit.parent ?></label><select class="input" id="parent" name="parent"<?cs call:field_state("parent", F.parent) ?>><option value=""></option><?cs each:k = Categories ?><option value="<?cs var:k.Id ?>"<?cs if:k.On ?> selected<?cs /if ?>><?cs var:k.Name ?></option><?cs /each ?></select><?cs call:field_error("parent", F.parent) ?></div></div>
<div class="field"><label for="summary"><?cs var:Lang.goods_edit.summary ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="summary" name="summary" maxlength="300" value="<?cs var:F.summary.Value ?>"<?cs call:field_state("summary", F.summary) ?>><?cs call:field_error("summary", F.summary) ?></div>
<div class="field"><label for="summary_en"><?cs var:Lang.goods_edit.summary_en ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="summary_en" name="summary_en" maxlength="300" value="<?cs var:F.summary_en.Value ?>"<?cs call:field_state("summary_en", F.summary_en) ?>><?cs call:field_error("summary_en", F.summary_en) ?></div>
<div class="field-row"><div class="field"><label for="icon"><?cs var:Lang.goods_edit.icon ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="icon" name="icon" maxlength="64" value="<?cs var:F.icon.Value ?>"<?cs call:field_state("icon", F.icon) ?>><?cs call:field_error("icon", F.icon) ?></div>
<div class="field"><label for="sort"><?cs var:Lang.goods_edit.sort ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="sort" name="sort" inputmode="numeric" value="<?cs var:F.sort.Value ?>"<?cs call:field_state("sort", F.sort) ?>><?cs call:field_error("sort", F.sort) ?></div>
</div>
<label class="check"><input type="checkbox" name="hidden" value="1"<?cs if:F.hidden.Value ?> checked<?cs /if ?>> <?cs var:Lang.goods_edit.hide ?></label>
<button class="btn btn-primary"><?cs var:Lang.goods_edit.save ?></button></form>
<?cs include:"layout/admin_foot.cs" ?>
