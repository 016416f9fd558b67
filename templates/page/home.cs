<?cs #
  SPDX-License-Identifier: Apache-2.0
  The home page; cached whole for everybody, so nothing of one visitor.
  Page.* as layout/head.cs
  Shop.Name Shop.Notice (plain text, "" for none) Shop.Open
  Categories.N {Slug Name Count}
  Sections.N {Title Slug More GoodsHtml}  Slug "": featured goods;
    More = 1: the category has more than shown
?><?cs include:"layout/head.cs" ?><div class="sign"><div><h1><?cs var:Lang.home.sign ?></h1>
<ul class="pledges"><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#bolt"></use></svg><?cs var:Lang.home.pledge_fast ?></li><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#person"></use></svg><?cs var:Lang.home.pledge_guest ?></li><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#lock"></use></svg><?cs var:Lang.home.pledge_vault ?></li></ul></div><svg class="sign-key" viewBox="0 0 340 96" aria-hidden="true"><path fill-rule="evenodd" d="M36 8h36l26 24h230l12 14-12 14h-10l-7 8h-12l-8-8h-12l-12 12h-12l-12-12h-14l-6 6h-12l-6-6h-14l-14 14h-12l-12-14h-12l-8 9h-14l-7-9H98L72 88H36L12 64V32zm10 24-12 12v8l12 12h8l12-12v-8L54 32zm60 9v5h210v-5z"></path></svg></div>
<div class="shelf">
<nav class="rack" aria-label="<?cs var:Lang.nav.categories ?>"><ul><?cs
each:c = Categories ?><li><a href="/c/<?cs var:c.Slug ?>"><?cs var:c.Name ?> <span class="count"><?cs var:c.Count ?></span></a></li><?cs
/each ?></ul></nav>
<div class="shelf-main"><?cs
if:!Shop.Open ?>
<div class="note note-warn"><p><strong><?cs var:Lang.err.closed ?></strong></p></div><?cs /if ?><?cs
if:Shop.Notice ?>
<p class="note note-shop"><?cs var:Shop.Notice ?></p><?cs /if ?><?cs
each:s = Sections ?>
<section class="section"><div class="section-head"><h2><?cs if:s.Slug ?><a href="/c/<?cs var:s.Slug ?>"><?cs var:s.Title ?></a><?cs else ?><?cs var:s.Title ?><?cs /if ?></h2><?cs
if:s.More ?><a class="more" href="/c/<?cs var:s.Slug ?>"><?cs var:Lang.home.more ?><span class="sr-only"> <?cs var:s.Title ?></span></a><?cs /if ?></div>
<?cs with:GoodsHtml = s.GoodsHtml ?><?cs include:"page/part_goods.cs" ?><?cs /with ?></section><?cs
/each ?><?cs
if:subcount(Sections) == #0 ?><p class="empty"><?cs var:Lang.home.empty ?></p><?cs /if ?>
</div>
</div>
<?cs include:"layout/foot.cs" ?>
