#!/usr/bin/env bash
# Exim and OpenSMTPD for the tests of this folder. Debian has one mail server at a time, and Postfix is it: the others are unpacked into a
# folder of their own, and run there in a mount namespace. As root, on Debian.
set -euo pipefail
folder=${1:-/var/cache/rc-interop}
[[ -x $folder/usr/sbin/exim4 && -x $folder/usr/sbin/smtpd ]] && exit 0
mkdir -p "$folder"
packages=$(mktemp -d)
trap 'rm -rf "$packages"' EXIT
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends libidn12 >/dev/null # of Exim, and the only library that Postfix does not bring
(cd "$packages" && apt-get download -qq exim4-daemon-light opensmtpd)
for package in "$packages"/*.deb; do dpkg -x "$package" "$folder"; done
# The users that their binaries ask for by name.
for user in Debian-exim opensmtpd opensmtpq; do
  getent passwd "$user" >/dev/null || useradd --system --no-create-home --shell /usr/sbin/nologin "$user"
done
chgrp opensmtpq "$folder/usr/sbin/smtpctl" # it asks to be
chmod 2755 "$folder/usr/sbin/smtpctl"
