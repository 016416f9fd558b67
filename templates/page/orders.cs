<?cs #
  SPDX-License-Identifier: Apache-2.0
  Find an order: by number and password, or one this browser placed.
  Lookup {OrderNo Error}  Csrf
  Orders.N {No State Name Qty Amount At AtIso}  newest first
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<h1><?cs var:Lang.orders.title ?></h1>
<div class="order-cols lookup">
<section class="order-main box" aria-labelledby="mine-h"><h2 id="mine-h"><?cs var:Lang.orders.mine ?></h2><?cs
if:subcount(Orders) ?>
<ul class="mine"><?cs each:o = Orders ?><li><a href="/o/<?cs var:o.No ?>"><span class="mine-name"><?cs var:o.Name ?> × <?cs var:o.Qty ?></span><span class="mine-no mono"><?cs var:o.No ?></span></a><span class="mine-state"><?cs call:state_badge(o.State) ?></span><span class="mine-sum"><?cs var:o.Amount ?></span><time class="muted" datetime="<?cs var:o.AtIso ?>"><?cs var:o.At ?></time></li><?cs /each ?></ul><?cs
else ?>
<p class="empty"><?cs var:Lang.orders.none ?></p><?cs /if ?>
</section>
<section class="order-side box" aria-labelledby="find-h"><h2 id="find-h"><?cs var:Lang.orders.find ?></h2>
<form method="post" action="/orders"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<div class="field"><label for="order_no"><?cs var:Lang.order.no ?></label><input class="input mono" id="order_no" name="order_no" autocomplete="off" spellcheck="false" autocapitalize="characters" maxlength="24" required value="<?cs var:Lookup.OrderNo ?>"<?cs call:field_state("lookup", Lookup) ?>></div>
<div class="field"><label for="lookup_password"><?cs var:Lang.checkout.password ?></label><input class="input" id="lookup_password" name="lookup_password" type="password" autocomplete="off" maxlength="64" required<?cs call:field_state("lookup", Lookup) ?>><?cs call:field_error("lookup", Lookup) ?></div>
<div class="field"><button class="btn btn-primary btn-block"><?cs call:icon("search") ?><?cs var:Lang.orders.go ?></button></div></form>
<p class="hint"><?cs var:Lang.orders.mail_hint ?></p></section>
</div>
<?cs include:"layout/foot.cs" ?>
