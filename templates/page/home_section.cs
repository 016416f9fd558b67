<?cs #
  SPDX-License-Identifier: Apache-2.0
  A section of the home page up to its tiles: rendered once and kept, so it
  sees this, Lang and nothing else (view_home.c: add_head()).
  Section {Title Slug More}  Slug "": featured goods; More = 1: the category
    has more than shown
?>
<section class="section"><div class="section-head"><h2><?cs if:Section.Slug ?><a href="/c/<?cs var:Section.Slug ?>"><?cs var:Section.Title ?></a><?cs else ?><?cs var:Section.Title ?><?cs /if ?></h2><?cs
if:Section.More ?><a class="more" href="/c/<?cs var:Section.Slug ?>"><?cs var:Lang.home.more ?><span class="sr-only"> <?cs var:Section.Title ?></span></a><?cs /if ?></div>
<ul class="goods">