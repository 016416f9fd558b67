<?cs #
  SPDX-License-Identifier: Apache-2.0
  A page of the shop: help, terms, privacy, about, contact.
  Content {Slug Title BodyHtml}  BodyHtml: the merchant's sanitised Markdown;
  "": our own text, Lang.page.<Slug>.text.N {h p}
?><?cs include:"layout/head.cs" ?>
<div class="shelf">
<nav class="rack" aria-label="<?cs var:Lang.nav.pages ?>"><ul><?cs each:p = Lang.page ?><li><a href="/<?cs var:p.slug ?>"<?cs if:p.slug == Content.Slug ?> aria-current="page"<?cs /if ?>><?cs var:p.title ?></a></li><?cs /each ?></ul></nav>
<article class="shelf-main prose"><h1><?cs var:Content.Title ?></h1><?cs
if:Content.BodyHtml ?><?cs uvar:Content.BodyHtml ?><?cs
else ?><?cs each:t = Lang.page[Content.Slug].text ?><?cs if:t.h ?><h2><?cs var:t.h ?></h2><?cs /if ?><p><?cs var:t.p ?></p><?cs /each ?><?cs /if ?></article>
</div>
<?cs include:"layout/foot.cs" ?>
