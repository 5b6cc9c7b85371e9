# shellcheck shell=sh
# Cloud-hypervisor, asked over its API. Needs machine.sh and nested.sh.

# start_clh BINARY: as Kata starts it, with its API at ./api and nothing else; sets $vmm.
start_clh() {
  rm -f api share vsock
  start_vmm "$1" --api-socket "$(pwd)/api"
  wait_for_vmm cloud-hypervisor 'make its API socket' [ -S api ]
}

# call METHOD WHAT [BODY]: one request; fails unless the answer is a success. The answer is left in ./reply.
call() {
  : >reply
  call_body=${3:-/dev/null}
  # An answer without a body is all there at its empty line; a body is JSON.
  call_settled() { gone "$vmm" || says '^HTTP/1.1 [0-9]' reply || { sleep 0.1; false; }; }
  { printf '%s /api/v1/%s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n' "$1" "$2"
    [ ! -s "$call_body" ] || printf 'Content-Type: application/json\r\nContent-Length: %s\r\n' "$(wc -c <"$call_body")"
    printf '\r\n'
    cat "$call_body"
    wait_for "cloud-hypervisor to answer $2" 'last reply' call_settled
    sleep 0.3
  } | socat - UNIX-CONNECT:api >reply 2>socat.log || true

  cat reply >&2
  case $(head -n 1 reply) in
    'HTTP/1.1 2'*) ;;
    HTTP*) fail "cloud-hypervisor refuses $2: $(head -n 1 reply | tr -d '\r') $(tail -n 1 reply | cut -c1-300)" "$(last vmm.log)" ;;
    *) fail "cloud-hypervisor did not answer $2" "$(vmm_says)" ;;
  esac
}
