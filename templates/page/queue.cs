<?cs #
  SPDX-License-Identifier: Apache-2.0
  In the line of a sale.  The header Refresh asks again, so no script is
  needed; a form that was sent waits for its button.
  Queue {Number Place Wait Again Form FormToken}
    Place: 1 is next; Wait Again: seconds; Form = 1: FormToken and
    Fields are sent again
  Queue.Fields.N {Name Value}
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<div class="pay"><section class="box pay-box">
<h1><?cs var:Lang.queue.title ?></h1>
<p class="pay-status" role="status"><span class="pulse" aria-hidden="true"></span><span><?cs call:fmt(Lang.queue.wait, Queue.Wait) ?></span></p>
<dl class="facts"><dt><?cs var:Lang.queue.ahead ?></dt><dd class="mono" data-place><?cs var:Queue.Place ?></dd><dt><?cs var:Lang.queue.number ?></dt><dd class="mono" data-number><?cs var:Queue.Number ?></dd></dl>
<p><?cs var:Lang.queue.text ?></p><?cs
if:Queue.Form ?>
<form method="post" action="/order" data-once><input type="hidden" name="form_token" value="<?cs var:Queue.FormToken ?>"><?cs each:f = Queue.Fields ?><input type="hidden" name="<?cs var:f.Name ?>" value="<?cs var:f.Value ?>"><?cs /each ?><button class="btn btn-primary btn-big"><?cs var:Lang.queue.go ?></button></form>
<p class="hint"><?cs var:Lang.queue.form ?></p><?cs
else ?>
<p class="hint"><?cs var:Lang.queue.auto ?></p><?cs /if ?>
</section></div>
<?cs include:"layout/foot.cs" ?>
