<?cs #
  SPDX-License-Identifier: Apache-2.0
  The tree of categories.  Categories.N {Id Parent Slug Name NameEn Products Hidden}
  Said (not_empty)  Csrf
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<div class="spread"><h1><?cs var:Lang.admin.categories ?></h1><a class="btn btn-primary" href="<?cs var:Page.Admin ?>/categories/new"><?cs var:Lang.goods_edit.new_category ?></a></div><?cs if:Said ?><p class="note note-warn" role="status"><?cs var:Lang.goods_edit.not_empty ?></p><?cs /if ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.goods_edit.name ?></th><th scope="col"><?cs var:Lang.goods_edit.slug ?></th><th scope="col" class="num"><?cs var:Lang.admin.products ?></th><th scope="col"></th></tr></thead><tbody><?cs
each:k = Categories ?><tr><td data-th="<?cs var:Lang.goods_edit.name ?>"><?cs if:k.Parent ?><span class="muted">└ </span><?cs /if ?><a href="<?cs var:Page.Admin ?>/categories/<?cs var:k.Id ?>"><?cs var:k.Name ?></a><?cs if:k.Hidden ?> <span class="badge"><?cs var:Lang.goods_edit.hidden ?></span><?cs /if ?></td><td class="mono" data-th="<?cs var:Lang.goods_edit.slug ?>"><?cs var:k.Slug ?></td><td class="num" data-th="<?cs var:Lang.admin.products ?>"><a href="<?cs var:Page.Admin ?>/products?category=<?cs var:k.Id ?>"><?cs var:k.Products ?></a></td><td class="num"><form method="post" action="<?cs var:Page.Admin ?>/categories/<?cs var:k.Id ?>/delete"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn btn-small btn-quiet"><?cs var:Lang.goods_edit.delete ?></button></form></td></tr><?cs /each ?></tbody></table></div>
<?cs include:"layout/admin_foot.cs" ?>
