<?cs #
  SPDX-License-Identifier: Apache-2.0
  Tabs of the orders and their work queues.  Calls no macros.
  Queues.N {Name N On}  Queue (the one that is shown, or none)
?><nav class="seg queue-tabs" aria-label="<?cs var:Lang.queue.nav ?>"><a href="<?cs var:Page.Admin ?>/orders"<?cs if:!Queue ?> aria-current="page"<?cs /if ?>><?cs var:Lang.queue.all ?></a><?cs
each:q = Queues ?><a href="<?cs var:Page.Admin ?>/orders/<?cs var:q.Name ?>"<?cs if:q.On ?> aria-current="page"<?cs /if ?>><?cs var:Lang.queue[q.Name] ?><?cs if:q.N ?> <b><?cs var:q.N ?></b><?cs /if ?></a><?cs /each ?></nav>
