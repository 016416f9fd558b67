<?cs #
  SPDX-License-Identifier: Apache-2.0
  One notice with its raw bytes.
  Notice {Id State Reason Source Txn Channel No Repeats At Amount Applied Method
    Query Headers Body Cut CanReplay Waits}
  Said (a verdict, closed, late)  F.{reason}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/notices"><?cs var:Lang.admin.notices ?></a></p>
<div class="spread"><h1><?cs var:Lang.admin.notice ?> <?cs var:Notice.Id ?></h1><span class="badge <?cs if:Notice.State == "applied" ?>badge-ok<?cs elif:Notice.State == "failed" ?>badge-bad<?cs elif:Notice.State == "held" || Notice.State == "received" ?>badge-warn<?cs /if ?>" data-state="<?cs var:Notice.State ?>"><?cs var:Lang.notice_state[Notice.State] ?></span></div><?cs
if:Said ?><p class="note <?cs if:Said == "applied" || Said == "repeated" || Said == "closed" ?>note-ok<?cs else ?>note-warn<?cs /if ?>" role="status"><?cs var:Lang.notice_said[Said] ?></p><?cs /if ?>
<section class="box"><dl class="facts">
<dt><?cs var:Lang.money_page.at ?></dt><dd><?cs var:Notice.At ?></dd>
<dt><?cs var:Lang.filter.channel ?></dt><dd><?cs var:Notice.Channel ?></dd><?cs
if:Notice.No ?><dt><?cs var:Lang.order.no ?></dt><dd><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:Notice.No ?>"><?cs var:Notice.No ?></a></dd><?cs /if ?><?cs
if:Notice.Amount ?><dt><?cs var:Lang.money_page.amount ?></dt><dd><?cs var:Notice.Amount ?></dd><?cs /if ?><?cs
if:Notice.Txn ?><dt><?cs var:Lang.money_page.txn ?></dt><dd class="mono"><?cs var:Notice.Txn ?></dd><?cs /if ?>
<dt><?cs var:Lang.money_page.source ?></dt><dd><?cs var:Lang.notice_source[Notice.Source] ?></dd><?cs
if:Notice.Reason ?><dt><?cs var:Lang.money_page.reason ?></dt><dd class="mono"><?cs var:Notice.Reason ?></dd><?cs /if ?><?cs
if:Notice.Applied ?><dt><?cs var:Lang.money_page.applied ?></dt><dd><?cs var:Notice.Applied ?></dd><?cs /if ?>
<dt><?cs var:Lang.money_page.repeats ?></dt><dd><?cs var:Notice.Repeats ?></dd></dl></section>
<section class="box"><h2><?cs var:Lang.money_page.raw ?></h2><?cs if:Notice.Cut ?><p class="muted"><?cs var:Lang.money_page.cut ?></p><?cs /if ?><?cs
if:Notice.Query ?><h3><?cs var:Lang.money_page.query ?></h3><pre class="raw" data-raw="query"><?cs var:Notice.Query ?></pre><?cs /if ?><?cs
if:Notice.Body ?><h3><?cs var:Lang.money_page.body ?></h3><pre class="raw" data-raw="body"><?cs var:Notice.Body ?></pre><?cs /if ?><?cs
if:Notice.Headers ?><details><summary><?cs var:Lang.money_page.headers ?></summary><pre class="raw" data-raw="headers"><?cs var:Notice.Headers ?></pre></details><?cs /if ?></section><?cs
if:Notice.CanReplay || Notice.Waits ?><section class="box acts"><h2><?cs var:Lang.order_panel.acts ?></h2><?cs
if:Notice.CanReplay ?><form method="post" class="act stack" action="<?cs var:Page.Admin ?>/notices/<?cs var:Notice.Id ?>/replay"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs var:Lang.money_page.replay_hint ?></p><button class="btn btn-primary"><?cs var:Lang.money_page.replay ?></button></form><?cs /if ?><?cs
if:Notice.Waits ?><details class="act"<?cs if:F.reason.Error ?> open<?cs /if ?>><summary><?cs var:Lang.money_page.ignore ?></summary><form method="post" class="stack" action="<?cs var:Page.Admin ?>/notices/<?cs var:Notice.Id ?>/ignore"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs var:Lang.money_page.ignore_hint ?></p><div class="field"><label for="reason"><?cs var:Lang.act.reason ?></label><input class="input" id="reason" name="reason" maxlength="300" required value="<?cs var:F.reason.Value ?>"<?cs call:field_state("reason", F.reason) ?>><?cs call:field_error("reason", F.reason) ?></div><button class="btn"><?cs var:Lang.money_page.ignore ?></button></form></details><?cs /if ?></section><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
