<?cs #
  SPDX-License-Identifier: Apache-2.0
  Pages of a list.  Calls no macros.
  Pager {Prev Next (addresses or "") Pages.N {N Url Here Gap}}; nothing is
  shown when there is one page only (Pager.Pages empty).
?><?cs if:subcount(Pager.Pages) ?><nav class="pager" aria-label="<?cs var:Lang.pager.label ?>"><?cs
if:Pager.Prev ?><a rel="prev" href="<?cs var:Pager.Prev ?>"><?cs var:Lang.pager.prev ?></a><?cs /if ?><?cs
each:p = Pager.Pages ?><?cs
  if:p.Here ?><span aria-current="page"><?cs var:p.N ?></span><?cs
  elif:p.Gap ?><span aria-hidden="true">…</span><?cs
  else ?><a href="<?cs var:p.Url ?>"><?cs var:p.N ?></a><?cs /if ?><?cs
/each ?><?cs
if:Pager.Next ?><a rel="next" href="<?cs var:Pager.Next ?>"><?cs var:Lang.pager.next ?></a><?cs /if ?></nav><?cs /if ?>
