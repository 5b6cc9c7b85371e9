#!/bin/sh
# npm test: sets up what the tests need, checks types, style and dead code, then runs unit, integration and smoke tests.
# The last line counts the tests. A check that fails is said, and fails the run.
set -eu
cd "$(dirname -- "$0")/.."

./katafarm --version >/dev/null
./katafarm doctor --yes --docker >&2
export PATH="$PWD/node_modules/.bin:$PATH"

# Colours are for people.
[ -t 2 ] || export NO_COLOR=1

broken=
check() {
  echo "== $*" >&2
  "$@" >&2 || {
    echo "== $* failed" >&2
    broken="$broken [$*]"
  }
}

check tsc
check biome ci
check knip

# Whatever the tests leave is in a folder of their own.
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT INT TERM HUP
results=$TMPDIR/results.json

status=0
vitest run test/unit test/integration .smoke.test.ts \
  --reporter=default --reporter=json --outputFile.json="$results" || status=$?

[ -z "$broken" ] || echo "== failed, beside the tests:$broken" >&2
node test/count.ts "$results" "$status"
[ "$status" -eq 0 ] && [ -z "$broken" ]
