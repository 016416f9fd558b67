<?cs #
  SPDX-License-Identifier: Apache-2.0
  Enrolling a second factor.  Totp {Secret QrHtml (our own SVG) Error}  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<div class="door"><section class="box stack"><h1><?cs var:Lang.account.totp ?></h1><?cs if:Totp.Error ?><p class="note note-bad" role="alert"><?cs var:Lang.admin_err[Totp.Error] ?></p><?cs /if ?><?cs if:Totp.QrHtml ?><div class="qr"><?cs uvar:Totp.QrHtml ?></div><?cs /if ?><p><?cs var:Lang.account.totp_scan ?></p><p class="mono"><?cs var:Totp.Secret ?></p><form class="stack" method="post" action="<?cs var:Page.Admin ?>/account/totp/confirm"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="secret" value="<?cs var:Totp.Secret ?>"><div class="field"><label for="totp"><?cs var:Lang.admin.code ?></label><input class="input mono" id="totp" name="totp" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required></div><button class="btn btn-primary btn-block"><?cs var:Lang.account.totp_confirm ?></button></form></section></div>
<?cs include:"layout/admin_foot.cs" ?>
