#!/bin/sh
# Makes dist/, what the npm package is: the sources compiled, beside them all that they read, and the types that scenarios
# are written against. Laid out as the checkout is. npm runs this before it packs.
set -eu
cd "$(dirname -- "$0")/.."

[ -x node_modules/.bin/tsc ] || ./katafarm --version >/dev/null
export PATH="$PWD/node_modules/.bin:$PATH"

rm -rf dist
tsc -p tsconfig.package.json
tsc -p tsconfig.types.json

# What is read at run time and is no code.
find src scenarios -type f ! -name '*.ts' | while read -r file; do
  mkdir -p "dist/$(dirname "$file")"
  cp -p "$file" "dist/$file"
done
cp -R distros dist/distros

# Found where the checkout's is: the version, and that these are modules.
node -p '
  const { name, version, type } = JSON.parse(require("fs").readFileSync("package.json", "utf8"));
  JSON.stringify({ name, version, type }, null, 2)' >dist/package.json
