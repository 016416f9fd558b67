#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# install-static.sh SOURCE TARGET
#
# Copies static files under names that hold a hash of their content, beside
# their plain names, with compressed forms, and writes TARGET/manifest.txt:
# "plain-name hashed-name" a line.  A hashed name may be cached for ever; old
# ones stay, because a cached page may still ask for them.  Cheap to repeat:
# what is there already is left alone.
#
# BROTLI in the environment: the brotli program, or ":" for none.
set -eu

[ $# -eq 2 ] || { echo "usage: install-static.sh SOURCE TARGET" >&2; exit 2; }
source=$1
target=$2
brotli=${BROTLI:-:}
command -v "$brotli" >/dev/null 2>&1 || brotli=:

[ -d "$source" ] || { echo "install-static: no folder $source" >&2; exit 1; }
mkdir -p "$target"
chmod 755 "$target"
manifest=$target/manifest.txt.new
trap 'rm -f "$manifest"' EXIT
: >"$manifest"

# put FILE TARGET: copy, and compress what shrinks
put() {
    cmp -s "$1" "$2" && return 0
    mkdir -p "${2%/*}"
    cp "$1" "$2.new"
    chmod 644 "$2.new"
    case $2 in
    *.css | *.js | *.mjs | *.svg | *.json | *.webmanifest | *.txt)
        gzip -9 -n -c "$1" >"$2.gz.new"
        chmod 644 "$2.gz.new"
        mv "$2.gz.new" "$2.gz"
        if [ "$brotli" != : ]; then
            "$brotli" -q 11 -c "$1" >"$2.br.new"
            chmod 644 "$2.br.new"
            mv "$2.br.new" "$2.br"
        fi
        ;;
    esac
    mv "$2.new" "$2"
}

(cd "$source" && find . -type f ! -name '.*' ! -name '*.md' | sed 's,^\./,,' |
    LC_ALL=C sort) | while IFS= read -r file; do
    hash=$(sha256sum "$source/$file" | cut -c1-8)
    case ${file##*/} in
    *.*) hashed=${file%.*}.$hash.${file##*.} ;;
    *) hashed=$file.$hash ;;
    esac
    put "$source/$file" "$target/$file"
    put "$source/$file" "$target/$hashed"
    echo "$file $hashed" >>"$manifest"
done

chmod 644 "$manifest"
cmp -s "$manifest" "$target/manifest.txt" || mv "$manifest" "$target/manifest.txt"
