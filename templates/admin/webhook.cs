<?cs #
  SPDX-License-Identifier: Apache-2.0
  One receiver.  Hook {Id Address Version Fails Pause OldUntil} (empty: a new one)
  F.{url note active events}  Events.N {Name Key On}  Secret (shown once)
  Said (test off)  Conflict  admin/part_hook_log.cs  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<p class="back"><a href="<?cs var:Page.Admin ?>/webhooks"><?cs var:Lang.admin.webhooks ?></a></p>
<h1><?cs if:Hook.Id ?><span class="wrap"><?cs var:Hook.Address ?></span><?cs else ?><?cs var:Lang.webhook_page.add ?><?cs /if ?></h1><?cs
if:Conflict ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.conflict ?></p><?cs /if ?><?cs
if:F.Bad ?><p class="note note-bad" role="alert"><?cs var:Lang.goods_edit.look ?></p><?cs /if ?><?cs
if:Said ?><p class="note <?cs if:Said == "off" ?>note-bad<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.webhook_said[Said] ?></p><?cs /if ?><?cs
if:Secret ?><div class="note note-ok" role="status"><p><?cs var:Lang.webhook_page.secret ?></p><p><code class="mono wrap" data-secret><?cs var:Secret ?></code></p></div><?cs /if ?><?cs
if:Hook.Pause ?><p class="note note-bad"><?cs call:fmt(Lang.webhook_page.paused, Hook.Pause) ?></p><?cs /if ?>
<form class="box stack" method="post" action="<?cs var:Page.Admin ?>/webhooks/<?cs if:Hook.Id ?><?cs var:Hook.Id ?><?cs else ?>new<?cs /if ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="version" value="<?cs var:Hook.Version ?>">
<fieldset class="group"><legend><?cs var:Lang.webhook_page.receiver ?></legend><div class="field"><label for="url"><?cs var:Lang.webhook_page.url ?></label><input class="input mono" id="url" name="url" type="url" maxlength="500" required placeholder="https://" value="<?cs var:F.url.Value ?>"<?cs call:field_state("url", F.url) ?>><?cs call:field_error("url", F.url) ?></div>
<div class="field"><label for="note"><?cs var:Lang.webhook_page.note ?> <span class="optional"><?cs var:Lang.stock.optional ?></span></label><input class="input" id="note" name="note" type="text" maxlength="120" value="<?cs var:F.note.Value ?>"<?cs call:field_state("note", F.note) ?>><?cs call:field_error("note", F.note) ?></div></fieldset>
<fieldset class="group"><legend><?cs var:Lang.webhook_page.events ?></legend><?cs
if:F.events.Error ?><?cs call:field_error("events", F.events) ?><?cs /if ?><?cs
each:e = Events ?><label class="check"><input type="checkbox" name="on_<?cs var:e.Key ?>" value="1"<?cs if:e.On ?> checked<?cs /if ?><?cs call:field_state("events", F.events) ?>> <span class="mono"><?cs var:e.Name ?></span> <span class="muted"><?cs var:Lang.hook_event[e.Key] ?></span></label><?cs /each ?></fieldset>
<label class="check"><input type="checkbox" name="active" value="1"<?cs if:F.active.Value ?> checked<?cs /if ?>> <?cs var:Lang.webhook_page.active ?></label>
<div class="row form-end"><button class="btn btn-primary"><?cs var:Lang.goods_edit.save ?></button></div></form><?cs
if:Hook.Id ?><div class="row">
<form method="post" action="<?cs var:Page.Admin ?>/webhooks/<?cs var:Hook.Id ?>/test"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn"><?cs var:Lang.webhook_page.test ?></button></form>
<form method="post" action="<?cs var:Page.Admin ?>/webhooks/<?cs var:Hook.Id ?>/rotate"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="version" value="<?cs var:Hook.Version ?>"><button class="btn"><?cs var:Lang.webhook_page.rotate ?></button></form>
<form method="post" action="<?cs var:Page.Admin ?>/webhooks/<?cs var:Hook.Id ?>/remove"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="version" value="<?cs var:Hook.Version ?>"><button class="btn btn-danger"><?cs var:Lang.webhook_page.remove ?></button></form></div><p class="hint"><?cs var:Lang.webhook_page.rotate_hint ?><?cs if:Hook.OldUntil ?> <?cs call:fmt(Lang.webhook_page.old_until, Hook.OldUntil) ?><?cs /if ?></p><?cs
set:LogPath = Page.Admin + "/webhooks/" + Hook.Id ?><?cs include:"admin/part_hook_log.cs" ?><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
