#!/usr/bin/env bash
# Makes a Debian of its own with Node in it, to install the package in: FILE.tar, kept from one run to the next.
#   root.sh FILE.tar
set -euo pipefail
tar=$1
[[ -s $tar ]] && exit 0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
debootstrap --variant=minbase --include=nodejs,adduser trixie "$folder" http://deb.debian.org/debian >"$tar.log" 2>&1 || {
  tail -5 "$tar.log" >&2
  exit 1
}
rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
chmod 755 "$folder" # mktemp's folder is root's alone, and so would be the root of the system in it
tar -C "$folder" -cf "$tar.part" .
mv "$tar.part" "$tar"
