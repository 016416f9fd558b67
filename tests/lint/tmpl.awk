# SPDX-License-Identifier: Apache-2.0
# Templates escape by themselves, except where ClearSilver does not: alt:,
# lvar:, evar:, linclude:, name:, block escape: and uvar: (DEPENDENCIES 4.2).
# uvar: may print what our own code made: names that end in Html.  And the page
# must live under a content security policy: no inline script, style, handler.
FNR == 1 { finish(); file = FILENAME; text = ""; mail = FILENAME ~ /\/mail\// }
{ text = text $0 "\n" }
END { finish() }

function finish(    rest, at, end, cmd) {
	if (file == "") return
	line = 1
	html = ""       # the text between commands; a command leaves \001
	if (text !~ /^<[?]cs +#[^?]*SPDX-License-Identifier: Apache-2.0\n[ \t]*[^ \t\n?]/)
		say("does not begin with a comment: licence, then the data it expects")
	rest = text
	while ((at = index(rest, "<?cs")) != 0) {
		outside(substr(rest, 1, at - 1))
		rest = substr(rest, at + 4)
		end = index(rest, "?>")
		if (end == 0) { say("a command is not closed"); rest = ""; break }
		cmd = substr(rest, 1, end - 1)
		command(cmd)
		html = html "\001" newlines(cmd)
		line += gsub(/\n/, "\n", cmd)
		rest = substr(rest, end + 2)
	}
	outside(rest)
	check_html()
}
function outside(s) {
	html = html s
	line += gsub(/\n/, "\n", s)
}
function newlines(s) { gsub(/[^\n]/, "", s); return s }

function command(c,    word, name) {
	sub(/^[ \t\n]+/, "", c)
	if (c ~ /^#/) return
	word = c
	sub(/[^a-z\/].*$/, "", word)
	name = c
	sub(/^[a-z\/]+[!:]?[ \t\n]*/, "", name)
	if (word == "uvar") {
		sub(/[ \t\n]+$/, "", name)
		if (name !~ /^[A-Za-z0-9_.]+Html$/)
			say("uvar:" name " prints raw: only names ending in Html may")
	} else if (word ~ /^(alt|lvar|evar|linclude|name|escape)$/)
		say(word ": does not escape, or takes data for a template")
	else if (word == "include") {
		if (name !~ /^"[a-z_\/.0-9]+[.]cs"[ \t\n]*$/ || name ~ /[.][.]/)
			say("include: of something else than a file of ours")
	} else if (word !~ /^\/?(var|set|if|elif|else|alif|each|loop|with|def|call)$/)
		say("unknown command " word)
}

# Line numbers: newlines of commands are still there.
function check_html(    rest, at, end, tag, low) {
	line = 1
	rest = html
	while ((at = index(rest, "<")) != 0) {
		advance(substr(rest, 1, at - 1))
		rest = substr(rest, at)
		end = tag_end(rest)
		tag = substr(rest, 1, end)
		low = tolower(tag)
		if (low ~ /^<[a-z]/) check_tag(low, tag, substr(rest, end + 1))
		advance(tag)
		rest = substr(rest, end + 1)
	}
}
function advance(s) { line += gsub(/\n/, "\n", s) }
# Where the tag ends: the first '>' outside of quotes.
function tag_end(s,    i, q, c, n) {
	n = length(s)
	for (i = 1; i <= n; i++) {
		c = substr(s, i, 1)
		if (q != "") { if (c == q) q = "" }
		else if (c == "\"" || c == "'") q = c
		else if (c == ">") return i
	}
	return n
}
function check_tag(low, tag, behind,    form, bare) {
	bare = low # names of attributes only
	gsub(/"[^"]*"/, "\"\"", bare)
	gsub(/'[^']*'/, "''", bare)
	if (bare ~ /=[ \t\n]*\001/)
		say("a value without quotes: " show(tag))
	if (bare ~ /[ \t\n"'\001]on[a-z]+[ \t\n]*=/)
		say("an inline handler: " show(tag))
	if (bare ~ /[ \t\n"'\001]style[ \t\n]*=/ && !mail)
		say("an inline style: " show(tag))
	if (low ~ /^<style/ && !mail) say("a <style> block")
	if (low ~ /(href|src|action)="[ \t\n]*(javascript|data|vbscript):/)
		say("an active address: " show(tag))
	if (low ~ /^<(script|img|link|iframe|source|video|audio|embed|object)[ \t\n].*(src|href)="(https?:)?\/\//)
		say("loads from elsewhere: " show(tag))
	if (low ~ /^<(iframe|embed|object|base|frame)[ \t\n>]/)
		say("an element we have no use for: " show(tag))
	if (low ~ /^<script/ && (low !~ /[ \t\n]src="/ || behind !~ /^[ \t\n]*<\/script>/))
		say("an inline script")
	if (low ~ /target="_blank"/ && low !~ /noopener/)
		say("target=_blank without rel=noopener")
	if (low ~ /^<img/ && low !~ /[ \t\n]alt=/)
		say("an image without alt")
	if (low ~ /^<form/ && low ~ /method="?post/ && low ~ /action="(\/|\001\/)/) {
		form = behind
		sub(/<\/form>.*$/, "", form)
		if (form !~ /name="(csrf|form_token)"/)
			say("a POST form without csrf or form_token")
	}
}
function show(s) {
	gsub(/\001/, "<?cs ?>", s)
	gsub(/[ \t\n]+/, " ", s)
	return substr(s, 1, 60)
}
function say(what) { printf "%s:%d: %s\n", file, line, what }
