<?cs #
  SPDX-License-Identifier: Apache-2.0
  One statement: what it says and what differs.
  Statement {Id Name Format State Channel Lines Bad Created From Until}
  Tally {same missing amount state absent other open resolved}
  Shows.N {Name On}
  Rows.N {Id Line Kind Result Txn No OrderNo At There Here Note CanApply}  Pager
  Said  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/reconcile"><?cs var:Lang.admin.reconcile ?></a></p>
<div class="spread"><h1><?cs var:Statement.Channel ?> · <?cs var:Statement.From ?><?cs if:Statement.Until != Statement.From ?> – <?cs var:Statement.Until ?><?cs /if ?></h1><span class="badge <?cs if:Statement.State == "refused" ?>badge-bad<?cs elif:Statement.State == "compared" ?>badge-ok<?cs else ?>badge-accent<?cs /if ?>" data-state="<?cs var:Statement.State ?>"><?cs var:Lang.statement_state[Statement.State] ?></span></div><?cs
if:Said ?><p class="note <?cs if:Said == "refused" || Said == "late" || Said == "held" || Said == "rejected" || Said == "failed" ?>note-warn<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.statement_said[Said] ?></p><?cs /if ?>
<p class="muted"><?cs if:Statement.Name ?><?cs var:Statement.Name ?> · <?cs /if ?><?cs var:Lang.statement_format[Statement.Format] ?> · <?cs var:Statement.Created ?></p>
<section class="box"><h2><?cs var:Lang.stock.report ?></h2><dl class="report">
<div class="report-added"><dt><?cs var:Lang.statement_result.same ?></dt><dd data-count="same"><?cs var:Tally.same ?></dd></div>
<div><dt><?cs var:Lang.statement_result.missing ?></dt><dd data-count="missing"><?cs var:Tally.missing ?></dd></div>
<div><dt><?cs var:Lang.statement_result.absent ?></dt><dd data-count="absent"><?cs var:Tally.absent ?></dd></div>
<div><dt><?cs var:Lang.statement_result.amount ?></dt><dd data-count="amount"><?cs var:Tally.amount ?></dd></div>
<div><dt><?cs var:Lang.statement_result.state ?></dt><dd data-count="state"><?cs var:Tally.state ?></dd></div>
<div><dt><?cs var:Lang.statement_result.other ?></dt><dd data-count="other"><?cs var:Tally.other ?></dd></div>
<div><dt><?cs var:Lang.statement_result.bad ?></dt><dd data-count="bad"><?cs var:Statement.Bad ?></dd></div>
<div><dt><?cs var:Lang.reconcile.resolved ?></dt><dd data-count="resolved"><?cs var:Tally.resolved ?></dd></div></dl></section><?cs
if:Statement.State == "open" ?><form method="post" action="<?cs var:Page.Admin ?>/reconcile/<?cs var:Statement.Id ?>/compare"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn btn-primary"><?cs var:Lang.reconcile.compare ?></button></form><?cs /if ?><?cs
if:Statement.State == "compared" ?><p class="sums"><?cs each:s = Shows ?><?cs if:s.On ?><b><?cs var:Lang.reconcile[s.Name] ?></b><?cs else ?><a href="<?cs var:Page.Admin ?>/reconcile/<?cs var:Statement.Id ?>?show=<?cs var:s.Name ?>"><?cs var:Lang.reconcile[s.Name] ?></a><?cs /if ?> <?cs /each ?></p><?cs /if ?><?cs
if:subcount(Rows) ?><section class="box"><ul class="rows"><?cs each:r = Rows ?><li data-line="<?cs var:r.Line ?>" data-result="<?cs var:r.Result ?>"><span class="spread"><b><?cs var:Lang.statement_result[r.Result] ?></b><span class="muted"><?cs if:r.Line > #0 ?><?cs call:fmt(Lang.reconcile.line, r.Line) ?><?cs /if ?></span></span><?cs
if:r.Kind == "bad" ?><span><?cs var:Lang.statement_bad[r.Note] ?></span><?cs else ?><span><?cs if:r.There ?><?cs var:Lang.reconcile.there ?> <b><?cs var:r.There ?></b> <?cs /if ?><?cs if:r.Here ?><?cs var:Lang.reconcile.here ?> <b><?cs var:r.Here ?></b> <?cs /if ?><span class="muted"><?cs var:r.At ?></span></span><span class="mono small"><?cs var:r.Txn ?></span><?cs
if:r.No ?><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:r.No ?>"><?cs var:r.No ?></a><?cs elif:r.OrderNo ?><span class="mono muted"><?cs var:r.OrderNo ?></span><?cs /if ?><?cs
if:r.Note ?><span class="muted"><?cs var:r.Note ?></span><?cs else ?><details class="act"><summary><?cs var:Lang.reconcile.resolve ?></summary><form method="post" class="stack" action="<?cs var:Page.Admin ?>/reconcile/lines/<?cs var:r.Id ?>/resolve"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><div class="field"><label for="reason-<?cs var:r.Id ?>"><?cs var:Lang.act.reason ?></label><input class="input" id="reason-<?cs var:r.Id ?>" name="reason" maxlength="300" required></div><button class="btn"><?cs var:Lang.reconcile.resolve ?></button></form></details><?cs
if:r.CanApply ?><details class="act"><summary><?cs var:Lang.reconcile.apply ?></summary><form method="post" class="stack" action="<?cs var:Page.Admin ?>/reconcile/lines/<?cs var:r.Id ?>/apply"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="hint"><?cs var:Lang.reconcile.apply_hint ?></p><div class="field"><label for="apply-<?cs var:r.Id ?>"><?cs var:Lang.act.reason ?></label><input class="input" id="apply-<?cs var:r.Id ?>" name="reason" maxlength="300" required></div><label class="check"><input type="checkbox" name="sure" value="1" required> <?cs var:Lang.reconcile.sure ?></label><button class="btn btn-danger"><?cs var:Lang.reconcile.apply ?></button></form></details><?cs /if ?><?cs /if ?><?cs /if ?></li><?cs /each ?></ul></section><?cs include:"page/part_pager.cs" ?><?cs
elif:Statement.State == "compared" ?><p class="box empty"><?cs var:Lang.reconcile.none ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
