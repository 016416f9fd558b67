<?cs #
  SPDX-License-Identifier: Apache-2.0
  Small pieces every page may call.  A page includes this file once, first
  (ClearSilver refuses a second definition), so layout/ and part_* files,
  which are included by pages, must neither include nor call it.
?><?cs

# One picture of the sprite. ?><?cs
def:icon(id) ?><svg class="icon" aria-hidden="true"><use href="<?cs
  var:Static.icons_svg ?>#<?cs var:id ?>"></use></svg><?cs /def ?><?cs

# A text with one gap: "剩 {} 件", 5. ?><?cs
def:fmt(text, value) ?><?cs
  set:fmt_at = string.find(text, "{}") ?><?cs
  if:fmt_at < #0 ?><?cs var:text ?><?cs
  else ?><?cs var:string.slice(text, 0, fmt_at) ?><?cs
    var:value ?><?cs
    var:string.slice(text, fmt_at + 2, string.length(text)) ?><?cs
  /if ?><?cs
/def ?><?cs

# The reason beside a field, as fields_show() leaves it: f.Error is a key of
  Lang.err; f.Arg, where the page sets it, fills the gap of that text. ?><?cs
def:field_error(id, f) ?><?cs if:f.Error ?><p class="error" id="err-<?cs
  var:id ?>"><span><?cs call:fmt(Lang.err[f.Error], f.Arg) ?></span></p><?cs /if ?><?cs
/def ?><?cs

# Attributes of the control that field_error() explains. ?><?cs
def:field_state(id, f) ?><?cs if:f.Error ?> aria-invalid="true" aria-describedby="err-<?cs
  var:id ?>"<?cs /if ?><?cs /def ?><?cs

# State of an order as a badge; one table for all pages. ?><?cs
def:state_badge(s) ?><span class="badge <?cs
  if:s == "delivered" ?>badge-ok<?cs
  elif:s == "pending" ?>badge-info<?cs
  elif:s == "paid" || s == "short" || s == "manual" || s == "refunding" ?>badge-warn<?cs
  /if ?>"><?cs var:Lang.state[s] ?></span><?cs /def ?><?cs

# State of a refund as a badge. ?><?cs
def:refund_badge(s) ?><span class="badge <?cs
  if:s == "done" ?>badge-ok<?cs
  elif:s == "unclear" || s == "failed" ?>badge-bad<?cs
  elif:s == "waiting" || s == "open" || s == "sent" ?>badge-warn<?cs
  /if ?>"><?cs var:Lang.refund_state[s] ?></span><?cs /def ?><?cs

# The order's own key: its number cut as a blade, the same on every page and
# in every browser, so a buyer sees at a glance that this is still his order. ?><?cs
def:order_key(path) ?><svg class="order-key" viewBox="0 0 220 48" aria-hidden="true"><path fill-rule="evenodd" d="M14 6h18l14 11v14L32 42H14L2 31V17zm4 11-6 5v4l6 5h8l6-5v-4l-6-5z"></path><path d="<?cs
  var:path ?>"></path></svg><?cs /def ?><?cs

# Lines of a quote: L.Kind picks the words, L.Note says more. ?><?cs
def:quote_lines(lines) ?><?cs each:l = lines ?><div class="quote-line<?cs
  if:l.Minus ?> quote-minus<?cs /if ?>"><dt><?cs var:Lang.quote[l.Kind] ?><?cs
  if:l.Note ?> <span class="muted"><?cs var:l.Note ?></span><?cs /if ?></dt><dd><?cs
  var:l.Amount ?></dd></div><?cs /each ?><?cs /def ?>
