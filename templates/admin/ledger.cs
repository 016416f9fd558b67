<?cs #
  SPDX-License-Identifier: Apache-2.0
  Entries of the ledger, and the sums of its accounts.
  F.{account from until no}.{Value Error}  Accounts.N {Name On}  ExportUrl
  Entries.N {At Tx First Balanced Account Debit Credit Running No Channel}
  Running (an account is chosen)  Pager
  Sums.N {Account N Debit Credit Balance}  Balanced
?><?cs include:"macros.cs" ?><?cs include:"layout/admin_head.cs" ?>
<h1><?cs var:Lang.admin.money ?></h1><?cs include:"admin/part_money.cs" ?>
<form class="filter" method="get" action="<?cs var:Page.Admin ?>/ledger">
<div><label for="no"><?cs var:Lang.order.no ?></label><input class="input" id="no" name="no" type="search" maxlength="24" value="<?cs var:F.no.Value ?>"<?cs call:field_state("no", F.no) ?>></div>
<div><label for="account"><?cs var:Lang.ledger.account ?></label><select class="input" id="account" name="account"><option value=""><?cs var:Lang.filter.any ?></option><?cs each:s = Accounts ?><option value="<?cs var:s.Name ?>"<?cs if:s.On ?> selected<?cs /if ?>><?cs var:Lang.account[s.Name] ?></option><?cs /each ?></select></div>
<div><label for="from"><?cs var:Lang.filter.from ?></label><input class="input" id="from" name="from" type="date" value="<?cs var:F.from.Value ?>"<?cs call:field_state("from", F.from) ?>></div>
<div><label for="until"><?cs var:Lang.filter.until ?></label><input class="input" id="until" name="until" type="date" value="<?cs var:F.until.Value ?>"<?cs call:field_state("until", F.until) ?>><?cs call:field_error("until", F.until) ?></div>
<button class="btn btn-primary"><?cs var:Lang.filter.go ?></button></form>
<div class="spread"><p class="sums"><?cs if:Balanced ?><span class="badge badge-ok" data-balanced><?cs var:Lang.ledger.balanced ?></span><?cs else ?><span class="badge badge-bad"><?cs var:Lang.ledger.unbalanced ?></span><?cs /if ?></p><a class="btn btn-small" href="<?cs var:ExportUrl ?>" download><?cs var:Lang.ledger.export ?></a></div><?cs
if:subcount(Sums) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.ledger.account ?></th><th scope="col" class="num"><?cs var:Lang.ledger.entries ?></th><th scope="col" class="num"><?cs var:Lang.ledger.debit ?></th><th scope="col" class="num"><?cs var:Lang.ledger.credit ?></th><th scope="col" class="num"><?cs var:Lang.ledger.balance ?></th></tr></thead><tbody><?cs
each:s = Sums ?><tr data-account="<?cs var:s.Account ?>"><td data-th="<?cs var:Lang.ledger.account ?>"><?cs var:Lang.account[s.Account] ?></td><td class="num" data-th="<?cs var:Lang.ledger.entries ?>"><?cs var:s.N ?></td><td class="num" data-th="<?cs var:Lang.ledger.debit ?>"><?cs var:s.Debit ?></td><td class="num" data-th="<?cs var:Lang.ledger.credit ?>"><?cs var:s.Credit ?></td><td class="num" data-th="<?cs var:Lang.ledger.balance ?>" data-balance><?cs var:s.Balance ?></td></tr><?cs /each ?></tbody></table></div><?cs /if ?><?cs
if:subcount(Entries) ?>
<div class="box box-flush"><table class="table cards-on-phone"><thead><tr><th scope="col"><?cs var:Lang.ledger.tx ?></th><th scope="col"><?cs var:Lang.money_page.at ?></th><th scope="col"><?cs var:Lang.ledger.account ?></th><th scope="col" class="num"><?cs var:Lang.ledger.debit ?></th><th scope="col" class="num"><?cs var:Lang.ledger.credit ?></th><?cs if:Running ?><th scope="col" class="num"><?cs var:Lang.ledger.running ?></th><?cs /if ?><th scope="col"><?cs var:Lang.order.no ?></th><th scope="col"><?cs var:Lang.filter.channel ?></th></tr></thead><tbody><?cs
each:e = Entries ?><tr><td class="mono nowrap" data-th="<?cs var:Lang.ledger.tx ?>"><span><?cs var:e.Tx ?><?cs if:!e.Balanced ?> <span class="badge badge-bad"><?cs var:Lang.ledger.unbalanced ?></span><?cs elif:e.First ?> <span class="badge badge-ok">Σ 0</span><?cs /if ?></span></td><td class="nowrap" data-th="<?cs var:Lang.money_page.at ?>"><?cs var:e.At ?></td><td data-th="<?cs var:Lang.ledger.account ?>"><?cs var:Lang.account[e.Account] ?></td><td class="num" data-th="<?cs var:Lang.ledger.debit ?>"><?cs var:e.Debit ?></td><td class="num" data-th="<?cs var:Lang.ledger.credit ?>"><?cs var:e.Credit ?></td><?cs if:Running ?><td class="num" data-th="<?cs var:Lang.ledger.running ?>" data-running><?cs var:e.Running ?></td><?cs /if ?><td data-th="<?cs var:Lang.order.no ?>"><?cs if:e.No ?><a class="mono" href="<?cs var:Page.Admin ?>/orders/<?cs var:e.No ?>"><?cs var:e.No ?></a><?cs /if ?></td><td data-th="<?cs var:Lang.filter.channel ?>"><?cs var:e.Channel ?></td></tr><?cs /each ?></tbody></table></div><?cs include:"page/part_pager.cs" ?><?cs
else ?><p class="box empty"><?cs var:Lang.ledger.none ?></p><?cs /if ?>
<?cs include:"layout/admin_foot.cs" ?>
