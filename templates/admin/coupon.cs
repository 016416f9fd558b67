<?cs #
  SPDX-License-Identifier: Apache-2.0
  A new coupon, or many.  F.{kind value cap min scope uses_max per_contact from until
  note code count batch prefix}  Scopes.N {Value Name On}  Currency  Most  Csrf
?><?cs include:"macros.cs" ?><?cs
def:line(name, label, f, mode, max, hint) ?><div class="field"><label for="<?cs var:name ?>"><?cs var:label ?></label><input class="input" id="<?cs var:name ?>" name="<?cs var:name ?>" type="text" inputmode="<?cs var:mode ?>" maxlength="<?cs var:max ?>" value="<?cs var:f.Value ?>"<?cs call:field_state(name, f) ?>><?cs if:hint ?><p class="hint"><?cs var:hint ?></p><?cs /if ?><?cs call:field_error(name, f) ?></div><?cs /def ?><?cs
def:date(name, label, f) ?><div class="field"><label for="<?cs var:name ?>"><?cs var:label ?></label><input class="input" id="<?cs var:name ?>" name="<?cs var:name ?>" type="date" value="<?cs var:f.Value ?>"<?cs call:field_state(name, f) ?>><?cs call:field_error(name, f) ?></div><?cs /def ?><?cs
include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/coupons"><?cs var:Lang.admin.coupons ?></a></p>
<h1><?cs var:Lang.coupon_page.add ?></h1><?cs
if:F.Bad ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.look ?></p><?cs /if ?>
<form class="box stack" method="post" action="<?cs var:Page.Admin ?>/coupons/new"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<fieldset class="group"><legend><?cs var:Lang.coupon_page.worth ?></legend>
<div class="field-row"><div class="field"><label for="kind"><?cs var:Lang.coupon_page.kind ?></label><select class="input" id="kind" name="kind"<?cs call:field_state("kind", F.kind) ?>><option value="fixed"<?cs if:F.kind.Value == "fixed" ?> selected<?cs /if ?>><?cs var:Lang.coupon_page.fixed ?> (<?cs var:Currency ?>)</option><option value="percent"<?cs if:F.kind.Value == "percent" ?> selected<?cs /if ?>><?cs var:Lang.coupon_page.percent ?></option></select><?cs call:field_error("kind", F.kind) ?></div>
<?cs call:line("value", Lang.coupon_page.value, F.value, "decimal", "15", "") ?>
<?cs call:line("cap", Lang.coupon_page.cap, F.cap, "decimal", "15", Lang.coupon_page.cap_hint) ?>
<?cs call:line("min", Lang.coupon_page.min, F.min, "decimal", "15", "") ?></div></fieldset>
<fieldset class="group"><legend><?cs var:Lang.coupon_page.where ?></legend>
<div class="field"><label for="scope"><?cs var:Lang.coupon_page.scope ?></label><select class="input" id="scope" name="scope"<?cs call:field_state("scope", F.scope) ?>><option value=""><?cs var:Lang.coupon_page.any ?></option><?cs each:s = Scopes ?><option value="<?cs var:s.Value ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:s.Name ?></option><?cs /each ?></select><?cs call:field_error("scope", F.scope) ?></div>
<div class="field-row"><?cs call:line("uses_max", Lang.coupon_page.uses_max, F.uses_max, "numeric", "7", Lang.coupon_page.no_limit) ?>
<?cs call:line("per_contact", Lang.coupon_page.per_contact, F.per_contact, "numeric", "7", Lang.coupon_page.no_limit) ?>
<?cs call:date("from", Lang.coupon_page.first_day, F.from) ?>
<?cs call:date("until", Lang.coupon_page.last_day, F.until) ?></div></fieldset>
<fieldset class="group"><legend><?cs var:Lang.coupon_page.codes ?></legend>
<div class="field-row"><?cs call:line("count", Lang.coupon_page.count, F.count, "numeric", "5", "") ?>
<?cs call:line("code", Lang.coupon_page.code, F.code, "text", "40", Lang.coupon_page.code_hint) ?>
<?cs call:line("prefix", Lang.coupon_page.prefix, F.prefix, "text", "20", Lang.coupon_page.prefix_hint) ?>
<?cs call:line("batch", Lang.coupon_page.batch, F.batch, "text", "40", Lang.coupon_page.batch_hint) ?></div>
<?cs call:line("note", Lang.coupon_page.note, F.note, "text", "200", "") ?></fieldset>
<div class="row form-end"><button class="btn btn-primary"><?cs var:Lang.coupon_page.make ?></button></div></form>
<?cs include:"layout/admin_foot.cs" ?>
