<?cs #
  SPDX-License-Identifier: Apache-2.0
  Words of mails, and the log.  Said (retry gone)  Kinds.N {Name OwnZh OwnEn}
  Mails.N {Id Kind Payload State Error Attempts Created Done}  Older  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.mail ?></h1><?cs
if:Said ?><p class="note <?cs if:Said == "gone" ?>note-bad<?cs else ?>note-ok<?cs /if ?>" role="status"><?cs var:Lang.mail_said[Said] ?></p><?cs /if ?>
<section class="box box-flush"><table class="table"><thead><tr><th scope="col"><?cs var:Lang.mail_page.kind ?></th><th scope="col">中文</th><th scope="col">English</th></tr></thead><tbody><?cs
each:k = Kinds ?><tr><td><?cs var:Lang.mail_kind[k.Name] ?></td><td><a href="<?cs var:Page.Admin ?>/mail/<?cs var:k.Name ?>/zh-CN"><?cs if:k.OwnZh ?><?cs var:Lang.mail_page.own ?><?cs else ?><?cs var:Lang.mail_page.default ?><?cs /if ?></a></td><td><a href="<?cs var:Page.Admin ?>/mail/<?cs var:k.Name ?>/en"><?cs if:k.OwnEn ?><?cs var:Lang.mail_page.own ?><?cs else ?><?cs var:Lang.mail_page.default ?><?cs /if ?></a></td></tr><?cs /each ?></tbody></table></section>
<h2><?cs var:Lang.mail_page.log ?></h2><?cs
if:subcount(Mails) ?><div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.outbox_page.what ?></th><th scope="col"><?cs var:Lang.filter.state ?></th><th scope="col"><?cs var:Lang.outbox_page.error ?></th><th scope="col"><?cs var:Lang.mail_page.at ?></th><th scope="col"></th></tr></thead><tbody><?cs
each:m = Mails ?><tr data-message="<?cs var:m.Id ?>"><td><span><?cs var:Lang.message_kind[m.Kind] ?> <?cs if:m.Kind == "mail_order" ?><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:m.Payload ?>"><?cs var:m.Payload ?></a><?cs else ?><span class="mono muted"><?cs var:m.Payload ?></span><?cs /if ?></span></td><td data-th="<?cs var:Lang.filter.state ?>"><span class="badge <?cs if:m.State == "done" ?>badge-ok<?cs elif:m.State == "dead" ?>badge-bad<?cs /if ?>"><?cs var:Lang.mail_state[m.State] ?></span></td><td data-th="<?cs var:Lang.outbox_page.error ?>"><?cs var:m.Error ?></td><td class="nowrap" data-th="<?cs var:Lang.mail_page.at ?>"><?cs if:m.Done ?><?cs var:m.Done ?><?cs else ?><?cs var:m.Created ?><?cs /if ?></td><td class="num"><?cs if:m.State != "due" ?><form method="post" action="<?cs var:Page.Admin ?>/mail/sent/<?cs var:m.Id ?>/again"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn btn-small"><?cs var:Lang.outbox_page.retry ?></button></form><?cs /if ?></td></tr><?cs /each ?></tbody></table></div><?cs
if:Older ?><p><a href="<?cs var:Page.Admin ?>/mail?below=<?cs var:Older ?>"><?cs var:Lang.webhook_page.older ?></a></p><?cs /if ?><?cs
else ?><p class="box empty"><?cs var:Lang.mail_page.none ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
