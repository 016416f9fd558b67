<?cs #
  SPDX-License-Identifier: Apache-2.0
  One of the goods in a grid: rendered once and kept, so it sees Good.*, Lang
  and Static and nothing else (view_tile.c: tile_key() holds all of it).
  Good {Slug Name Picture Price From Stock Left Tags.N {Name}}
    Picture: drawn 16 : 10.  Price: formatted, of the cheapest SKU; From = 1:
    there are dearer ones.
    Stock: in low out, "" when the shop hides it; Left: a count or range to
    print, "" when the shop does not tell.
?><li class="good<?cs if:Good.Stock == "out" ?> good-out<?cs /if ?>">
<img src="<?cs var:Good.Picture ?>" alt="" width="320" height="200" loading="lazy" decoding="async">
<div class="good-text"><h3><a href="/p/<?cs var:Good.Slug ?>"><?cs var:Good.Name ?></a></h3><?cs
if:subcount(Good.Tags) ?><p class="tags"><?cs each:t = Good.Tags ?><span class="badge"><?cs var:t.Name ?></span> <?cs /each ?></p><?cs /if ?>
<p class="good-foot"><span class="price"><?cs var:Good.Price ?><?cs if:Good.From ?><small><?cs var:Lang.goods.from ?></small><?cs /if ?></span><?cs
if:Good.Stock ?><span class="stock stock-<?cs var:Good.Stock ?>"><?cs
if:Good.Stock == "out" ?><?cs var:Lang.goods.out ?><?cs
elif:Good.Left ?><?cs var:Lang.goods.left ?> <?cs var:Good.Left ?><?cs
elif:Good.Stock == "low" ?><?cs var:Lang.goods.low ?><?cs
else ?><?cs var:Lang.goods.in ?><?cs /if ?></span><?cs /if ?></p></div>
</li>
