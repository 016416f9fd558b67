<?cs #
  SPDX-License-Identifier: Apache-2.0
  The home page below its sections, kept like home_top.cs.
  Page.* as layout/foot.cs
  Empty = 1: there were none
?><?cs if:Empty ?><p class="empty"><?cs var:Lang.home.empty ?></p><?cs /if ?>
</div>
</div>
<?cs include:"layout/foot.cs" ?>
