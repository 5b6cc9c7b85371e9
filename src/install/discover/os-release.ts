/** What `/etc/os-release` says: os-release(5). */
export type OsRelease = ReadonlyMap<string, string>;

/** Distros whose releases the catalogue calls otherwise than they call themselves. */
const families: Readonly<Record<string, string>> = { amzn: 'amazonlinux', mariner: 'azurelinux' };

/** RHEL's kin: their minor releases are one release. */
const majorOnly = ['rhel', 'almalinux', 'rocky', 'ol', 'centos'];

/** Reads its lines; quotes are taken off. */
export function osReleaseOf(text: string): OsRelease {
  return new Map(
    [...text.matchAll(/^([A-Z0-9_]+)=(?:"(.*)"|'(.*)'|(.*))$/gm)].map(
      ([, key = '', double, single, bare]) => [key, double ?? single ?? bare ?? ''],
    ),
  );
}

/** One lower-case word: `debian`, `opensuse`. */
export function familyOf(os: OsRelease): string {
  const id = (os.get('ID') ?? 'linux').toLowerCase();
  const [first = 'linux'] = (families[id] ?? id).split('-');
  return first.replaceAll(/[^a-z0-9]/g, '').replace(/^[0-9]+/, '') || 'linux';
}

/** Whether it is never released as a whole. */
export function isRolling(os: OsRelease): boolean {
  const id = os.get('ID') ?? '';
  return (
    !os.has('VERSION_ID') ||
    id.endsWith('tumbleweed') ||
    ['arch', 'void', 'gentoo'].includes(id) ||
    /rawhide|_alpha\d|edge/i.test(`${os.get('VERSION_ID')} ${os.get('PRETTY_NAME')}`)
  );
}

/** As the catalogue would call it: `debian-13`, `centos-stream-10`, `arch-rolling`. */
export function idOf(os: OsRelease): string {
  const id = (os.get('ID') ?? 'linux').toLowerCase();
  const name = families[id] ?? id;
  const stem = id === 'centos' && /stream/i.test(os.get('NAME') ?? '') ? 'centos-stream' : name;
  return `${stem}${versionOf(os, id)}`.replaceAll(/[^a-z0-9.-]/g, '');
}

function versionOf(os: OsRelease, id: string): string {
  const version = (os.get('VERSION_ID') ?? '').toLowerCase();
  if (id.endsWith('tumbleweed')) {
    return '';
  }
  if (isRolling(os)) {
    const words = `${os.get('PRETTY_NAME')} ${os.get('VERSION_ID') ?? ''}`;
    const [branch] = /rawhide|_alpha|edge/i.exec(words) ?? [];
    return `-${branch?.toLowerCase().replace('_alpha', 'edge') ?? os.get('VERSION_CODENAME') ?? 'rolling'}`;
  }
  const [major = '', minor] = version.split('.');
  return majorOnly.includes(id) || minor === undefined ? `-${major}` : `-${major}.${minor}`;
}
