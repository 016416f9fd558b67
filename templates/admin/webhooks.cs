<?cs #
  SPDX-License-Identifier: Apache-2.0
  Receivers of events and the log.  Said (saved removed again gone)
  Hooks.N {Id Address Note Active Due Dead Fails Pause}
  admin/part_hook_log.cs  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<div class="spread"><h1><?cs var:Lang.admin.webhooks ?></h1><a class="btn btn-primary" href="<?cs var:Page.Admin ?>/webhooks/new"><?cs var:Lang.webhook_page.add ?></a></div><p class="muted"><?cs var:Lang.webhook_page.hint ?></p><?cs
if:Said ?><p class="note <?cs if:Said == "gone" ?>note-bad<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.webhook_said[Said] ?></p><?cs /if ?><?cs
if:subcount(Hooks) ?><div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.webhook_page.url ?></th><th scope="col"><?cs var:Lang.filter.state ?></th><th scope="col" class="num"><?cs var:Lang.hook_state.due ?></th><th scope="col" class="num"><?cs var:Lang.hook_state.dead ?></th></tr></thead><tbody><?cs
each:h = Hooks ?><tr><td><span><a class="wrap" href="<?cs var:Page.Admin ?>/webhooks/<?cs var:h.Id ?>"><?cs var:h.Address ?></a> <span class="muted"><?cs var:h.Note ?></span></span></td><td data-th="<?cs var:Lang.filter.state ?>"><?cs
if:!h.Active ?><span class="badge"><?cs var:Lang.channel_edit.is_off ?></span><?cs
elif:h.Fails ?><span class="badge badge-bad"><?cs var:Lang.webhook_page.failing ?></span><?cs
else ?><span class="badge badge-ok"><?cs var:Lang.channel_edit.is_on ?></span><?cs /if ?></td><td class="num" data-th="<?cs var:Lang.hook_state.due ?>"><?cs var:h.Due ?></td><td class="num" data-th="<?cs var:Lang.hook_state.dead ?>"><?cs var:h.Dead ?></td></tr><?cs /each ?></tbody></table></div><?cs
else ?><p class="box empty"><?cs var:Lang.webhook_page.none ?></p><?cs /if ?><?cs
set:LogPath = Page.Admin + "/webhooks" ?><?cs include:"admin/part_hook_log.cs" ?>
<?cs include:"layout/admin_foot.cs" ?>
