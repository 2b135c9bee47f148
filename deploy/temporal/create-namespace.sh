#!/bin/sh
# Creates the namespaces and registers the search attributes that a resolution sets; what is there already is left as
# it is. Without a registered attribute every resolution would stall for ever while nothing fails.
#
# Needs the `temporal` CLI and TEMPORAL_ADDRESS. NAMESPACES: names with blanks between them.
set -eu

: "${TEMPORAL_ADDRESS:?host:port of the Temporal server is needed}"
namespaces=${NAMESPACES:-default}
# How long a closed resolution stays to be looked at, and a late second start gets the first result.
retention=${NAMESPACE_RETENTION:-720h}
search_attributes='AlipayMerchant AlipayOutTradeNo AlipayTradeNo AlipayResolution'
attempts_max=${ATTEMPTS_MAX:-60}
pause_s=${PAUSE_S:-2}

last_error=$(mktemp)
trap 'rm -f "$last_error"' EXIT

# A server that has just started answers some calls with errors for a while: only the last one is worth reading.
until_true() {
  what=$1
  shift
  attempt=1
  until "$@" 2>"$last_error"; do
    if [ "$attempt" -ge "$attempts_max" ]; then
      echo "$what: given up after $attempt attempts" >&2
      cat "$last_error" >&2
      exit 1
    fi
    attempt=$((attempt + 1))
    sleep "$pause_s"
  done
  echo "$what: yes"
}

server_is_healthy() {
  temporal operator cluster health >/dev/null
}

namespace_exists() {
  temporal operator namespace describe -n "$1" >/dev/null 2>&1 && return
  echo "creating namespace $1"
  temporal operator namespace create -n "$1" --retention "$retention" >/dev/null || return
  temporal operator namespace describe -n "$1" >/dev/null
}

is_listed() {
  temporal operator search-attribute list -n "$1" | grep -Eq "^[[:space:]]*$2[[:space:]]+Keyword[[:space:]]*$"
}

attribute_is_registered() {
  is_listed "$1" "$2" && return
  echo "registering search attribute $2 in $1"
  temporal operator search-attribute create -n "$1" --name "$2" --type Keyword >/dev/null || return
  is_listed "$1" "$2"
}

until_true "$TEMPORAL_ADDRESS is healthy" server_is_healthy
for namespace in $namespaces; do
  until_true "namespace $namespace exists" namespace_exists "$namespace"
  for attribute in $search_attributes; do
    until_true "$attribute is a Keyword of $namespace" attribute_is_registered "$namespace" "$attribute"
  done
done
echo 'namespaces: done'
