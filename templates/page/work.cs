<?cs #
  SPDX-License-Identifier: Apache-2.0
  An order that lacked the work its goods ask for: nothing was ordered, and
  the form is sent again by the button.  No database is asked for this page.
  Work {Why (early crowded anew) FormToken Value Bits Wait Noscript}
    early: it was sent too soon; crowded: another order of this network has
    just bought by waiting; anew: another challenge is here; Wait: seconds
  Work.Fields.N {Name Value}
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<script src="<?cs var:Static.work_js ?>" defer></script>
<div class="pay"><section class="box pay-box">
<h1><?cs var:Lang.work.title ?></h1>
<div class="note note-warn" role="alert"><p><strong><?cs call:fmt(Lang.work.why[Work.Why], Work.Wait) ?></strong></p></div>
<p><?cs var:Lang.work.text ?></p>
<form class="stack" method="post" action="/order" data-once><input type="hidden" name="form_token" value="<?cs var:Work.FormToken ?>"><input type="hidden" name="work" value="<?cs var:Work.Value ?>"><?cs each:f = Work.Fields ?><input type="hidden" name="<?cs var:f.Name ?>" value="<?cs var:f.Value ?>"><?cs /each ?>
<?cs include:"page/part_work.cs" ?><button class="btn btn-primary btn-big btn-block" data-submit><?cs var:Lang.work.go ?></button></form>
<p class="hint"><?cs var:Lang.work.kept ?></p>
</section></div>
<?cs include:"layout/foot.cs" ?>
