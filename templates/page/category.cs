<?cs #
  SPDX-License-Identifier: Apache-2.0
  One category.
  Page.* Shop.* as layout/head.cs; BodyHtml, or else the data part_category.cs
  lists.
?><?cs include:"layout/head.cs" ?><?cs
if:BodyHtml ?><?cs uvar:BodyHtml ?><?cs
else ?><?cs include:"page/part_category.cs" ?><?cs /if ?><?cs
include:"layout/foot.cs" ?>
