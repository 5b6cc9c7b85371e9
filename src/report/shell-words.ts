/** Options of a run that make its machines what they are, and that a shell takes alike; with a value, or without. */
const ofMachines: Readonly<Record<string, 'value' | 'alone'>> = {
  '--distros': 'value',
  '--no-bundled': 'alone',
  '--provider': 'value',
  '--ssh': 'value',
  '--accel': 'value',
  '--image': 'value',
  '--image-mirror': 'value',
  '--mirror': 'value',
  '--allow-expired-mirror': 'alone',
  '--with-package': 'value',
  '--with-repo': 'value',
  '--enable-repo': 'value',
  '--prepare': 'value',
  '--prepare-cold': 'value',
  '--trust-first': 'alone',
};

/** Of a run's command those words by which `katafarm shell` has a machine like its own; which Kata is in it is not among them. */
export function shellWords(command: readonly string[]): readonly string[] {
  let isValue = false;
  const hasReleases = command.includes('--distros');
  return command.filter((word) => {
    if (!word.startsWith('--')) {
      return isValue;
    }
    const [name = ''] = word.split('=');
    const kind = Object.hasOwn(ofMachines, name) ? ofMachines[name] : undefined;
    isValue = kind === 'value' && !word.includes('=');
    return kind !== undefined && (hasReleases || name !== '--no-bundled');
  });
}
