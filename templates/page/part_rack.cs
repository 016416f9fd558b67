<?cs #
  SPDX-License-Identifier: Apache-2.0
  The categories beside a list of goods: rendered once and kept, so it sees
  these, Lang and nothing else (view_home.c: view_rack() holds all of it).
  Categories.N {Slug Name Count Here}: the tree's top level
?><nav class="rack" aria-label="<?cs var:Lang.nav.categories ?>"><ul><?cs
each:c = Categories ?><li><a href="/c/<?cs var:c.Slug ?>"<?cs if:c.Here ?> aria-current="page"<?cs /if ?>><?cs var:c.Name ?> <span class="count"><?cs var:c.Count ?></span></a></li><?cs
/each ?></ul></nav>
