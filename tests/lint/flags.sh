# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154,SC2089,SC2090 # lib.sh first; eval later
# How a file of fcgi/ is compiled, for the lints that compile.  make gives
# KS_CC and KS_CPPFLAGS; by hand, with srcdir=. and no build, guesses do.
build=${KS_BUILDDIR:-$PWD}
ks_cc=${KS_CC:-gcc}
[ -f "$build/config.h" ] || {
	build=$tmp/build
	mkdir -p "$build"
	echo '#define _GNU_SOURCE 1' >"$build/config.h"
}
ks_cppflags=${KS_CPPFLAGS:-$(pkg-config --cflags libmariadb) -isystem /usr/include/ClearSilver}
ks_defs="-DKS_DATA_DIR='\"/d\"' -DKS_CONF_FILE='\"/c\"' -DKS_TEMPLATES_DIR='\"/d/t\"' -DKS_STATIC_DIR='\"/d/s\"' -DKS_SCHEMA_DIR='\"/d/q\"' -DKS_SEED_DIR='\"/d/e\"'"
ks_includes="-include '$build/config.h' -I'$srcdir/fcgi' -I'$build/fcgi'"
ks_cflags="-std=c11 -Wall -Wextra -Werror $ks_includes -include '$srcdir/fcgi/base/banned.h' $ks_cppflags $ks_defs"
export ks_cc ks_cflags
