#!/usr/bin/env bash
# A client of a few lines, to see each reply: bash raw.sh HOST PORT
set -euo pipefail

exec 3<>"/dev/tcp/$1/$2"
reply() { while IFS= read -r -u 3 line; do line=${line%$'\r'}; echo "S: $line"; [[ ${line:3:1} == - ]] || break; done; }
say() { echo "C: $1"; printf '%s\r\n' "$1" >&3; reply; }

reply
say 'EHLO client.contoso.com'
say 'MAIL FROM:<sue@contoso.com>'
say 'RCPT TO:<bob@contoso.com>'
say 'DATA'
say $'Subject: raw\r\n\r\ntext\r\n.'
say 'QUIT'
