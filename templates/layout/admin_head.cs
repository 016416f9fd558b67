<?cs #
  SPDX-License-Identifier: Apache-2.0
  The panel down to <main>.  Calls no macros.
  Page.Lang Page.Theme Page.Title Page.Admin (prefix) Page.Nav Shop.Name
  Staff {Name May.{orders refunds catalogue stock money settings audit}}  Csrf  Static.*  Lang.*
?><!doctype html>
<html lang="<?cs var:Page.Lang ?>" data-theme="<?cs var:Page.Theme ?>">
<head>
<meta charset="utf-8">
<title><?cs var:Page.Title ?> · <?cs var:Shop.Name ?></title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<link rel="stylesheet" href="<?cs var:Static.base_css ?>">
<link rel="stylesheet" href="<?cs var:Static.admin_css ?>">
<link rel="icon" type="image/svg+xml" href="<?cs var:Static.favicon_svg ?>">
<script src="<?cs var:Static.admin_js ?>" defer></script>
</head>
<body class="panel<?cs if:Staff.Name ?> panel-in<?cs /if ?>">
<a class="skip" href="#main"><?cs var:Lang.nav.skip ?></a>
<header class="desk-bar no-print">
<a class="desk-brand" href="<?cs var:Page.Admin ?>/"><img src="<?cs var:Static.logo_svg ?>" alt="" width="28" height="28"><span><?cs var:Shop.Name ?></span></a>
<?cs if:Staff.Name ?><nav class="desk-nav" aria-label="<?cs var:Lang.admin.nav ?>"><ul>
<li><a href="<?cs var:Page.Admin ?>/"<?cs if:Page.Nav == "desk" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.desk ?></a></li>
<?cs if:Staff.May.orders ?><li><a href="<?cs var:Page.Admin ?>/orders"<?cs if:Page.Nav == "orders" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.orders ?></a></li><?cs /if ?>
<?cs if:Staff.May.refunds ?><li><a href="<?cs var:Page.Admin ?>/refunds"<?cs if:Page.Nav == "refunds" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.refunds ?></a></li><?cs /if ?>
<?cs if:Staff.May.catalogue ?><li><a href="<?cs var:Page.Admin ?>/products"<?cs if:Page.Nav == "products" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.products ?></a></li><?cs /if ?>
<?cs if:Staff.May.catalogue ?><li><a href="<?cs var:Page.Admin ?>/categories"<?cs if:Page.Nav == "categories" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.categories ?></a></li><?cs /if ?>
<?cs if:Staff.May.catalogue ?><li><a href="<?cs var:Page.Admin ?>/coupons"<?cs if:Page.Nav == "coupons" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.coupons ?></a></li><?cs /if ?>
<?cs if:Staff.May.stock ?><li><a href="<?cs var:Page.Admin ?>/cards"<?cs if:Page.Nav == "cards" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.cards ?></a></li><?cs /if ?>
<?cs if:Staff.May.money ?><li><a href="<?cs var:Page.Admin ?>/payments"<?cs if:Page.Nav == "money" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.money ?></a></li><?cs /if ?>
<?cs if:Staff.May.settings ?><li><a href="<?cs var:Page.Admin ?>/channels"<?cs if:Page.Nav == "channels" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.nav_channels ?></a></li><?cs /if ?>
<?cs if:Staff.May.settings ?><li><a href="<?cs var:Page.Admin ?>/outbox"<?cs if:Page.Nav == "outbox" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.nav_outbox ?></a></li><?cs /if ?>
<?cs if:Staff.May.settings ?><li><a href="<?cs var:Page.Admin ?>/mail"<?cs if:Page.Nav == "mail" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.mail ?></a></li><?cs /if ?>
<?cs if:Staff.May.settings ?><li><a href="<?cs var:Page.Admin ?>/webhooks"<?cs if:Page.Nav == "webhooks" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.webhooks ?></a></li><?cs /if ?>
<?cs if:Staff.May.settings ?><li><a href="<?cs var:Page.Admin ?>/shop"<?cs if:Page.Nav == "shop" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.shop ?></a></li><?cs /if ?>
<?cs if:Staff.May.audit ?><li><a href="<?cs var:Page.Admin ?>/audit"<?cs if:Page.Nav == "audit" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.nav_audit ?></a></li><?cs /if ?>
</ul></nav>
<div class="desk-me"><a href="/"><?cs var:Lang.admin.view_store ?></a><a href="<?cs var:Page.Admin ?>/account"<?cs if:Page.Nav == "account" ?> aria-current="page"<?cs /if ?>><?cs var:Staff.Name ?></a>
<form method="post" action="<?cs var:Page.Admin ?>/logout"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="btn btn-quiet btn-small"><?cs var:Lang.admin.logout ?></button></form></div><?cs /if ?>
</header>
<main id="main" class="desk-main" tabindex="-1">
