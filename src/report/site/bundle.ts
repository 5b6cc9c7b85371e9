/** The page's modules, in the order in which they lean on each other. */
export const scriptFiles = [
  'terms',
  'query',
  'match',
  'age',
  'fade',
  'rows',
  'filter',
  'state',
  'story',
  'keys',
  'copy',
  'theme',
  'matrix',
  'main',
] as const;

/** The parts of the style sheet; a later one speaks over an earlier one. */
export const styleFiles = [
  'base',
  'words',
  'fresh',
  'tools',
  'tables',
  'lists',
  'story',
  'charts',
  'small',
] as const;

/**
 * Modules as one plain script: a browser loads no module from a disk. They import only one another, and have no name twice,
 * so it takes no more than to leave out their imports and exports.
 */
export function bundled(modules: readonly string[]): string {
  const texts = modules.map((text) =>
    text
      .replaceAll(/^import\s[^;]*?\sfrom\s'\.\/[\w-]+\.js';\n/gm, '')
      .replaceAll(/^export (?=(?:async )?function|const|class)/gm, '')
      // Comments are for those who read the source.
      .replaceAll(/^\s*\/\*\*[\s\S]*?\*\/\n|^\s*\/\/.*\n/gm, '')
      .trim(),
  );
  return `(() => {\n'use strict';\n${texts.join('\n\n')}\n})();\n`;
}
