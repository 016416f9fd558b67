<?cs #
  SPDX-License-Identifier: Apache-2.0
  One SKU.  Edit {Product Id Currency}
  F.{code name name_en kind card_format price cost min_qty max_qty buyer_limit
  sale_from sale_until active sort version tiers}  Conflict  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/products/<?cs var:Edit.Product ?>"><?cs var:Lang.goods_edit.product ?></a></p>
<h1><?cs var:Page.Title ?></h1>
<?cs if:Conflict ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.conflict ?></p><?cs /if ?>
<?cs if:F.Bad ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.look ?></p><?cs /if ?>
<form class="box stack" method="post" action="<?cs var:Page.Admin ?>/products/<?cs var:Edit.Product ?>/skus/<?cs if:Edit.Id ?><?cs var:Edit.Id ?><?cs else ?>new<?cs /if ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="version" value="<?cs var:F.version.Value ?>">
<fieldset class="group"><legend><?cs var:Lang.goods_edit.sku ?></legend>
<div class="field-row"><div class="field"><label for="name"><?cs var:Lang.goods_edit.name ?></label><input class="input" id="name" name="name" maxlength="120" required value="<?cs var:F.name.Value ?>"<?cs call:field_state("name", F.name) ?>><?cs call:field_error("name", F.name) ?></div>
<div class="field"><label for="name_en"><?cs var:Lang.goods_edit.name_en ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="name_en" name="name_en" maxlength="120" value="<?cs var:F.name_en.Value ?>"<?cs call:field_state("name_en", F.name_en) ?>><?cs call:field_error("name_en", F.name_en) ?></div>
<div class="field"><label for="code"><?cs var:Lang.goods_edit.code ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input mono" id="code" name="code" maxlength="40" value="<?cs var:F.code.Value ?>"<?cs call:field_state("code", F.code) ?>><?cs call:field_error("code", F.code) ?></div>
</div>
</fieldset>
<fieldset class="group"><legend><?cs var:Lang.goods_edit.g_price ?></legend>
<div class="field-row"><div class="field"><label for="price"><?cs var:Lang.goods_edit.price ?></label><input class="input" id="price" name="price" inputmode="decimal" required value="<?cs var:F.price.Value ?>"<?cs call:field_state("price", F.price) ?>><?cs call:field_error("price", F.price) ?></div>
<div class="field"><label for="cost"><?cs var:Lang.goods_edit.cost ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="cost" name="cost" inputmode="decimal" value="<?cs var:F.cost.Value ?>"<?cs call:field_state("cost", F.cost) ?>><?cs call:field_error("cost", F.cost) ?></div>
<div class="field"><label for="kind"><?cs var:Lang.goods_edit.kind ?></label><select class="input" id="kind" name="kind"<?cs call:field_state("kind", F.kind) ?>><option value="card"<?cs if:F.kind.Value == "card" ?> selected<?cs /if ?>><?cs var:Lang.sku_kind.card ?></option><option value="loop"<?cs if:F.kind.Value == "loop" ?> selected<?cs /if ?>><?cs var:Lang.sku_kind.loop ?></option><option value="manual"<?cs if:F.kind.Value == "manual" ?> selected<?cs /if ?>><?cs var:Lang.sku_kind.manual ?></option></select><?cs call:field_error("kind", F.kind) ?></div>
</div>
<div class="field"><label for="tiers"><?cs var:Lang.goods_edit.tiers ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><textarea class="input mono" id="tiers" name="tiers" rows="4"<?cs call:field_state("tiers", F.tiers) ?>><?cs var:F.tiers.Value ?></textarea><p class="hint"><?cs var:Lang.goods_edit.tiers_hint ?></p><?cs call:field_error("tiers", F.tiers) ?></div>
</fieldset>
<fieldset class="group"><legend><?cs var:Lang.goods_edit.g_limits ?></legend>
<div class="field-row"><div class="field"><label for="min_qty"><?cs var:Lang.goods_edit.min_qty ?></label><input class="input" id="min_qty" name="min_qty" inputmode="numeric" value="<?cs var:F.min_qty.Value ?>"<?cs call:field_state("min_qty", F.min_qty) ?>><?cs call:field_error("min_qty", F.min_qty) ?></div>
<div class="field"><label for="max_qty"><?cs var:Lang.goods_edit.max_qty ?></label><input class="input" id="max_qty" name="max_qty" inputmode="numeric" value="<?cs var:F.max_qty.Value ?>"<?cs call:field_state("max_qty", F.max_qty) ?>><?cs call:field_error("max_qty", F.max_qty) ?></div>
<div class="field"><label for="buyer_limit"><?cs var:Lang.goods_edit.buyer_limit ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="buyer_limit" name="buyer_limit" inputmode="numeric" value="<?cs var:F.buyer_limit.Value ?>"<?cs call:field_state("buyer_limit", F.buyer_limit) ?>><p class="hint"><?cs var:Lang.goods_edit.limit_hint ?></p><?cs call:field_error("buyer_limit", F.buyer_limit) ?></div>
<div class="field"><label for="sort"><?cs var:Lang.goods_edit.sort ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="sort" name="sort" inputmode="numeric" value="<?cs var:F.sort.Value ?>"<?cs call:field_state("sort", F.sort) ?>><?cs call:field_error("sort", F.sort) ?></div>
</div>
<div class="field-row"><div class="field"><label for="sale_from"><?cs var:Lang.goods_edit.sale_from ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="sale_from" name="sale_from" type="datetime-local" value="<?cs var:F.sale_from.Value ?>"<?cs call:field_state("sale_from", F.sale_from) ?>><?cs call:field_error("sale_from", F.sale_from) ?></div>
<div class="field"><label for="sale_until"><?cs var:Lang.goods_edit.sale_until ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="sale_until" name="sale_until" type="datetime-local" value="<?cs var:F.sale_until.Value ?>"<?cs call:field_state("sale_until", F.sale_until) ?>><?cs call:field_error("sale_until", F.sale_until) ?></div>
</div>
<div class="field"><label for="card_format"><?cs var:Lang.goods_edit.card_format ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="card_format" name="card_format" maxlength="200" value="<?cs var:F.card_format.Value ?>"<?cs call:field_state("card_format", F.card_format) ?>><p class="hint"><?cs var:Lang.goods_edit.format_hint ?></p><?cs call:field_error("card_format", F.card_format) ?></div>
<label class="check"><input type="checkbox" name="active" value="1"<?cs if:F.active.Value ?> checked<?cs /if ?>> <?cs var:Lang.goods_edit.active ?></label>
</fieldset>
<div class="row form-end"><button class="btn btn-primary"><?cs var:Lang.goods_edit.save ?></button></div></form>
<?cs include:"layout/admin_foot.cs" ?>
