import { posix } from 'node:path';

/** What a room of `src/` may import: other rooms, and packages or Node's modules by pattern. */
interface Layer {
  readonly rooms: readonly string[];
  readonly packages: RegExp;
}

const none = /^$/;
const any = /./;
/** Without disk, network or processes. */
const pure = /^(node:(path|path\/posix|util|crypto|module)|(?!node:).*)$/;

/** Who may import whom, from the bottom up. A room sees itself as well. This table is the architecture. */
export const layers: Readonly<Record<string, Layer>> = {
  domain: { rooms: [], packages: none },
  errors: { rooms: [], packages: none },
  machine: { rooms: ['domain', 'errors'], packages: any },
  scenario: { rooms: ['domain', 'machine'], packages: none },
  load: { rooms: ['domain', 'errors', 'scenario'], packages: any },
  plan: { rooms: ['domain'], packages: none },
  diagnose: { rooms: ['domain'], packages: none },
  journal: { rooms: ['domain', 'errors'], packages: any },
  report: { rooms: ['domain'], packages: pure },
  publish: { rooms: ['domain', 'journal', 'report', 'errors'], packages: any },
  tracker: { rooms: ['domain', 'errors'], packages: any },
  index: { rooms: ['domain', 'errors', 'download'], packages: any },
  download: { rooms: ['domain', 'errors', 'machine'], packages: any },
  install: { rooms: ['domain', 'errors', 'machine', 'download'], packages: any },
  run: {
    rooms: ['domain', 'errors', 'scenario', 'machine', 'journal', 'install', 'diagnose'],
    packages: any,
  },
  host: { rooms: ['domain', 'errors', 'machine'], packages: any },
  'providers/qemu': {
    rooms: ['domain', 'errors', 'machine', 'install', 'host', 'download'],
    packages: any,
  },
  'providers/docker': { rooms: ['domain', 'errors', 'machine', 'install', 'host'], packages: any },
  'providers/ssh': { rooms: ['domain', 'errors', 'machine', 'install', 'host'], packages: any },
  commands: {
    rooms: [
      'domain',
      'errors',
      'scenario',
      'machine',
      'load',
      'plan',
      'journal',
      'report',
      'publish',
      'tracker',
      'run',
      'install',
      'index',
      'download',
      'diagnose',
    ],
    packages: any,
  },
  cli: { rooms: ['commands', 'providers/qemu', 'providers/docker', 'providers/ssh'], packages: /^node:/ },
};

/** A clock may be handed in, with the real one as its default (`now = () => new Date()`); it may not be read in passing. */
const outside: readonly (readonly [RegExp, string])[] = [
  [/\bprocess\s*\.\s*(env|argv)\b/, 'reads process.env or process.argv'],
  [/(?<!=>\s*)\b(Date\s*\.\s*now\(|new\s+Date\(\s*\))/, 'asks the clock'],
  [/(?<![.\w'"`])console\s*\.\s*(log|error|warn|info|debug|dir|table|trace)\b/, 'writes to the console'],
];

/** The room a file of `src/` is in: its folder, its provider, or for a file on top its own name. */
export function roomOf(path: string): string {
  const [first = '', second = ''] = path.replace(/\.ts$/, '').split('/');
  return first === 'providers' ? `${first}/${second}` : first;
}

/** Every module that a text imports: static, type-only, for effect, exported from, and by `import()`. */
export function importsOf(text: string): readonly string[] {
  const code = withoutComments(text);
  const patterns = [/\bfrom\s*['"]([^'"]+)['"]/g, /\bimport\s*\(?\s*['"]([^'"]+)['"]/g];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, target = '']) => target));
}

/** Every way in which a file of `src/` breaks the architecture, in words. `path` is below `src/`. */
export function faultsOf(path: string, text: string): readonly string[] {
  const room = roomOf(path);
  const layer = layers[room];
  if (!layer) {
    return [`${room} is in no layer: give it a line in the table`];
  }

  const imported = importsOf(text).flatMap((target) => {
    if (!target.startsWith('.')) {
      return layer.packages.test(target) ? [] : [`${room} may not import ${target}`];
    }
    const other = roomOf(posix.join(posix.dirname(path), target));
    return other === room || layer.rooms.includes(other)
      ? []
      : [`${room} may not import ${other} (${target})`];
  });
  const isOutermost = room === 'cli' || room === 'commands';

  return [...imported, ...(isOutermost ? [] : outsideOf(text).map((fault) => `${room} ${fault}`))];
}

/** Every way in which a file of `scenarios/` leans on the farm at run time, in words. `path` is below `scenarios/`. */
export function scenarioFaultsOf(path: string, text: string): readonly string[] {
  const statements =
    withoutComments(text).match(
      /\bimport\s+[^;'"]*?from\s*['"][^'"]+['"]|\bimport\s*\(?\s*['"][^'"]+['"]/g,
    ) ?? [];
  const isOurs = (target: string) =>
    target.startsWith('.') ? posix.join(posix.dirname(path), target).startsWith('..') : target === 'katafarm';

  return [
    ...statements
      .filter((statement) => !/^import\s+type\b/.test(statement) && importsOf(statement).some(isOurs))
      .map((statement) => `imports at run time: ${statement.replace(/\s+/g, ' ')}`),
    ...outsideOf(text),
  ];
}

function outsideOf(text: string): readonly string[] {
  const code = withoutComments(text);
  return outside.filter(([pattern]) => pattern.test(code)).map(([, fault]) => fault);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
