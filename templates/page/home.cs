<?cs #
  SPDX-License-Identifier: Apache-2.0
  The home page.
  Page.* Shop.* as layout/head.cs; BodyHtml: part_home already rendered and
  cached, or else the data part_home.cs lists.
?><?cs include:"layout/head.cs" ?><?cs
if:BodyHtml ?><?cs uvar:BodyHtml ?><?cs
else ?><?cs include:"page/part_home.cs" ?><?cs /if ?><?cs
include:"layout/foot.cs" ?>
