<?cs #
  SPDX-License-Identifier: Apache-2.0
  The mail with the link to an order (HTML part).  It carries no goods, only
  the way to them.  Mail programs drop style sheets, so looks are
  attributes, and one style for what no attribute says.
  Mail {Title Lines.N {Text}}  Page.Lang Shop.Name Shop.Url
  Order {No State Url Amount Created} Items.N {Name SkuName Qty}
?><?cs include:"macros.cs" ?><!doctype html>
<html lang="<?cs var:Page.Lang ?>"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title><?cs var:Mail.Title ?></title></head>
<body bgcolor="#f1f3f5" text="#12161d"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f3f5"><tr><td align="center"><br>
<table role="presentation" width="100%" style="max-width:560px" cellpadding="24" cellspacing="0" border="0" bgcolor="#ffffff"><tr><td bgcolor="#12161d"><font face="sans-serif" color="#ffffff" size="4"><b><?cs var:Shop.Name ?></b></font></td></tr>
<tr><td><font face="sans-serif" size="5"><b><?cs var:Mail.Title ?></b></font>
<?cs each:l = Mail.Lines ?><p><font face="sans-serif"><?cs var:l.Text ?></font></p><?cs /each ?>
<p><font face="sans-serif"><?cs each:it = Items ?><?cs var:it.Name ?><?cs if:it.SkuName ?> · <?cs var:it.SkuName ?><?cs /if ?> × <?cs var:it.Qty ?><br><?cs /each ?><?cs var:Lang.order.no ?> <?cs var:Order.No ?><br><?cs var:Lang.order.total ?> <?cs var:Order.Amount ?></font></p>
<table role="presentation" cellpadding="14" cellspacing="0" border="0"><tr><td bgcolor="#ffc927"><font face="sans-serif"><b><a href="<?cs var:Order.Url ?>"><font color="#12161d"><?cs var:Lang.mail.open ?></font></a></b></font></td></tr></table>
<p><font face="sans-serif" size="2" color="#4d5665"><?cs var:Lang.mail.paste ?><br><span style="word-break:break-all"><?cs var:Order.Url ?></span></font></p>
<p><font face="sans-serif" size="2" color="#4d5665"><?cs var:Lang.mail.secret ?></font></p></td></tr></table>
<p><font face="sans-serif" size="2" color="#4d5665"><?cs var:Shop.Name ?> · <a href="<?cs var:Shop.Url ?>"><?cs var:Shop.Url ?></a></font></p></td></tr></table></body></html>
