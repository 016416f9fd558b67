<?cs #
  SPDX-License-Identifier: Apache-2.0
  The body of every error page; the page sets Err (a key of Lang.error).
  Needs nothing from the database.  Calls no macros.
  Page.* Shop.Name as layout/head.cs; Page.Status Page.RequestId
  Retry: seconds after which it is worth trying again, or ""
  Back: an address to offer, or ""
?><?cs include:"layout/head.cs" ?>
<div class="oops"><svg class="oops-art" viewBox="0 0 240 110" aria-hidden="true"><path class="oops-key" fill-rule="evenodd" d="M40 20a35 35 0 0 1 33 23h74v24h-8v-8h-10v14h-14v-10h-12v8h-14V67H73A35 35 0 1 1 40 20zm-8 23a12 12 0 1 0 .01 0z"></path><path class="oops-key" d="M166 47h62l8 8-8 8h-14v9h-12v-6h-12v12h-12V63h-12z"></path><path class="oops-line" d="m150 24 4 12m10-14-3 14m14-8-8 10"></path></svg>
<p class="oops-code"><?cs var:Page.Status ?></p>
<h1><?cs var:Lang.error[Err].title ?></h1>
<p><?cs var:Lang.error[Err].text ?></p><?cs
if:Retry ?><p class="muted"><?cs var:Lang.error_page.retry ?> <?cs var:Retry ?> <?cs var:Lang.error_page.seconds ?></p><?cs /if ?>
<p class="row"><?cs if:Back ?><a class="btn btn-primary" href="<?cs var:Back ?>"><?cs var:Lang.error_page.again ?></a><?cs else ?><a class="btn btn-primary" href="/"><?cs var:Lang.error_page.home ?></a><?cs /if ?><a class="btn" href="/orders"><?cs var:Lang.nav.orders ?></a></p><?cs
if:Page.RequestId ?><p class="hint"><?cs var:Lang.error_page.id ?> <code><?cs var:Page.RequestId ?></code></p><?cs /if ?></div>
<?cs include:"layout/foot.cs" ?>
