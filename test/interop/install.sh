#!/usr/bin/env bash
# Exim, OpenSMTPD, nginx with its mail proxy and promtool for the tests of this folder. Debian has one mail server at a time, and Postfix is it:
# the others are unpacked into a folder of their own, and run there (mail servers in a mount namespace). As root, on Debian.
set -euo pipefail
folder=${1:-/var/cache/rc-interop}
wanted=(usr/sbin/exim4 usr/sbin/smtpd usr/sbin/nginx usr/lib/nginx/modules/ngx_mail_module.so usr/bin/promtool)
missing=()
for file in "${wanted[@]}"; do [[ -e $folder/$file ]] || missing+=("$file"); done
((${#missing[@]})) || exit 0
mkdir -p "$folder"
packages=$(mktemp -d)
trap 'rm -rf "$packages"' EXIT
export DEBIAN_FRONTEND=noninteractive
# Libraries that Postfix does not bring: of Exim and of nginx.
apt-get install -y -qq --no-install-recommends libidn12 libpcre2-8-0 >/dev/null
(cd "$packages" && apt-get download -qq exim4-daemon-light opensmtpd nginx libnginx-mod-mail prometheus)
for package in "$packages"/*.deb; do dpkg -x "$package" "$folder"; done
# The users that their binaries ask for by name.
for user in Debian-exim opensmtpd opensmtpq; do
  getent passwd "$user" >/dev/null || useradd --system --no-create-home --shell /usr/sbin/nologin "$user"
done
chgrp opensmtpq "$folder/usr/sbin/smtpctl" # it asks to be
chmod 2755 "$folder/usr/sbin/smtpctl"
