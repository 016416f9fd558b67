<?cs #
  SPDX-License-Identifier: Apache-2.0
  A page the merchant wrote: help, terms, privacy, about, contact.
  Content {Title BodyHtml (sanitised Markdown) Updated UpdatedIso}
  Shop.Pages.N {Slug Title Here}
?><?cs include:"layout/head.cs" ?>
<div class="shelf">
<nav class="rack" aria-label="<?cs var:Lang.nav.foot ?>"><ul><?cs each:p = Shop.Pages ?><li><a href="/<?cs var:p.Slug ?>"<?cs if:p.Here ?> aria-current="page"<?cs /if ?>><?cs var:p.Title ?></a></li><?cs /each ?></ul></nav>
<article class="shelf-main prose"><h1><?cs var:Content.Title ?></h1><?cs uvar:Content.BodyHtml ?><?cs
if:Content.Updated ?><p class="muted"><?cs var:Lang.content.updated ?> <time datetime="<?cs var:Content.UpdatedIso ?>"><?cs var:Content.Updated ?></time></p><?cs /if ?></article>
</div>
<?cs include:"layout/foot.cs" ?>
