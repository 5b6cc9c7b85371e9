/**
 * Which of two packages' versions is the later one: less than 0, 0, more than 0. By deb-version(7): epoch, upstream
 * version, revision; `~` is before the end, letters before other characters, numbers by their value.
 */
export function compareVersions(a: string, b: string): number {
  const [ours, theirs] = [piecesOf(a), piecesOf(b)];
  return (
    compareRuns(ours.epoch, theirs.epoch) ||
    compareRuns(ours.upstream, theirs.upstream) ||
    compareRuns(ours.revision, theirs.revision)
  );
}

/** The same of releases of Kata: `4.1.0-rc0` is before `4.1.0`. */
export function compareReleases(a: string, b: string): number {
  const plain = (version: string) => version.replace(/^v/, '').replaceAll('-', '~');
  return compareVersions(plain(a), plain(b));
}

/** Whether a text is a range: comparisons that all have to hold, as `>=1:7.2 <1:8`. */
export function isRange(text: string): boolean {
  return text
    .trim()
    .split(/\s+/)
    .every((word) => comparison.test(word));
}

/** Whether a version lies in a range. Throws a TypeError for a text that is no range. */
export function isWithin(version: string, range: string, compare = compareVersions): boolean {
  return range
    .trim()
    .split(/\s+/)
    .every((word) => {
      const [, operator, bound] = comparison.exec(word) ?? [];
      if (operator === undefined || bound === undefined) {
        throw new TypeError(`"${range}" is no range of versions`);
      }
      return holds(operator, compare(version, bound));
    });
}

const comparison = /^(>=|<=|>|<|=)([0-9][A-Za-z0-9.+:~-]*)$/;

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    default:
      return order === 0;
  }
}

function piecesOf(version: string) {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version.trim()) ?? [];
  const cut = rest.lastIndexOf('-');
  return cut < 0
    ? { epoch, upstream: rest, revision: '' }
    : { epoch, upstream: rest.slice(0, cut), revision: rest.slice(cut + 1) };
}

/** Runs of other characters and of digits, in turn. */
function compareRuns(a: string, b: string): number {
  const [ours, theirs] = [runsOf(a), runsOf(b)];
  const length = Math.max(ours.length, theirs.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [ours[index] ?? '', theirs[index] ?? ''];
    const order = index % 2 === 0 ? compareWords(left, right) : compareNumbers(left, right);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

/** Words at even places, digits at odd ones. */
function runsOf(text: string): readonly string[] {
  return [...text.matchAll(/(\D*)(\d*)/g)].flatMap(([, word = '', digits = '']) => [word, digits]);
}

function compareWords(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = weightOf(a[index]) - weightOf(b[index]);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

function weightOf(character: string | undefined): number {
  if (character === undefined) {
    return 0;
  }
  if (character === '~') {
    return -1;
  }
  const code = character.codePointAt(0) ?? 0;
  return /[A-Za-z]/.test(character) ? code : code + 256;
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [BigInt(a || 0), BigInt(b || 0)];
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
