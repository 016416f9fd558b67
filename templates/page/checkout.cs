<?cs #
  SPDX-License-Identifier: Apache-2.0
  The offer with its reasons, and the form that orders it.  Never cached.
  Product {Name Slug Picture SkuName}
  Checkout {Sku Qty Min Max FormToken Total Minor Free Error ErrorArg}
    Min Max: limits of the SKU, 0 none; Free = 1: no channel is needed; Error:
    a key of Lang.err about the whole form, ErrorArg fills its gap
  F.<field>.{Value Error Arg}  as fields_show() leaves it: contact
    lookup_password coupon channel qty sku input_<Name>; F.Bad
  Quote.Lines.N {Kind Note Amount Minus}  Kind: a key of Lang.quote; without
    the channel's fee
  Channels.N {Id Name Fee Total Minor Here}  Fee "": none; Total with that
    fee; posted back as shown_<Id>, so that a change of price is noticed
  Inputs.N {Name Label Type (text digits email choice) Hint Required MaxLen
    Options.N {Value}}  posted as input_<Name>
  Work {Value Bits Wait Noscript}  as page/part_work.cs; Value "": none is asked
    for
?><?cs include:"macros.cs" ?><?cs include:"layout/head.cs" ?>
<nav class="crumbs" aria-label="<?cs var:Lang.nav.crumbs ?>"><ol><li><a href="/"><?cs var:Lang.nav.home ?></a></li><li><a href="/p/<?cs var:Product.Slug ?>"><?cs var:Product.Name ?></a></li></ol></nav>
<h1><?cs var:Lang.checkout.title ?></h1>
<p class="checkout-what"><?cs var:Product.Name ?><?cs if:Product.SkuName ?> · <?cs var:Product.SkuName ?><?cs /if ?> <span class="nowrap">× <?cs var:Checkout.Qty ?></span></p>
<form class="checkout" method="post" action="/order" data-once>
<input type="hidden" name="form_token" value="<?cs var:Checkout.FormToken ?>">
<input type="hidden" name="sku" value="<?cs var:Checkout.Sku ?>">
<input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><?cs
if:Checkout.Free ?><input type="hidden" name="shown" value="<?cs var:Checkout.Minor ?>"><?cs /if ?><?cs
if:Work.Value ?><input type="hidden" name="work" value="<?cs var:Work.Value ?>"><script src="<?cs var:Static.work_js ?>" defer></script><?cs /if ?>
<div class="checkout-form"><?cs
if:Checkout.Error ?>
<div class="note note-bad" role="alert"><p><strong><?cs call:fmt(Lang.err[Checkout.Error], Checkout.ErrorArg) ?></strong></p></div><?cs
elif:F.Bad ?>
<div class="note note-bad" role="alert"><p><strong><?cs var:Lang.checkout.check ?></strong></p></div><?cs /if ?>
<section class="box"><h2><?cs var:Lang.checkout.who ?></h2>
<div class="field"><label for="contact"><?cs var:Lang.checkout.contact ?></label><input class="input" id="contact" name="contact" type="email" inputmode="email" autocomplete="email" maxlength="190" required value="<?cs var:F.contact.Value ?>"<?cs if:F.contact.Error ?> autofocus<?cs /if ?><?cs call:field_state("contact", F.contact) ?>><?cs call:field_error("contact", F.contact) ?><p class="hint"><?cs var:Lang.checkout.contact_hint ?></p></div>
<div class="field"><label for="lookup_password"><?cs var:Lang.checkout.password ?> <span class="optional"><?cs var:Lang.form.optional ?></span></label><input class="input" id="lookup_password" name="lookup_password" type="text" autocomplete="off" spellcheck="false" maxlength="64" value="<?cs var:F.lookup_password.Value ?>"<?cs call:field_state("lookup_password", F.lookup_password) ?>><?cs call:field_error("lookup_password", F.lookup_password) ?><p class="hint"><?cs var:Lang.checkout.password_hint ?></p></div><?cs
each:i = Inputs ?><?cs set:in_key = "input_" + i.Name ?>
<div class="field"><label for="input_<?cs var:i.Name ?>"><?cs var:i.Label ?><?cs if:!i.Required ?> <span class="optional"><?cs var:Lang.form.optional ?></span><?cs /if ?></label><?cs
if:i.Type == "choice" ?><select class="input" id="input_<?cs var:i.Name ?>" name="input_<?cs var:i.Name ?>"<?cs if:i.Required ?> required<?cs /if ?><?cs call:field_state(in_key, F[in_key]) ?>><option value=""><?cs var:Lang.form.choose ?></option><?cs each:o = i.Options ?><option value="<?cs var:o.Value ?>"<?cs if:o.Value == F[in_key].Value ?> selected<?cs /if ?>><?cs var:o.Value ?></option><?cs /each ?></select><?cs
else ?><input class="input" id="input_<?cs var:i.Name ?>" name="input_<?cs var:i.Name ?>" type="<?cs if:i.Type == "email" ?>email<?cs else ?>text<?cs /if ?>"<?cs if:i.Type == "digits" ?> inputmode="numeric"<?cs /if ?> maxlength="<?cs var:i.MaxLen ?>" value="<?cs var:F[in_key].Value ?>"<?cs if:i.Required ?> required<?cs /if ?><?cs call:field_state(in_key, F[in_key]) ?>><?cs /if ?><?cs
call:field_error(in_key, F[in_key]) ?><?cs if:i.Hint ?><p class="hint"><?cs var:i.Hint ?></p><?cs /if ?></div><?cs
/each ?>
</section><?cs
if:!Checkout.Free ?>
<fieldset class="box channels"<?cs if:F.channel.Error ?> aria-describedby="err-channel"<?cs /if ?>><legend class="box-legend"><?cs var:Lang.checkout.channel ?></legend><?cs
call:field_error("channel", F.channel) ?><?cs
each:c = Channels ?><label class="channel"><input type="radio" name="channel" value="<?cs var:c.Id ?>" required<?cs if:c.Here ?> checked<?cs /if ?> data-fee="<?cs var:c.Fee ?>" data-pay-total="<?cs var:c.Total ?>"><input type="hidden" name="shown_<?cs var:c.Id ?>" value="<?cs var:c.Minor ?>"><span class="channel-name"><?cs var:c.Name ?></span><span class="channel-fee"><?cs if:c.Fee ?><?cs call:fmt(Lang.checkout.fee, c.Fee) ?><?cs else ?><?cs var:Lang.checkout.no_fee ?><?cs /if ?></span><span class="channel-total"><?cs var:c.Total ?></span></label><?cs
/each ?><?cs
if:subcount(Channels) == #0 ?><p class="note note-warn"><?cs var:Lang.checkout.no_channel ?></p><?cs /if ?></fieldset><?cs /if ?>
</div>
<aside class="checkout-side box" aria-label="<?cs var:Lang.checkout.summary ?>">
<div class="bought"><img src="<?cs var:Product.Picture ?>" alt="" width="96" height="60"><div><p class="bought-name"><?cs var:Product.Name ?></p><p class="muted"><?cs var:Product.SkuName ?></p></div></div><?cs
call:field_error("sku", F.sku) ?>
<div class="field field-qty"><label for="qty"><?cs var:Lang.product.qty ?></label><div class="inline-form"><input class="input input-short" id="qty" name="qty" type="number" inputmode="numeric" min="<?cs var:Checkout.Min ?>"<?cs if:Checkout.Max ?> max="<?cs var:Checkout.Max ?>"<?cs /if ?> step="1" required value="<?cs if:F.qty.Error ?><?cs var:F.qty.Value ?><?cs else ?><?cs var:Checkout.Qty ?><?cs /if ?>"<?cs call:field_state("qty", F.qty) ?>></div><?cs call:field_error("qty", F.qty) ?></div>
<div class="field"><label for="coupon"><?cs var:Lang.checkout.coupon ?> <span class="optional"><?cs var:Lang.form.optional ?></span></label><div class="inline-form"><input class="input" id="coupon" name="coupon" autocomplete="off" spellcheck="false" autocapitalize="characters" maxlength="40" value="<?cs var:F.coupon.Value ?>"<?cs call:field_state("coupon", F.coupon) ?>><button class="btn" formaction="/checkout" formnovalidate data-requote><?cs var:Lang.checkout.apply ?></button></div><?cs call:field_error("coupon", F.coupon) ?></div>
<dl class="quote" id="quote"><?cs call:quote_lines(Quote.Lines) ?>
<div class="quote-line" data-fee-line hidden><dt><?cs var:Lang.quote.fee ?></dt><dd></dd></div>
<div class="quote-total"><dt><?cs var:Lang.checkout.total ?></dt><dd data-checkout-total aria-live="polite"><?cs var:Checkout.Total ?></dd></div></dl>
<?cs if:Work.Value ?><?cs include:"page/part_work.cs" ?><?cs /if ?><button class="btn btn-primary btn-big btn-block" data-submit><?cs if:Checkout.Free ?><?cs var:Lang.checkout.submit_free ?><?cs else ?><?cs var:Lang.checkout.submit ?><?cs /if ?></button>
<p class="hint"><?cs var:Lang.checkout.terms ?> <a href="/terms" target="_blank" rel="noopener"><?cs var:Lang.checkout.terms_link ?></a> <?cs var:Lang.checkout.hold ?></p>
</aside>
</form>
<?cs include:"layout/foot.cs" ?>
