import { machineNames } from '../../domain/arch.ts';
import type { Distro } from '../../domain/distro.ts';

/** What a machine says of itself, as pairs; a value of os-release without its quotes. Pure. */
export function pairsIn(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').flatMap((line) => {
    const [, key, value = ''] = /^([\w.]+)=(.*)$/.exec(line.trim()) ?? [];
    return key === undefined ? [] : [[key, value.replace(/^(["'])(.*)\1$/, '$2')] as const];
  });
  return Object.fromEntries(pairs);
}

/** Families that go by another name in os-release. */
const names: Readonly<Record<string, string>> = {
  'centos-stream': 'centos',
  amazonlinux: 'amzn',
  'amazon-linux': 'amzn',
  'azure-linux': 'azurelinux',
  openeuler: 'openEuler',
  'void-linux': 'void',
};

/** Why a machine is not of a release, in words; undefined where it is. `said` are the pairs of its os-release. Pure. */
export function notThisRelease(
  { id, arch, lifecycle }: Pick<Distro, 'id' | 'arch' | 'lifecycle'>,
  said: Readonly<Record<string, string>>,
): string | undefined {
  const [release = ''] = id.split('@');
  const at = release.lastIndexOf('-');
  const [name, version] = [release.slice(0, at), release.slice(at + 1)];
  const { 'os.ID': osId = '', 'os.VERSION_ID': osVersion = '' } = said;
  const own = said['os.PRETTY_NAME'] || [osId, osVersion].filter(Boolean).join(' ') || 'nothing of itself';
  const words = `it says that it is ${own} (ID=${osId || '?'}, VERSION_ID=${osVersion || 'none'})`;

  const isFamily = [names[name] ?? name, names[release] ?? release].includes(osId);
  if (!isFamily || !isVersion(version, osVersion, said, lifecycle.rolling)) {
    return words;
  }
  return said['machine'] === machineNames[arch]
    ? undefined
    : `${words}, on ${said['machine']}, and not ${machineNames[arch]}`;
}

/** `9` is 9.4 as well; a release that goes by a word says it somewhere, or is the only one of its kind. */
function isVersion(
  version: string,
  osVersion: string,
  said: Readonly<Record<string, string>>,
  rolling: boolean,
): boolean {
  if (/^\d/.test(version)) {
    return osVersion === version || osVersion.startsWith(`${version}.`);
  }
  const texts = [said['os.VERSION_CODENAME'], said['os.PRETTY_NAME'], said['os.VERSION'], said['os.ID']];
  const spoken = texts.join(' ').toLowerCase();
  const word = version === 'devel' ? 'development' : version;
  return spoken.split(/[^a-z0-9]+/).includes(word) || (rolling && osVersion === '');
}
