<?cs #
  SPDX-License-Identifier: Apache-2.0
  "Not now" about one SKU.  Rendered once and shown to many, so it holds
  nothing of a visitor: no token, no request id; the values of Fields are gaps
  that are filled for each.
  Light {Why (soldout notyet over) Name Slug Sku Retry Opens OpensAt}
    Retry = 1: a form was sent and comes back; Opens: when the sale begins,
    OpensAt as a UNIX time
  Light.Fields.N {Name Value}
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<nav class="crumbs" aria-label="<?cs var:Lang.nav.crumbs ?>"><ol><li><a href="/"><?cs var:Lang.nav.home ?></a></li><li><a href="/p/<?cs var:Light.Slug ?>"><?cs var:Light.Name ?></a></li></ol></nav>
<div class="stack"><h1><?cs var:Light.Name ?></h1>
<div class="note note-warn" role="alert"><p><strong><?cs var:Lang.light[Light.Why].title ?></strong></p><?cs
if:Light.Opens ?><p data-opens="<?cs var:Light.OpensAt ?>" data-text="<?cs var:Lang.light.left ?>"><?cs var:Light.Opens ?> <?cs var:Lang.product.opens ?></p><?cs /if ?>
<p><?cs var:Lang.light[Light.Why].more ?></p></div>
<form class="row" method="<?cs if:Light.Retry ?>post<?cs else ?>get<?cs /if ?>" action="<?cs if:Light.Retry ?>/order<?cs else ?>/checkout<?cs /if ?>" data-once><?cs
each:f = Light.Fields ?><input type="hidden" name="<?cs var:f.Name ?>" value="<?cs var:f.Value ?>"><?cs /each ?><?cs
if:!Light.Retry ?><input type="hidden" name="sku" value="<?cs var:Light.Sku ?>"><?cs /if ?><?cs
if:Light.Why != "over" ?><button class="btn btn-primary"><?cs var:Lang.light.again ?></button> <?cs /if ?><a class="btn" href="/p/<?cs var:Light.Slug ?>"><?cs call:icon("back") ?><?cs var:Lang.checkout.back ?></a> <a class="btn btn-quiet" href="/orders"><?cs var:Lang.nav.orders ?></a></form><?cs
if:Light.Retry ?><p class="hint"><?cs var:Lang.light.kept ?></p><?cs /if ?></div>
<?cs include:"layout/foot.cs" ?>
