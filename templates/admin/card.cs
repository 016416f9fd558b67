<?cs #
  SPDX-License-Identifier: Apache-2.0
  One card.  Its text is shown only after a reveal, which the audit log keeps.
  Card as admin/cards.cs, and Text  F.reason  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/cards"><?cs var:Lang.admin.cards ?></a></p>
<div class="spread"><h1 class="mono">#<?cs var:Card.Id ?></h1><span class="badge"><?cs var:Lang.card_state[Card.State] ?></span></div>
<section class="box"><dl class="facts"><dt><?cs var:Lang.stock.card ?></dt><dd class="mono"><?cs if:Card.Text ?><?cs var:Card.Text ?><?cs else ?><?cs var:Card.Masked ?><?cs /if ?></dd><dt><?cs var:Lang.desk.product ?></dt><dd><?cs var:Card.Product ?> · <span class="mono"><?cs var:Card.Code ?></span></dd><dt><?cs var:Lang.stock.batches ?></dt><dd><a href="<?cs var:Page.Admin ?>/batches/<?cs var:Card.Batch ?>">#<?cs var:Card.Batch ?></a></dd><?cs
if:Card.OrderNo ?><dt><?cs var:Lang.order.no ?></dt><dd><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:Card.OrderNo ?>"><?cs var:Card.OrderNo ?></a></dd><?cs /if ?><?cs
if:Card.Note ?><dt><?cs var:Lang.stock.note ?></dt><dd><?cs var:Card.Note ?></dd><?cs /if ?></dl></section>
<section class="box acts"><?cs
if:!Card.Text ?><form class="act" method="post" action="<?cs var:Page.Admin ?>/cards/<?cs var:Card.Id ?>/reveal"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs var:Lang.stock.reveal_hint ?></p><button class="btn"><?cs var:Lang.stock.reveal ?></button></form><?cs /if ?><?cs
if:Card.CanLock ?><form class="act" method="post" action="<?cs var:Page.Admin ?>/cards/<?cs var:Card.Id ?>/lock"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><div class="field"><label for="reason"><?cs var:Lang.act.reason ?></label><input class="input" id="reason" name="reason" maxlength="300" required value="<?cs var:F.reason.Value ?>"<?cs call:field_state("reason", F.reason) ?>><?cs call:field_error("reason", F.reason) ?></div><button class="btn btn-danger"><?cs var:Lang.stock.lock ?></button></form><?cs /if ?><?cs
if:Card.CanUnlock ?><form class="act" method="post" action="<?cs var:Page.Admin ?>/cards/<?cs var:Card.Id ?>/unlock"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn"><?cs var:Lang.stock.unlock ?></button></form><?cs /if ?></section>
<?cs include:"layout/admin_foot.cs" ?>
