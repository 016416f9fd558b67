<?cs #
  SPDX-License-Identifier: Apache-2.0
  One product; /p/{slug} is cacheable, the form leads to /checkout by GET.
  Page.* Shop.* as layout/head.cs; BodyHtml, or else the data part_product.cs
  lists.
?><?cs include:"layout/head.cs" ?><?cs
if:BodyHtml ?><?cs uvar:BodyHtml ?><?cs
else ?><?cs include:"page/part_product.cs" ?><?cs /if ?><?cs
include:"layout/foot.cs" ?>
