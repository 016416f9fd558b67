<?cs #
  SPDX-License-Identifier: Apache-2.0
  One refund: facts, and what a person may do about it.
  Refund {as Refunds.N of admin/refunds.cs, and CanAsk CanAgree Mine CanSay
    Asks (the gateway was asked)}
  Said (opened asked agreed moved off late other)
  F.{what reference why}.{Value Error}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/refunds"><?cs var:Lang.admin.refunds ?></a></p>
<div class="spread"><h1 class="mono"><?cs var:Refund.No ?></h1><?cs call:refund_badge(Refund.State) ?></div><?cs
if:Said ?><p class="note <?cs if:Said == "late" || Said == "other" ?>note-warn<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.refund_said[Said] ?></p><?cs /if ?>
<div class="desk-cols">
<section class="box"><h2><?cs var:Lang.refund.one ?></h2><dl class="facts">
<dt><?cs var:Lang.refund.amount ?></dt><dd><b><?cs var:Refund.Amount ?></b></dd>
<dt><?cs var:Lang.order.no ?></dt><dd><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:Refund.OrderNo ?>"><?cs var:Refund.OrderNo ?></a></dd>
<dt><?cs var:Lang.refund.of ?></dt><dd><?cs var:Lang.payment_role[Refund.Role] ?> · <?cs var:Refund.Channel ?></dd>
<dt><?cs var:Lang.refund.how ?></dt><dd><?cs var:Lang.refund_how[Refund.How] ?></dd>
<dt><?cs var:Lang.act.reason ?></dt><dd><?cs var:Refund.Reason ?></dd><?cs
if:Refund.Reference ?><dt><?cs var:Lang.refund.reference ?></dt><dd class="mono"><?cs var:Refund.Reference ?></dd><?cs /if ?><?cs
if:Refund.Answer ?><dt><?cs var:Lang.refund.answer ?></dt><dd><?cs if:Lang.refund_answer[Refund.Answer] ?><?cs var:Lang.refund_answer[Refund.Answer] ?><?cs else ?><?cs var:Refund.Answer ?><?cs /if ?></dd><?cs /if ?></dl></section>
<section class="box"><h2><?cs var:Lang.order_panel.story ?></h2><dl class="facts">
<dt><?cs var:Lang.refund.created ?></dt><dd><?cs var:Refund.Created ?></dd><?cs
if:Refund.Staff ?><dt><?cs var:Lang.refund.staff ?></dt><dd><?cs var:Refund.Staff ?></dd><?cs /if ?><?cs
if:Refund.Second ?><dt><?cs var:Lang.refund.second ?></dt><dd><?cs var:Refund.Second ?></dd><?cs /if ?>
<dt><?cs var:Lang.refund.asked ?></dt><dd><?cs var:Refund.Asked ?></dd><?cs
if:Refund.Next ?><dt><?cs var:Lang.refund.next ?></dt><dd><?cs var:Refund.Next ?></dd><?cs /if ?><?cs
if:Refund.Done ?><dt><?cs var:Lang.refund_state.done ?></dt><dd><?cs var:Refund.Done ?></dd><?cs /if ?></dl></section>
</div><?cs
if:Refund.CanAsk || Refund.CanAgree || Refund.Mine || Refund.CanSay ?>
<section class="box acts"><h2><?cs var:Lang.order_panel.acts ?></h2><?cs
if:Refund.Mine ?><p class="note note-info"><?cs var:Lang.refund.mine ?></p><?cs /if ?><?cs
if:Refund.CanAgree ?>
<form method="post" class="act" action="<?cs var:Page.Admin ?>/refunds/<?cs var:Refund.No ?>/agree"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs var:Lang.refund.agree_hint ?></p><button class="btn btn-danger"><?cs call:fmt(Lang.refund.agree, Refund.Amount) ?></button></form><?cs /if ?><?cs
if:Refund.CanAsk ?>
<form method="post" class="act" action="<?cs var:Page.Admin ?>/refunds/<?cs var:Refund.No ?>/ask"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs var:Lang.refund.ask_hint ?></p><button class="btn btn-primary"><?cs var:Lang.refund.ask ?></button></form><?cs /if ?><?cs
if:Refund.CanSay ?>
<details class="act"<?cs if:F.what.Error || F.why.Error || F.reference.Error ?> open<?cs /if ?>><summary><?cs if:Refund.Asks ?><?cs var:Lang.refund.say_asked ?><?cs else ?><?cs var:Lang.refund.say ?><?cs /if ?></summary><form method="post" class="stack" action="<?cs var:Page.Admin ?>/refunds/<?cs var:Refund.No ?>/say"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs if:Refund.Asks ?><?cs var:Lang.refund.say_asked_hint ?><?cs else ?><?cs var:Lang.refund.say_hint ?><?cs /if ?></p>
<div class="field"><label for="what"><?cs var:Lang.refund.what ?></label><select class="input" id="what" name="what"<?cs call:field_state("what", F.what) ?>><option value="off"><?cs var:Lang.refund.what_off ?></option><option value="moved"<?cs if:F.what.Value == "moved" ?> selected<?cs /if ?>><?cs var:Lang.refund.what_moved ?></option></select><?cs call:field_error("what", F.what) ?></div>
<div class="field"><label for="reference"><?cs var:Lang.refund.reference ?></label><input class="input mono" id="reference" name="reference" maxlength="128" value="<?cs var:F.reference.Value ?>"<?cs call:field_state("reference", F.reference) ?>><?cs call:field_error("reference", F.reference) ?></div>
<div class="field"><label for="why"><?cs var:Lang.act.reason ?></label><input class="input" id="why" name="why" maxlength="300" required value="<?cs var:F.why.Value ?>"<?cs call:field_state("why", F.why) ?>><?cs call:field_error("why", F.why) ?></div>
<button class="btn btn-danger"><?cs var:Lang.refund.say_go ?></button></form></details><?cs /if ?></section><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
