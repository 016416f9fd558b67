<?cs #
  SPDX-License-Identifier: Apache-2.0
  The home page above its sections: rendered once and kept for everybody, so it
  sees these, Lang and nothing else (view_home.c: add_top() holds all of it).
  Page.* as layout/head.cs
  Shop.Name Shop.Notice (plain text, "" for none) Shop.Open
  Categories.N as part_rack.cs
?><?cs include:"layout/head.cs" ?><div class="sign"><div><h1><?cs var:Lang.home.sign ?></h1>
<ul class="pledges"><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#bolt"></use></svg><?cs var:Lang.home.pledge_fast ?></li><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#person"></use></svg><?cs var:Lang.home.pledge_guest ?></li><li><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#lock"></use></svg><?cs var:Lang.home.pledge_vault ?></li></ul></div><svg class="sign-key" viewBox="0 0 340 96" aria-hidden="true"><path fill-rule="evenodd" d="M36 8h36l26 24h230l12 14-12 14h-10l-7 8h-12l-8-8h-12l-12 12h-12l-12-12h-14l-6 6h-12l-6-6h-14l-14 14h-12l-12-14h-12l-8 9h-14l-7-9H98L72 88H36L12 64V32zm10 24-12 12v8l12 12h8l12-12v-8L54 32zm60 9v5h210v-5z"></path></svg></div>
<div class="shelf">
<?cs include:"page/part_rack.cs" ?><div class="shelf-main"><?cs
if:!Shop.Open ?>
<div class="note note-warn"><p><strong><?cs var:Lang.err.closed ?></strong></p></div><?cs /if ?><?cs
if:Shop.Notice ?>
<p class="note note-shop"><?cs var:Shop.Notice ?></p><?cs /if ?>