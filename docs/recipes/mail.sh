#!/usr/bin/env bash
# bash: start, send, wait, look, stop. Needs jq.
set -euo pipefail

ready=$(rc serve --temporary --detach --json)
RC_HOME=$(jq -r .home <<<"$ready")
export RC_HOME
trap 'rc stop >/dev/null' EXIT
port=$(jq -r .ports.Default <<<"$ready")

rc send --server "127.0.0.1:$port" --from shop@contoso.com --to bob@contoso.com --subject 'Invoice 4711' --body 'Thank you.' >/dev/null
rc wait-message --subject 'Invoice*' --timeout 10s | jq -r .Text

# what a program does that opens too many connections
rc set Default --max-inbound-per-source 5 --wait >/dev/null
rc send --server "127.0.0.1:$port" --from a@b.c --to d@e.f --count 20 --parallel 10 2>/dev/null | jq -r '.Failures[]' || true
