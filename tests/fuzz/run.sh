#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh: builds fuzz targets with libFuzzer, ASan and UBSan, and runs them
# from the saved corpus.  `make fuzz` calls it in the build folder.
#
# FUZZ   one target (default: each of targets.def)
# T      seconds for each (default 30)
# MERGE  not empty: what is new and reaches new code joins the corpus
#
# A finding is left in fuzz/<target>/crash-*; it becomes a unit test.
set -eu
src=$(cd "$(dirname "$0")/../.." && pwd -P)
out=$PWD/fuzz
t=${T:-30}
all=$(sed -n 's/^TARGET(\(.*\))$/\1/p' "$src/tests/fuzz/targets.def")
command -v clang-14 >/dev/null || {
	echo "make fuzz: apt-get install clang-14 libclang-rt-14-dev" >&2
	exit 1
}
[ -f config.h ] || {
	echo "make fuzz: run it in a configured build folder" >&2
	exit 1
}

build() { # TARGET
	# the gateways bring OpenSSL, jansson and curl along
	case $1 in
	pay_* | till) more="$(echo "$src"/fcgi/pay/*.c) $src/tests/support/rsakey.c"
		for f in addr cert crypt httpc json rsa; do
			more="$more $src/fcgi/io/$f.c"
		done
		[ "$1" != till ] || more="$more $src/fcgi/shop/till_wire.c"
		more="$more -lcurl -ljansson -lssl -lcrypto" ;;
	import) more=$src/fcgi/shop/import_split.c ;;
	markdown) more="$src/fcgi/io/markdown.c -lcmark-gfm-extensions -lcmark-gfm" ;;
	statement) more=$src/fcgi/shop/statement_read.c ;;
	words) more=$src/fcgi/shop/words.c ;;
	*) more= ;;
	esac
	# shellcheck disable=SC2086
	clang-14 -std=c11 -g -O1 -fno-omit-frame-pointer \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	    -include config.h -I"$src/fcgi" -I"$src/tests" -Ifcgi \
	    -DFUZZ_ONE="$1" -DKS_DATA_DIR='"/d"' -DKS_TEMPLATES_DIR='"/d/t"' \
	    -DKS_STATIC_DIR='"/d/s"' -DKS_SCHEMA_DIR='"/d/q"' \
	    -DKS_SEED_DIR='"/d/e"' ${KS_CPPFLAGS:-} \
	    "$src/tests/fuzz/fuzz_$1.c" "$src"/fcgi/base/*.c \
	    "$src/fcgi/store/sqltext.c" "$src/fcgi/web/cookie.c" "$src/fcgi/web/form.c" \
	    "$src/fcgi/web/multipart.c" "$src/fcgi/web/part_head.c" \
	    $more -o "$out/$1/run"
}

for name in ${FUZZ:-$all}; do
	corpus=$src/tests/fuzz/corpus/$name
	mkdir -p "$out/$name/new"
	build "$name"
	dict=$src/tests/fuzz/$name.dict
	[ -f "$dict" ] && dict=-dict=$dict || dict=
	echo "fuzz: $name for $t s"
	# shellcheck disable=SC2086
	"$out/$name/run" -max_total_time="$t" -print_final_stats=1 $dict \
	    -artifact_prefix="$out/$name/" -verbosity=0 -timeout=10 \
	    -rss_limit_mb=1024 "$out/$name/new" "$corpus" 2>&1 |
	    tee "$out/$name/log" | grep -E '(executed_units|ERROR|SUMMARY)' ||
	    :
	if grep -q 'SUMMARY: ' "$out/$name/log"; then
		echo "fuzz: $name: see $out/$name" >&2
		exit 1
	fi
	if [ -n "${MERGE:-}" ]; then
		"$out/$name/run" -merge=1 -verbosity=0 "$corpus" \
		    "$out/$name/new" 2>/dev/null
	fi
done
