<?cs #
  SPDX-License-Identifier: Apache-2.0
  The words of one mail.  Edit {Kind Lang Own}  F.{subject body to}
  Preview {Subject Body}  Said (saved reset test)  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?><?cs
set:own = Page.Admin + "/mail/" + Edit.Kind + "/" + Edit.Lang ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/mail"><?cs var:Lang.admin.mail ?></a></p>
<h1><?cs var:Lang.mail_kind[Edit.Kind] ?> <span class="muted mono"><?cs var:Edit.Lang ?></span></h1><?cs
if:Said ?><p class="note note-ok" role="status"><?cs var:Lang.mail_said[Said] ?></p><?cs /if ?><?cs
if:F.Bad ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.look ?></p><?cs /if ?>
<form class="box stack" method="post" action="<?cs var:own ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<div class="field"><label for="subject"><?cs var:Lang.mail_page.subject ?></label><input class="input" id="subject" name="subject" type="text" maxlength="120" required value="<?cs var:F.subject.Value ?>"<?cs call:field_state("subject", F.subject) ?>><?cs call:field_error("subject", F.subject) ?></div>
<div class="field"><label for="body"><?cs var:Lang.mail_page.body ?></label><textarea class="input" id="body" name="body" rows="8" required<?cs call:field_state("body", F.body) ?>><?cs var:F.body.Value ?></textarea><p class="hint"><?cs var:Lang.mail_page.hint ?> <span class="mono">{shop} {order_no} {amount}<?cs if:Edit.Kind == "refund" ?> {refund_amount} {how}<?cs /if ?></span></p><?cs call:field_error("body", F.body) ?></div>
<div class="row form-end"><button class="btn btn-primary"><?cs var:Lang.goods_edit.save ?></button><button class="btn" name="preview" value="1"><?cs var:Lang.mail_page.preview ?></button><?cs if:Edit.Own ?><button class="btn" name="reset" value="1" formnovalidate><?cs var:Lang.mail_page.reset ?></button><?cs /if ?></div></form><?cs
if:Preview.Subject ?><section class="box stack" data-preview><h2><?cs var:Lang.mail_page.preview ?></h2><p><b><?cs var:Preview.Subject ?></b></p><pre class="wrap"><?cs var:Preview.Body ?></pre><p class="hint"><?cs var:Lang.mail_page.frame ?></p></section><?cs /if ?>
<form class="box filter" method="post" action="<?cs var:own ?>/test"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><div><label for="to"><?cs var:Lang.mail_page.to ?></label><input class="input" id="to" name="to" type="email" maxlength="190" required value="<?cs var:F.to.Value ?>"<?cs call:field_state("to", F.to) ?>><?cs call:field_error("to", F.to) ?></div><button class="btn"><?cs var:Lang.mail_page.test ?></button></form>
<?cs include:"layout/admin_foot.cs" ?>
