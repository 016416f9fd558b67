#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Templates print nothing raw and run nothing inline (tmpl.awk).
here=$(dirname "$0")
# shellcheck source=tests/lint/lib.sh
. "$here/lib.sh"

lint() {
	find "$1/templates" -name '*.cs' -print | LC_ALL=C sort |
	    xargs "$AWK" -f "$here/tmpl.awk"
}
head='<?cs #
  SPDX-License-Identifier: Apache-2.0
  Page.Title ?>'
bad() {
	finds "$1" "$2" templates/page/a.cs <<X
$head
$3
X
}
good() {
	takes "$1" "${3:-templates/page/a.cs}" <<X
$head
$2
X
}

finds "no comment on top" 'does not begin' templates/a.cs <<'X'
<p>text</p>
X
finds "a comment without data" 'does not begin' templates/a.cs <<'X'
<?cs # SPDX-License-Identifier: Apache-2.0
?><p>text</p>
X
bad "raw user text" 'a.cs:4: uvar:Order.Note' '<p><?cs uvar:Order.Note ?>'
bad "uvar of an expression" 'uvar:' '<?cs uvar:a.Html + b ?>'
bad "alt:" 'alt:' '<?cs alt:X ?>y<?cs /alt ?>'
bad "lvar:" 'lvar:' '<?cs lvar:X ?>'
bad "evar:" 'evar:' '<?cs evar:X ?>'
bad "name:" 'name:' '<?cs name:x ?>'
bad "escape:" 'escape:' '<?cs escape:"none" ?>x<?cs /escape ?>'
bad "linclude:" 'linclude:' '<?cs linclude:X ?>'
bad "include of a variable" 'include: of' '<?cs include:Page.File ?>'
bad "include of a parent" 'include: of' '<?cs include:"../x.cs" ?>'
bad "an unknown command" 'unknown command vra' '<?cs vra:X ?>'
bad "a command that stays open" 'not closed' '<?cs var:X >'
bad "no quotes" 'a.cs:5: a value without quotes' '
<a href=<?cs var:X ?>>x</a>'
bad "an inline handler" 'inline handler' '<a onclick="x()">x</a>'
bad "an inline style" 'inline style' '<p style="color:red">x'
bad "a style block" '<style> block' '<style>p{}</style>'
bad "an inline script" 'inline script' '<script>x()</script>'
bad "a script with text" 'inline script' '<script src="/a.js">x()</script>'
bad "javascript:" 'active address' '<a href="javascript:x()">x</a>'
bad "a picture from elsewhere" 'from elsewhere' \
    '<img alt="" src="https://cdn.example/x.png">'
bad "a frame" 'no use for' '<iframe src="/x"></iframe>'
bad "a new window that can look back" 'noopener' \
    '<a target="_blank" href="/x">x</a>'
bad "a picture without words" 'without alt' '<img src="/x.png">'
bad "a form without a token" 'without csrf' \
    '<form method="post" action="/x"><button>go</button></form>
<form method="post" action="/y"><input name="csrf"></form>'

good "our own HTML" '<div><?cs uvar:Content.BodyHtml ?></div>'
good "forms, scripts, conditions in tags" \
    '<form method="post" action="/o/<?cs var:No ?>"><input name="csrf"
  value="<?cs var:Csrf ?>"<?cs if:X ?> disabled<?cs /if ?>></form>
<form method="post" action="<?cs var:Pay.Action ?>"></form>
<script src="<?cs var:Static.shop_js ?>" defer></script> a < b'
good "looks of a mail" '<p style="color:red">x' templates/mail/a.html.cs
clean "templates/ print nothing raw" lint "$srcdir"
tap_end
