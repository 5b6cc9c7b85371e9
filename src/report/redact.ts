/** What is somebody's own on the host that writes a text for others to read. */
export interface Private {
  /** Names of this host, of mirrors and proxies. */
  readonly hosts: readonly string[];
  readonly users: readonly string[];
  /** Absolute folders, and what is written in their place. */
  readonly folders: readonly { readonly path: string; readonly shown: string }[];
  /** Network addresses of this host, MAC addresses too. */
  readonly addresses: readonly string[];
}

/** Names that tell nothing of anybody, and are words of what is reported. */
const common =
  /^(?:root|nobody|user|admin|test|localhost|localdomain|debian|fedora|ubuntu|arch|host|kata|katafarm|kvm|qemu|runc|containerd|virtiofsd)$/i;

const secretName = String.raw`[\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)[\w-]*`;

/** Secrets by their looks, whatever is around them. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, 'SECRET'],
  // In a password a slash or an at sign may stand as it is.
  [/:\/\/[^\s/:'"<>]+:[^\s'"<>]*@/g, '://'],
  [/:\/\/[^\s/'"<>]*@/g, '://'],
  [
    /\b(?:gh[opsur]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|AKIA[0-9A-Z]{16})/g,
    'SECRET',
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, 'SECRET'],
  [/\b((?:proxy-)?authorization\s*[:=]\s*)(?:(?:basic|bearer|token|digest)\s+)?[^\s'"]+/gi, '$1SECRET'],
  [/\b(bearer\s+)[\w.~+/-]{12,}=*/gi, '$1SECRET'],
  [new RegExp(String.raw`(${secretName}["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s"',;&]+)`, 'gi'), '$1SECRET'],
  [new RegExp(String.raw`(--?${secretName}\s+)([^\s-]\S*)`, 'gi'), '$1SECRET'],
];

const shapes: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  [/(\/(?:home|Users)\/)[^\s/:;,"'`()<>|]+/g, '$1USER'],
  // One that was assigned locally, as a machine's is, tells of no hardware.
  [/(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi, (found) => (isLocal(found) ? found : 'MAC')],
  [/(?<![\w.+~-])\d{1,3}(?:\.\d{1,3}){3}(?![\w+~-]|\.\d)/g, (found) => (isPublic(found) ? found : 'ADDRESS')],
  [/(?<![\w:])(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe80):[0-9a-f:]*:[0-9a-f]{1,4}(?![\w:])/gi, 'ADDRESS'],
];

/** Makes what takes secrets out of a text, and whatever tells whose host it was written on. */
export function redactor({ hosts, users, folders, addresses }: Private): (text: string) => string {
  const steps: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
    ...secrets,
    ...folders
      .filter(({ path }) => path.split('/').filter(Boolean).length > 1)
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ path, shown }) => [new RegExp(`${literal(path)}(?![\\w.-])`, 'g'), shown] as const),
    ...shapes.slice(0, 1),
    ...named(addresses).map(
      (one) => [new RegExp(`(?<![\\w:.])${one}(?![\\w:]|\\.\\d)`, 'gi'), 'ADDRESS'] as const,
    ),
    ...shapes.slice(1),
    ...named(hosts).map(
      (one) => [new RegExp(`(?<![\\w-])${one}(?:\\.[a-z][\\w-]*)*(?![\\w-])`, 'gi'), 'HOST'] as const,
    ),
    ...named(users).map((one) => [new RegExp(`(?<![\\w-])${one}(?![\\w-])`, 'g'), 'USER'] as const),
  ];
  // A replacement by a string may name groups, one by a function is taken as it is.
  return (text) =>
    steps.reduce(
      (rest, [pattern, by]) =>
        typeof by === 'string' ? rest.replaceAll(pattern, by) : rest.replaceAll(pattern, by),
      text,
    );
}

/** As patterns; names that are ordinary words or too short to be told from one are left. */
function named(names: readonly string[]): readonly string[] {
  const own = [...new Set(names)].filter((name) => name.length > 2 && !common.test(name) && !isPublic(name));
  return own.toSorted((a, b) => b.length - a.length).map(literal);
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** The second bit of the first byte; or nobody's at all. */
function isLocal(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0 || mac === '00:00:00:00:00:00';
}

/** Loopback, nobody, masks, and the net that QEMU gives every guest: the same on each host. */
function isPublic(address: string): boolean {
  return /^(?:127\.|0\.|255\.|10\.0\.2\.|::1?$)/.test(address);
}
