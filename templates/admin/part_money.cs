<?cs #
  SPDX-License-Identifier: Apache-2.0
  The money pages, one beside the other.  Calls no macros.  Page.{Admin Tab}
  Staff.May.refunds
?><nav class="tabs no-print" aria-label="<?cs var:Lang.admin.money ?>"><a href="<?cs var:Page.Admin ?>/payments"<?cs if:Page.Tab == "payments" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.payments ?></a><a href="<?cs var:Page.Admin ?>/notices"<?cs if:Page.Tab == "notices" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.notices ?></a><a href="<?cs var:Page.Admin ?>/ledger"<?cs if:Page.Tab == "ledger" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.ledger ?></a><a href="<?cs var:Page.Admin ?>/finance"<?cs if:Page.Tab == "finance" ?> aria-current="page"<?cs /if ?>><?cs var:Lang.admin.finance ?></a><?cs if:Staff.May.refunds ?><a href="<?cs var:Page.Admin ?>/refunds"><?cs var:Lang.admin.refunds ?></a><?cs /if ?></nav>
