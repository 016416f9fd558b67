<?cs #
  SPDX-License-Identifier: Apache-2.0
  A grid of goods.  Included by pages that are cached for everybody: nothing
  of one visitor.  Calls no macros.
  GoodsHtml: tiles (tile_goods.cs), one after the other
?><ul class="goods"><?cs uvar:GoodsHtml ?></ul>
