<?cs #
  SPDX-License-Identifier: Apache-2.0
  Where the gateway sends the browser.  It proves nothing: the page says so
  and waits for the notice.  Page.Refresh as in pay.cs.
  Order {No State Amount KeyPath}
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<div class="pay" data-poll="/o/<?cs var:Order.No ?>/status.json" data-goto="/o/<?cs var:Order.No ?>">
<ol class="steps" aria-label="<?cs var:Lang.pay.steps ?>"><li class="done"><?cs var:Lang.pay.step1 ?></li><li aria-current="step"><?cs var:Lang.pay.step2 ?></li><li><?cs var:Lang.pay.step3 ?></li></ol>
<section class="box pay-box"><?cs call:order_key(Order.KeyPath) ?>
<h1><?cs var:Lang.return.title ?></h1>
<p><?cs var:Lang.return.text ?></p>
<p class="pay-status" role="status" aria-live="polite" data-status data-paid="<?cs var:Lang.pay.paid ?>" data-lost="<?cs var:Lang.pay.lost ?>"><span class="pulse" aria-hidden="true"></span><span data-status-text><?cs var:Lang.pay.waiting ?></span></p>
<dl class="facts"><dt><?cs var:Lang.order.no ?></dt><dd class="mono"><?cs var:Order.No ?></dd><dt><?cs var:Lang.pay.amount ?></dt><dd><?cs var:Order.Amount ?></dd></dl>
<p class="row"><a class="btn btn-primary" href="/o/<?cs var:Order.No ?>"><?cs var:Lang.return.look ?></a> <a class="btn" href="/o/<?cs var:Order.No ?>/pay"><?cs var:Lang.return.unpaid ?></a></p>
<p class="hint"><?cs var:Lang.return.slow ?></p>
</section>
</div>
<?cs include:"layout/foot.cs" ?>
