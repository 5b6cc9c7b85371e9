#!/usr/bin/env node
// Starts an installed katafarm; in a checkout, ./katafarm does. A Node of any age can read this file: an old one is told so.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const needed = 24;
const program = new URL('../dist/src/cli.js', import.meta.url);

function refuse(why) {
  process.stderr.write(`katafarm: ${why}\n`);
  process.exitCode = 3;
}

/** What Node made of the program's files the last time is kept: most of a start is that. */
function keepCompiled({ enableCompileCache }) {
  const { KATAFARM_CACHE, XDG_CACHE_HOME, NODE_COMPILE_CACHE } = process.env;
  const cache = KATAFARM_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'katafarm');
  process.env.NODE_COMPILE_CACHE = NODE_COMPILE_CACHE || join(cache, 'compile');
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

if (Number.parseInt(process.versions.node, 10) < needed) {
  refuse(
    `cannot run on Node ${process.versions.node}: it needs ${needed} or newer; install one, or say npx -p node@${needed} -p katafarm katafarm`,
  );
} else if (!existsSync(program)) {
  refuse('cannot run from a checkout by this file: start ./katafarm there');
} else {
  import('node:module')
    .then(keepCompiled)
    .then(() => import(program.href))
    .catch((error) => refuse(`cannot start: ${error?.stack}`));
}
