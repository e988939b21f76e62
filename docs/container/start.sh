#!/bin/sh
# First start of a container: the default connectors listen on every address of it, for the port that is published decides who gets in.
# A store that is there is taken as it is. Flags of `rc serve` may follow: receive-connector-start --web 0.0.0.0:8025, or for tests
# --api 0.0.0.0:8026 --api-token-file /run/api.token (docs/api.md)
set -eu
if [ ! -e "$RC_HOME/store.json" ]; then
  rc set 'Default*' --bindings "0.0.0.0:${RC_PORT:-2525}" >/dev/null
  rc set 'Client*' --bindings "0.0.0.0:${RC_CLIENT_PORT:-2587}" >/dev/null
fi
exec rc serve "$@"
