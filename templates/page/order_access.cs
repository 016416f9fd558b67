<?cs #
  SPDX-License-Identifier: Apache-2.0
  /o/{no} for a browser that has neither cookie nor mail link.  The same page,
  status and time whether the order exists or not.
  Lookup {OrderNo Error}  Error: a key of Lang.err  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<div class="narrow"><section class="box stack"><h1><?cs var:Lang.access.title ?></h1>
<p><?cs var:Lang.access.text ?></p>
<form method="post" action="/orders" class="stack"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="order_no" value="<?cs var:Lookup.OrderNo ?>">
<dl class="facts"><dt><?cs var:Lang.order.no ?></dt><dd class="mono"><?cs var:Lookup.OrderNo ?></dd></dl>
<div class="field"><label for="lookup_password"><?cs var:Lang.checkout.password ?></label><input class="input" id="lookup_password" name="lookup_password" type="password" autocomplete="off" maxlength="64" required<?cs call:field_state("lookup", Lookup) ?>><?cs call:field_error("lookup", Lookup) ?></div>
<button class="btn btn-primary btn-block"><?cs call:icon("lock") ?><?cs var:Lang.access.open ?></button></form>
<p class="hint"><?cs var:Lang.access.mail ?></p></section></div>
<?cs include:"layout/foot.cs" ?>
