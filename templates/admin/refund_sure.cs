<?cs #
  SPDX-License-Identifier: Apache-2.0
  The second step of a refund: the amount once more, before it goes.
  Sure {OrderNo Show (formatted) Amount (as sent) Left Payment Role Channel Txn
    Reason Reference ByHand NeedsTwo}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/orders/<?cs var:Sure.OrderNo ?>/refund?payment=<?cs var:Sure.Payment ?>"><?cs var:Lang.refund.new ?></a></p>
<h1><?cs var:Lang.refund.sure ?></h1>
<form method="post" class="box stack" action="<?cs var:Page.Admin ?>/orders/<?cs var:Sure.OrderNo ?>/refund"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="payment" value="<?cs var:Sure.Payment ?>"><input type="hidden" name="amount" value="<?cs var:Sure.Amount ?>"><input type="hidden" name="sure" value="<?cs var:Sure.Amount ?>"><input type="hidden" name="refund_reason" value="<?cs var:Sure.Reason ?>"><input type="hidden" name="reference" value="<?cs var:Sure.Reference ?>"><input type="hidden" name="how" value="<?cs if:Sure.ByHand ?>manual<?cs else ?>gateway<?cs /if ?>">
<p class="till-main"><?cs var:Sure.Show ?></p>
<dl class="facts"><dt><?cs var:Lang.order.no ?></dt><dd class="mono"><?cs var:Sure.OrderNo ?></dd>
<dt><?cs var:Lang.refund.of ?></dt><dd><?cs var:Lang.payment_role[Sure.Role] ?> · <?cs var:Sure.Channel ?> <span class="mono small"><?cs var:Sure.Txn ?></span></dd>
<dt><?cs var:Lang.refund.left ?></dt><dd><?cs var:Sure.Left ?></dd>
<dt><?cs var:Lang.refund.how ?></dt><dd><?cs if:Sure.ByHand ?><?cs var:Lang.refund_how.manual ?> · <span class="mono"><?cs var:Sure.Reference ?></span><?cs else ?><?cs var:Lang.refund_how.gateway ?><?cs /if ?></dd>
<dt><?cs var:Lang.act.reason ?></dt><dd><?cs var:Sure.Reason ?></dd></dl>
<p class="hint"><?cs if:Sure.NeedsTwo ?><?cs var:Lang.refund.needs_two ?><?cs else ?><?cs var:Lang.refund.sure_hint ?><?cs /if ?></p>
<button class="btn btn-danger"><?cs call:fmt(Lang.refund.go, Sure.Show) ?></button></form>
<?cs include:"layout/admin_foot.cs" ?>
