<?cs #
  SPDX-License-Identifier: Apache-2.0
  A grid of goods.  Included by pages that are cached for everybody: nothing
  of one visitor.  Calls no macros.
  Goods.N {Slug Name Picture Price From Stock Left Tags.N {Name}}
    Picture: drawn 16 : 10.  Price: formatted, of the cheapest SKU; From = 1:
    there are dearer ones.
    Stock: in low out, "" when the shop hides it; Left: a count or range to
    print, "" when the shop does not tell.
?><ul class="goods"><?cs each:g = Goods ?><li class="good<?cs if:g.Stock == "out" ?> good-out<?cs /if ?>">
<img src="<?cs var:g.Picture ?>" alt="" width="320" height="200" loading="lazy" decoding="async">
<div class="good-text"><h3><a href="/p/<?cs var:g.Slug ?>"><?cs var:g.Name ?></a></h3><?cs
if:subcount(g.Tags) ?><p class="tags"><?cs each:t = g.Tags ?><span class="badge"><?cs var:t.Name ?></span> <?cs /each ?></p><?cs /if ?>
<p class="good-foot"><span class="price"><?cs var:g.Price ?><?cs if:g.From ?><small><?cs var:Lang.goods.from ?></small><?cs /if ?></span><?cs
if:g.Stock ?><span class="stock stock-<?cs var:g.Stock ?>"><?cs
if:g.Stock == "out" ?><?cs var:Lang.goods.out ?><?cs
elif:g.Left ?><?cs var:Lang.goods.left ?> <?cs var:g.Left ?><?cs
elif:g.Stock == "low" ?><?cs var:Lang.goods.low ?><?cs
else ?><?cs var:Lang.goods.in ?><?cs /if ?></span><?cs /if ?></p></div>
</li><?cs /each ?></ul>
