<?cs #
  SPDX-License-Identifier: Apache-2.0
  From </main> to the end.  Calls no macros.
  Page.Lang Page.Theme Page.ToParam
  Frame.FootHtml: all of it as it was rendered before (public pages)
?><?cs if:Frame.FootHtml ?><?cs uvar:Frame.FootHtml ?><?cs else ?></main>
<footer class="foot no-print">
<div class="foot-in">
<nav aria-label="<?cs var:Lang.nav.foot ?>"><ul class="foot-links"><li><a href="/help"><?cs var:Lang.page.help.title ?></a></li><li><a href="/terms"><?cs var:Lang.page.terms.title ?></a></li><li><a href="/privacy"><?cs var:Lang.page.privacy.title ?></a></li><li><a href="/about"><?cs var:Lang.page.about.title ?></a></li><li><a href="/contact"><?cs var:Lang.page.contact.title ?></a></li></ul></nav>
<div class="prefs"><div class="seg" role="group" aria-label="<?cs var:Lang.nav.theme ?>"><a rel="nofollow" href="/theme/auto?to=<?cs var:Page.ToParam ?>"<?cs if:Page.Theme == "auto" ?> aria-current="true"<?cs /if ?>><?cs var:Lang.nav.theme_auto ?></a><a rel="nofollow" href="/theme/light?to=<?cs var:Page.ToParam ?>"<?cs if:Page.Theme == "light" ?> aria-current="true"<?cs /if ?>><?cs var:Lang.nav.theme_light ?></a><a rel="nofollow" href="/theme/dark?to=<?cs var:Page.ToParam ?>"<?cs if:Page.Theme == "dark" ?> aria-current="true"<?cs /if ?>><?cs var:Lang.nav.theme_dark ?></a></div>
<div class="seg" role="group" aria-label="<?cs var:Lang.nav.language ?>"><a rel="nofollow" lang="zh-CN" hreflang="zh-CN" href="/lang/zh-CN?to=<?cs var:Page.ToParam ?>"<?cs if:Page.Lang == "zh-CN" ?> aria-current="true"<?cs /if ?>>中文</a><a rel="nofollow" lang="en" hreflang="en" href="/lang/en?to=<?cs var:Page.ToParam ?>"<?cs if:Page.Lang == "en" ?> aria-current="true"<?cs /if ?>>English</a></div></div>
</div>
</footer>
</body>
</html>
<?cs /if ?>