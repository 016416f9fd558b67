<?cs #
  SPDX-License-Identifier: Apache-2.0
  Everything down to <main>.  Calls no macros.
  Page.Lang Page.Theme (auto light dark) Page.Title Page.Description
  Page.Canonical Page.NoIndex Page.Refresh (seconds, only without script)
  Page.Wide (no column limit) Page.ToParam (this path, URL escaped)
  Page.Nav (home orders) Page.Query (text in the search field)
  Shop.Name (empty on an error page of a broken shop)  Static.*  Lang.*
  Frame.HeadHtml: all of it as it was rendered before (public pages)
?><?cs if:Frame.HeadHtml ?><?cs uvar:Frame.HeadHtml ?><?cs else ?><!doctype html>
<html lang="<?cs var:Page.Lang ?>" data-theme="<?cs var:Page.Theme ?>">
<head>
<meta charset="utf-8">
<title><?cs if:Page.Title ?><?cs var:Page.Title ?><?cs if:Shop.Name ?> · <?cs /if ?><?cs /if ?><?cs var:Shop.Name ?></title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#12161d"><?cs
if:Page.Description ?>
<meta name="description" content="<?cs var:Page.Description ?>"><?cs /if ?><?cs
if:Page.NoIndex ?>
<meta name="robots" content="noindex"><?cs /if ?><?cs
if:Page.Canonical ?>
<link rel="canonical" href="<?cs var:Page.Canonical ?>"><?cs /if ?><?cs
if:Page.Refresh ?>
<noscript><meta http-equiv="refresh" content="<?cs var:Page.Refresh ?>"></noscript><?cs /if ?>
<link rel="stylesheet" href="<?cs var:Static.base_css ?>">
<link rel="stylesheet" href="<?cs var:Static.shop_css ?>">
<link rel="icon" type="image/svg+xml" href="<?cs var:Static.favicon_svg ?>">
<script src="<?cs var:Static.shop_js ?>" defer></script>
</head>
<body>
<a class="skip" href="#main"><?cs var:Lang.nav.skip ?></a>
<header class="band no-print">
<div class="bar">
<a class="brand" href="/"<?cs if:Page.Nav == "home" ?> aria-current="page"<?cs /if ?>><img src="<?cs var:Static.logo_svg ?>" alt="" width="34" height="34"><span><?cs if:Shop.Name ?><?cs var:Shop.Name ?><?cs else ?>Keystall<?cs /if ?></span></a>
<form class="find" role="search" action="/search"><label class="sr-only" for="q"><?cs var:Lang.nav.search_label ?></label><input id="q" name="q" type="search" maxlength="100" autocomplete="off" placeholder="<?cs var:Lang.nav.search_hint ?>" value="<?cs var:Page.Query ?>"><button aria-label="<?cs var:Lang.nav.search ?>"><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#search"></use></svg></button></form>
<nav class="tools" aria-label="<?cs var:Lang.nav.tools ?>"><a href="/orders"<?cs if:Page.Nav == "orders" ?> aria-current="page"<?cs /if ?>><svg class="icon" aria-hidden="true"><use href="<?cs var:Static.icons_svg ?>#order"></use></svg><?cs var:Lang.nav.orders ?></a></nav>
</div>
</header>
<main id="main" tabindex="-1">
<?cs /if ?>