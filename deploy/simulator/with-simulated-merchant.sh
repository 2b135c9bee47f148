#!/bin/sh
# Runs a command for which RESOLVER_MERCHANTS_FILE holds one merchant, "default": the app that the simulator knows.
# Its number and keys are made by the simulator at its first start.
#
#   with-simulated-merchant.sh CREDENTIALS_FOLDER GATEWAY_URL COMMAND [ARGUMENTS...]
set -eu

: "${RESOLVER_MERCHANTS_FILE:?where to write the merchants file is needed}"
credentials=$1
gateway=$2
shift 2

cat >"$RESOLVER_MERCHANTS_FILE" <<END
{
  "merchants": {
    "default": {
      "appId": "$(cat "$credentials/app-id.txt")",
      "gateway": "$gateway",
      "privateKeyFile": "$credentials/app-private-key.txt",
      "alipayPublicKeyFile": "$credentials/alipay-public-key.txt"
    }
  }
}
END
exec "$@"
