<?cs #
  SPDX-License-Identifier: Apache-2.0
  One channel: common fields and those of its gateway.
  Edit {Name Gateway GatewayTitle New}  Fields.N {Name Control Required Help Set
  Choices.N {Value}}  F.<field> F.f_<gateway field>  Conflict  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/channels"><?cs var:Lang.admin.channels ?></a></p>
<h1><span class="mono"><?cs var:Edit.Name ?></span> <span class="muted"><?cs var:Edit.GatewayTitle ?></span></h1><?cs if:Conflict ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.conflict ?></p><?cs /if ?><?cs if:F.Bad ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.look ?></p><?cs /if ?>
<form class="box stack" method="post" autocomplete="off" action="<?cs var:Page.Admin ?>/channels/<?cs var:Edit.Name ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="gateway" value="<?cs var:Edit.Gateway ?>"><input type="hidden" name="version" value="<?cs var:F.version.Value ?>">
<fieldset class="group"><legend><?cs var:Lang.channel_edit.g_buyers ?></legend>
<div class="field-row"><div class="field"><label for="title"><?cs var:Lang.channel_edit.title ?></label><input class="input" id="title" name="title" type="text" maxlength="60" required value="<?cs var:F.title.Value ?>"<?cs call:field_state("title", F.title) ?>><?cs call:field_error("title", F.title) ?></div>
<div class="field"><label for="title_en"><?cs var:Lang.channel_edit.title_en ?></label><input class="input" id="title_en" name="title_en" type="text" maxlength="60" value="<?cs var:F.title_en.Value ?>"<?cs call:field_state("title_en", F.title_en) ?>><?cs call:field_error("title_en", F.title_en) ?></div>
<div class="field"><label for="currency"><?cs var:Lang.channel_edit.currency ?></label><input class="input" id="currency" name="currency" type="text" maxlength="3" required value="<?cs var:F.currency.Value ?>"<?cs call:field_state("currency", F.currency) ?>><?cs call:field_error("currency", F.currency) ?></div>
<div class="field"><label for="device"><?cs var:Lang.channel_edit.device ?></label><select class="input" id="device" name="device"<?cs call:field_state("device", F.device) ?>><option value="all"<?cs if:F.device.Value == "all" ?> selected<?cs /if ?>><?cs var:Lang.channel_device.all ?></option><option value="pc"<?cs if:F.device.Value == "pc" ?> selected<?cs /if ?>><?cs var:Lang.channel_device.pc ?></option><option value="mobile"<?cs if:F.device.Value == "mobile" ?> selected<?cs /if ?>><?cs var:Lang.channel_device.mobile ?></option></select></div></div>
</fieldset>
<fieldset class="group"><legend><?cs var:Lang.channel_edit.g_fee ?></legend>
<div class="field-row"><div class="field"><label for="fee"><?cs var:Lang.channel_edit.fee ?></label><input class="input" id="fee" name="fee" type="text" inputmode="decimal" value="<?cs var:F.fee.Value ?>"<?cs call:field_state("fee", F.fee) ?>><?cs call:field_error("fee", F.fee) ?></div>
<div class="field"><label for="fee_fixed"><?cs var:Lang.channel_edit.fee_fixed ?></label><input class="input" id="fee_fixed" name="fee_fixed" type="text" inputmode="decimal" value="<?cs var:F.fee_fixed.Value ?>"<?cs call:field_state("fee_fixed", F.fee_fixed) ?>><?cs call:field_error("fee_fixed", F.fee_fixed) ?></div>
<div class="field"><label for="min"><?cs var:Lang.channel_edit.min ?></label><input class="input" id="min" name="min" type="text" inputmode="decimal" value="<?cs var:F.min.Value ?>"<?cs call:field_state("min", F.min) ?>><?cs call:field_error("min", F.min) ?></div>
<div class="field"><label for="max"><?cs var:Lang.channel_edit.max ?></label><input class="input" id="max" name="max" type="text" inputmode="decimal" value="<?cs var:F.max.Value ?>"<?cs call:field_state("max", F.max) ?>><?cs call:field_error("max", F.max) ?></div>
<div class="field"><label for="sort"><?cs var:Lang.channel_edit.sort ?></label><input class="input" id="sort" name="sort" type="text" inputmode="numeric" value="<?cs var:F.sort.Value ?>"<?cs call:field_state("sort", F.sort) ?>><?cs call:field_error("sort", F.sort) ?></div>
</div>
<label class="check"><input type="checkbox" name="fee_buyer" value="1"<?cs if:F.fee_buyer.Value ?> checked<?cs /if ?>> <?cs var:Lang.channel_edit.fee_buyer ?></label>
<label class="check"><input type="checkbox" name="on" value="1"<?cs if:F.on.Value ?> checked<?cs /if ?>> <?cs var:Lang.channel_edit.on ?></label>
</fieldset>
<fieldset class="group"><legend><?cs var:Lang.channel_edit.g_gateway ?></legend><?cs
each:f = Fields ?><?cs set:own = "f_" + f.Name ?><div class="field"><?cs
if:f.Control == "bool" ?><label class="check"><input type="checkbox" name="<?cs var:own ?>" value="1"<?cs if:F[own].Value == "yes" || F[own].Value == "1" ?> checked<?cs /if ?>> <span class="mono"><?cs var:f.Name ?></span></label><?cs
else ?><label for="<?cs var:own ?>"><span class="mono"><?cs var:f.Name ?></span><?cs if:!f.Required ?> <span class="optional"><?cs var:Lang.stock.optional ?></span><?cs /if ?></label><?cs
if:f.Control == "choice" ?><select class="input" id="<?cs var:own ?>" name="<?cs var:own ?>"<?cs call:field_state(own, F[own]) ?>><?cs each:o = f.Choices ?><option<?cs if:o.Value == F[own].Value ?> selected<?cs /if ?>><?cs var:o.Value ?></option><?cs /each ?></select><?cs
elif:f.Control == "lines" ?><textarea class="input mono" id="<?cs var:own ?>" name="<?cs var:own ?>" rows="4" spellcheck="false"<?cs call:field_state(own, F[own]) ?>><?cs var:F[own].Value ?></textarea><?cs
elif:f.Control == "secret_lines" ?><textarea class="input mono" id="<?cs var:own ?>" name="<?cs var:own ?>" rows="4" spellcheck="false"<?cs if:f.Set ?> placeholder="<?cs var:Lang.channel_edit.is_set ?>"<?cs /if ?><?cs call:field_state(own, F[own]) ?>></textarea><?cs
elif:f.Control == "secret" ?><input class="input mono" id="<?cs var:own ?>" name="<?cs var:own ?>" type="password" autocomplete="new-password"<?cs if:f.Set ?> placeholder="<?cs var:Lang.channel_edit.is_set ?>"<?cs /if ?><?cs call:field_state(own, F[own]) ?>><?cs
else ?><input class="input mono" id="<?cs var:own ?>" name="<?cs var:own ?>" value="<?cs var:F[own].Value ?>"<?cs call:field_state(own, F[own]) ?>><?cs /if ?><?cs /if ?><p class="hint"><?cs var:f.Help ?></p><?cs call:field_error(own, F[own]) ?></div><?cs /each ?></fieldset>
<div class="row form-end"><button class="btn btn-primary"><?cs var:Lang.goods_edit.save ?></button></div></form>
<?cs include:"layout/admin_foot.cs" ?>
