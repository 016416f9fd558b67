<?cs #
  SPDX-License-Identifier: Apache-2.0
  The mail with the link to an order (text part); data as order_link.html.cs.
  Values pass through the same HTML escape as everywhere: the sender turns the
  five entities back before it encodes the part.
?><?cs include:"macros.cs" ?><?cs var:Mail.Title ?>

<?cs each:l = Mail.Lines ?><?cs var:l.Text ?>
<?cs /each ?>
<?cs var:Order.Url ?>

<?cs each:it = Items ?><?cs var:it.Name ?><?cs if:it.SkuName ?> · <?cs var:it.SkuName ?><?cs /if ?> × <?cs var:it.Qty ?>
<?cs /each ?><?cs var:Lang.order.no ?>: <?cs var:Order.No ?>
<?cs var:Lang.order.total ?>: <?cs var:Order.Amount ?>

<?cs var:Lang.mail.secret ?>

-- 
<?cs var:Shop.Name ?>
<?cs var:Shop.Url ?>
