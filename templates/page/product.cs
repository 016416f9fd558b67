<?cs #
  SPDX-License-Identifier: Apache-2.0
  One product; cached whole for everybody, so its form holds no token and
  leads to /checkout by GET.
  Page.* Shop.* as layout/head.cs
  Product {Name Slug Picture Summary DescriptionHtml
    Delivery (auto manual) State (on; out: all SKUs are; closed: no SKU is in
    its sale window)}  Product.Tags.N {Name}  Crumbs.N {Name Slug}
  Skus.N {Id Name Price Minor Stock Left Min Max Here Closed Opens OpensAt
    Over
    Tiers.N {Qty Price Minor}}
    Minor: in minor units, for the script's total only; Here: chosen; Max: the
    most one order may have now; Closed = 1: cannot be bought now; Opens: when
    its sale begins, OpensAt as a UNIX time; Over = 1: it has ended; Stock Left as tile_goods.cs
  Limits {Min Max}  of the chosen SKU
  Money {Pattern Scale}  "¥{}" and 2: how the script writes a total
  RelatedHtml: GoodsHtml of part_goods.cs
?><?cs include:"layout/head.cs" ?><nav class="crumbs" aria-label="<?cs var:Lang.nav.crumbs ?>"><ol><li><a href="/"><?cs var:Lang.nav.home ?></a></li><?cs
each:c = Crumbs ?><li><a href="/c/<?cs var:c.Slug ?>"><?cs var:c.Name ?></a></li><?cs /each ?></ol></nav>
<div class="product">
<div class="product-art"><img src="<?cs var:Product.Picture ?>" alt="" width="640" height="400"></div>
<div class="product-head">
<h1><?cs var:Product.Name ?></h1><?cs
if:Product.Summary ?><p class="summary"><?cs var:Product.Summary ?></p><?cs /if ?>
<p class="tags"><?cs
if:Product.Delivery == "auto" ?><span class="badge badge-ok"><?cs var:Lang.product.auto ?></span><?cs
else ?><span class="badge badge-info"><?cs var:Lang.product.manual ?></span><?cs /if ?> <?cs
each:t = Product.Tags ?><span class="badge"><?cs var:t.Name ?></span> <?cs /each ?></p>
</div>
<form class="buy" method="get" action="/checkout" data-buy data-pattern="<?cs var:Money.Pattern ?>" data-scale="<?cs var:Money.Scale ?>">
<fieldset class="skus"><legend class="label"><?cs var:Lang.product.sku ?></legend><?cs
each:s = Skus ?><label class="sku<?cs if:s.Closed ?> sku-out<?cs /if ?>"><input type="radio" name="sku" value="<?cs var:s.Id ?>" required<?cs
if:s.Here && !s.Closed ?> checked<?cs /if ?><?cs if:s.Closed ?> disabled<?cs /if ?> data-minor="<?cs var:s.Minor ?>" data-min="<?cs var:s.Min ?>" data-max="<?cs var:s.Max ?>" data-tiers="<?cs
each:t = s.Tiers ?><?cs var:t.Qty ?>:<?cs var:t.Minor ?> <?cs /each ?>"><span class="sku-name"><?cs var:s.Name ?></span><span class="sku-price"><?cs var:s.Price ?></span><?cs
if:s.Opens ?><span class="stock stock-out" data-opens="<?cs var:s.OpensAt ?>" data-text="<?cs var:Lang.light.left ?>"><?cs var:s.Opens ?> <?cs var:Lang.product.opens ?></span><?cs
elif:s.Over ?><span class="stock stock-out"><?cs var:Lang.product.over ?></span><?cs
elif:s.Stock ?><span class="stock stock-<?cs var:s.Stock ?>"><?cs
if:s.Stock == "out" ?><?cs var:Lang.goods.out ?><?cs
elif:s.Left ?><?cs var:Lang.goods.left ?> <?cs var:s.Left ?><?cs
elif:s.Stock == "low" ?><?cs var:Lang.goods.low ?><?cs
else ?><?cs var:Lang.goods.in ?><?cs /if ?></span><?cs /if ?></label><?cs
/each ?></fieldset><?cs
each:s = Skus ?><?cs if:subcount(s.Tiers) ?>
<div class="tiers" data-tiers-of="<?cs var:s.Id ?>"><p><?cs var:Lang.product.tiers ?><span> · <?cs var:s.Name ?></span></p><ul><?cs
each:t = s.Tiers ?><li>≥ <?cs var:t.Qty ?> <b><?cs var:t.Price ?></b></li><?cs /each ?></ul></div><?cs /if ?><?cs
/each ?><?cs
if:Product.State == "out" ?>
<div class="note note-warn"><p><strong><?cs var:Lang.product.out ?></strong></p><p><?cs var:Lang.product.out_more ?></p></div><?cs
elif:Product.State == "closed" ?>
<div class="note note-warn"><p><strong><?cs var:Lang.product.closed ?></strong></p></div><?cs
else ?>
<div class="buy-foot"><div class="field"><label for="qty"><?cs var:Lang.product.qty ?></label><div class="stepper" data-stepper data-less="<?cs var:Lang.product.less ?>" data-more="<?cs var:Lang.product.more ?>"><input class="input" id="qty" name="qty" type="number" inputmode="numeric" value="<?cs var:Limits.Min ?>" min="<?cs var:Limits.Min ?>" max="<?cs var:Limits.Max ?>" step="1" required></div></div>
<p class="total" data-total hidden aria-live="polite"><span class="muted"><?cs var:Lang.product.total ?></span> <output for="qty"></output></p>
<button class="btn btn-primary btn-big btn-block"><?cs var:Lang.product.buy ?></button></div>
<p class="hint" data-limits><?cs if:Limits.Max ?><?cs var:Lang.product.limit ?> <span data-limit-min><?cs var:Limits.Min ?></span>–<span data-limit-max><?cs var:Limits.Max ?></span> · <?cs /if ?><?cs var:Lang.product.next ?></p><?cs /if ?>
<ul class="pledges"><?cs if:Product.Delivery == "auto" ?><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#bolt"></use></svg><?cs var:Lang.product.pledge_auto ?></li><?cs
else ?><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#clock"></use></svg><?cs var:Lang.product.pledge_manual ?></li><?cs /if ?><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#mail"></use></svg><?cs var:Lang.product.pledge_find ?></li></ul>
</form>
<div class="product-text prose"><h2><?cs var:Lang.product.about ?></h2>
<?cs if:Product.DescriptionHtml ?><?cs uvar:Product.DescriptionHtml ?><?cs else ?><p class="muted"><?cs var:Lang.product.no_text ?></p><?cs /if ?></div>
</div><?cs
if:RelatedHtml ?>
<section class="section"><div class="section-head"><h2><?cs var:Lang.product.related ?></h2></div>
<?cs with:GoodsHtml = RelatedHtml ?><?cs include:"page/part_goods.cs" ?><?cs /with ?></section><?cs /if ?>
<?cs include:"layout/foot.cs" ?>
