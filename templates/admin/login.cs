<?cs #
  SPDX-License-Identifier: Apache-2.0
  The panel's door: user name and password, then the code where one is
  enrolled (Login.Totp = 1).
  Login {Totp To Error Wait}  F.username.Value  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<div class="door"><section class="box stack"><h1><?cs var:Lang.admin.login ?></h1><?cs
if:Login.Error ?><p class="note note-bad" role="alert"><?cs call:fmt(Lang.admin_err[Login.Error], Login.Wait) ?></p><?cs /if ?>
<form method="post" action="<?cs var:Page.Admin ?><?cs if:Login.Totp ?>/login/code<?cs else ?>/login<?cs /if ?>" class="stack">
<input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="to" value="<?cs var:Login.To ?>"><?cs
if:Login.Totp ?>
<div class="field"><label for="totp"><?cs var:Lang.admin.code ?></label><input class="input mono" id="totp" name="totp" inputmode="numeric" autocomplete="one-time-code" maxlength="6" pattern="[0-9]{6}" required autofocus></div><?cs
else ?>
<div class="field"><label for="username"><?cs var:Lang.admin.username ?></label><input class="input" id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required value="<?cs var:F.username.Value ?>"></div>
<div class="field"><label for="password"><?cs var:Lang.admin.password ?></label><input class="input" id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required></div><?cs
/if ?>
<button class="btn btn-primary btn-block"><?cs var:Lang.admin.enter ?></button></form></section></div>
<?cs include:"layout/admin_foot.cs" ?>
