<?cs #
  SPDX-License-Identifier: Apache-2.0
  The first step of a refund: which money, how much, why.
  Order {No State Paid Refunded}  ByHand (chosen, or the only way)
  Sources.N {Payment Role Channel Txn Amount Left Gateway Busy On}
  F.{payment amount refund_reason how reference}.{Value Error}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>"><?cs var:Lang.order.no ?> <span class="mono"><?cs var:Order.No ?></span></a></p>
<div class="spread"><h1><?cs var:Lang.refund.new ?></h1><?cs call:state_badge(Order.State) ?></div><?cs
if:!subcount(Sources) ?><p class="box empty"><?cs var:Lang.refund.nothing ?></p><?cs
else ?>
<form method="post" class="box stack" action="<?cs var:Page.Admin ?>/orders/<?cs var:Order.No ?>/refund"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<dl class="facts"><dt><?cs var:Lang.orders_list.paid ?></dt><dd><?cs var:Order.Paid ?></dd><?cs if:Order.Refunded ?><dt><?cs var:Lang.order_panel.refunded ?></dt><dd><?cs var:Order.Refunded ?></dd><?cs /if ?></dl>
<fieldset class="field"><legend><?cs var:Lang.refund.of ?></legend><?cs
each:s = Sources ?><label class="check"><input type="radio" name="payment" value="<?cs var:s.Payment ?>"<?cs if:s.On ?> checked<?cs /if ?><?cs if:s.Busy ?> disabled<?cs /if ?>> <span><?cs var:Lang.payment_role[s.Role] ?> · <b><?cs var:s.Left ?></b> <span class="muted"><?cs var:Lang.refund.left_of ?> <?cs var:s.Amount ?> · <?cs var:s.Channel ?> <span class="mono small"><?cs var:s.Txn ?></span><?cs if:s.Busy ?> · <?cs var:Lang.refund.busy ?><?cs /if ?><?cs if:!s.Gateway ?> · <?cs var:Lang.refund.no_gateway ?><?cs /if ?></span></span></label><?cs /each ?><?cs call:field_error("payment", F.payment) ?></fieldset>
<div class="field"><label for="amount"><?cs var:Lang.refund.amount ?></label><input class="input" id="amount" name="amount" inputmode="decimal" required value="<?cs var:F.amount.Value ?>"<?cs call:field_state("amount", F.amount) ?>><?cs call:field_error("amount", F.amount) ?></div>
<div class="field"><label for="refund_reason"><?cs var:Lang.act.reason ?></label><input class="input" id="refund_reason" name="refund_reason" maxlength="300" required value="<?cs var:F.refund_reason.Value ?>"<?cs call:field_state("refund_reason", F.refund_reason) ?>><?cs call:field_error("refund_reason", F.refund_reason) ?></div>
<div class="field"><label for="how"><?cs var:Lang.refund.how ?></label><select class="input" id="how" name="how"<?cs call:field_state("how", F.how) ?>><option value="gateway"><?cs var:Lang.refund_how.gateway ?></option><option value="manual"<?cs if:ByHand || F.how.Value == "manual" ?> selected<?cs /if ?>><?cs var:Lang.refund_how.manual ?></option></select><?cs call:field_error("how", F.how) ?></div>
<div class="field"><label for="reference"><?cs var:Lang.refund.reference ?></label><input class="input mono" id="reference" name="reference" maxlength="128" value="<?cs var:F.reference.Value ?>"<?cs call:field_state("reference", F.reference) ?>><p class="hint"><?cs var:Lang.refund.reference_hint ?></p><?cs call:field_error("reference", F.reference) ?></div>
<button class="btn btn-primary"><?cs var:Lang.refund.next_step ?></button></form><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
