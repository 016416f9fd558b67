<?cs #
  SPDX-License-Identifier: Apache-2.0
  Search results.
  Search {Text Count}  Text "": nothing was asked yet
  F.q.Error: the text could not be read; a key of Lang.err
  GoodsHtml (part_goods.cs) Pager (part_pager.cs)
  Categories.N {Slug Name Count}: a way on when nothing was found
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<div class="column">
<h1><?cs if:Search.Text ?><?cs call:fmt(Lang.search.title_for, Search.Text) ?><?cs else ?><?cs var:Lang.search.title ?><?cs /if ?></h1>
<p class="muted" role="status"><?cs
if:F.q.Error ?><?cs var:Lang.err[F.q.Error] ?><?cs
elif:Search.Text ?><?cs if:Search.Count > #0 ?><?cs call:fmt(Lang.search.found, Search.Count) ?><?cs else ?><?cs var:Lang.search.none ?><?cs /if ?><?cs
else ?><?cs var:Lang.search.ask ?><?cs /if ?></p>
<?cs if:GoodsHtml ?><h2 class="sr-only"><?cs var:Lang.nav.goods ?></h2><?cs include:"page/part_goods.cs" ?><?cs include:"page/part_pager.cs" ?><?cs
else ?><div class="empty"><p><?cs var:Lang.search.try ?></p>
<ul class="chips"><?cs each:c = Categories ?><li><a href="/c/<?cs var:c.Slug ?>"><?cs var:c.Name ?> <span class="count"><?cs var:c.Count ?></span></a></li><?cs /each ?></ul></div><?cs /if ?>
</div>
<?cs include:"layout/foot.cs" ?>
