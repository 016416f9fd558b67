<?cs #
  SPDX-License-Identifier: Apache-2.0
  One category; cached whole for everybody.
  Page.* Shop.* as layout/head.cs
  Category {Name Slug Summary Count} Crumbs.N {Name Slug} (parents, top first)
  RackHtml (part_rack.cs)
  Children.N {Slug Name Count} GoodsHtml Pager
  Sorts.N {Id Url Here}  Id: a key of Lang.sort
?><?cs include:"layout/head.cs" ?><div class="shelf">
<?cs uvar:RackHtml ?><div class="shelf-main">
<nav class="crumbs" aria-label="<?cs var:Lang.nav.crumbs ?>"><ol><li><a href="/"><?cs var:Lang.nav.home ?></a></li><?cs
each:c = Crumbs ?><li><a href="/c/<?cs var:c.Slug ?>"><?cs var:c.Name ?></a></li><?cs /each ?></ol></nav>
<h1><?cs var:Category.Name ?></h1><?cs
if:Category.Summary ?><p class="muted"><?cs var:Category.Summary ?></p><?cs /if ?><?cs
if:subcount(Children) ?>
<ul class="chips"><?cs each:c = Children ?><li><a href="/c/<?cs var:c.Slug ?>"><?cs var:c.Name ?> <span class="count"><?cs var:c.Count ?></span></a></li><?cs /each ?></ul><?cs /if ?><?cs
if:GoodsHtml ?>
<div class="sorts" role="group" aria-label="<?cs var:Lang.sort.label ?>"><?cs each:s = Sorts ?><a href="<?cs var:s.Url ?>"<?cs if:s.Here ?> aria-current="true"<?cs /if ?>><?cs var:Lang.sort[s.Id] ?></a><?cs /each ?></div>
<h2 class="sr-only"><?cs var:Lang.nav.goods ?></h2>
<?cs include:"page/part_goods.cs" ?><?cs include:"page/part_pager.cs" ?><?cs
else ?>
<p class="empty"><?cs var:Lang.category.empty ?></p><?cs /if ?>
</div>
</div>
<?cs include:"layout/foot.cs" ?>
