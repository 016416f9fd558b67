<?cs #
  SPDX-License-Identifier: Apache-2.0
  Who did what.  Audit.N {Seq At Actor Action Object Address Detail}  Pager
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.audit ?></h1><p class="muted"><?cs var:Lang.audit_page.hint ?></p>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col" class="num">#</th><th scope="col"><?cs var:Lang.audit_page.at ?></th><th scope="col"><?cs var:Lang.audit_page.who ?></th><th scope="col"><?cs var:Lang.audit_page.what ?></th><th scope="col"><?cs var:Lang.audit_page.detail ?></th></tr></thead><tbody><?cs
each:a = Audit ?><tr><td class="num mono" data-th="#"><?cs var:a.Seq ?></td><td class="nowrap" data-th="<?cs var:Lang.audit_page.at ?>"><?cs var:a.At ?></td><td data-th="<?cs var:Lang.audit_page.who ?>"><span><?cs var:a.Actor ?> <span class="muted mono"><?cs var:a.Address ?></span></span></td><td data-th="<?cs var:Lang.audit_page.what ?>"><span><b class="mono"><?cs var:a.Action ?></b> <span class="mono muted"><?cs var:a.Object ?></span></span></td><td data-th="<?cs var:Lang.audit_page.detail ?>"><?cs var:a.Detail ?></td></tr><?cs /each ?></tbody></table></div><?cs include:"page/part_pager.cs" ?>
<?cs include:"layout/admin_foot.cs" ?>
