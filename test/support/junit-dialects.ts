import { XMLParser } from 'fast-xml-parser';

/** What a consumer lets an element be. */
interface Rule {
  readonly required: readonly string[];
  readonly allowed?: readonly string[];
  /** Elements below it, in this order where the dialect has one. */
  readonly children: readonly string[];
  /** Of these at most one each. */
  readonly single?: readonly string[];
  readonly hasText?: true;
}

export interface Dialect {
  readonly isOrdered: boolean;
  readonly time: RegExp;
  readonly elements: Readonly<Record<string, Rule>>;
}

const outputs = ['system-out', 'system-err'];
const reruns = ['rerunFailure', 'flakyFailure', 'rerunError', 'flakyError'];
const verdict = (required: readonly string[]): Rule => ({
  ...{ required, allowed: ['message', 'type'], children: [], hasText: true },
});
const rerun: Rule = {
  ...{ required: ['type'], allowed: ['message'], children: ['stackTrace', ...outputs] },
  single: ['stackTrace', ...outputs],
};
const text: Rule = { required: [], children: [], hasText: true };
const plain = { property: { required: ['name', 'value'], children: [] }, stackTrace: text };

/** What Jenkins' xUnit plugin checks files of JUnit's by: its schema junit-10, read at commit 031e285. */
export const jenkins: Dialect = {
  isOrdered: false,
  time: /^\d*(\.\d*)?$/,
  elements: {
    testsuites: {
      required: [],
      allowed: ['name', 'time', 'tests', 'failures', 'errors'],
      children: ['testsuite'],
    },
    testsuite: {
      required: ['name', 'tests', 'failures', 'errors'],
      allowed: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
      children: ['properties', 'testcase', ...outputs],
    },
    testcase: {
      required: ['name'],
      allowed: ['time', 'classname', 'group'],
      children: ['skipped', 'error', 'failure', ...reruns, ...outputs],
    },
    properties: { required: [], children: ['property'] },
    failure: verdict([]),
    error: verdict([]),
    skipped: verdict([]),
    ...Object.fromEntries(reruns.map((name) => [name, rerun])),
    ...Object.fromEntries(outputs.map((name) => [name, text])),
    ...plain,
  },
};

/**
 * What Maven's Surefire writes: its schema surefire-test-report, read at commit 15475f2. It knows one suite a file, and no
 * time of a suite's beginning, which its readers take all the same.
 */
export const surefire: Dialect = {
  isOrdered: true,
  time: /^\d*(\.\d{0,3})?$/,
  elements: {
    testsuites: { required: [], allowed: ['name', 'tests', 'failures', 'errors'], children: ['testsuite'] },
    testsuite: {
      required: ['name', 'tests', 'errors', 'skipped', 'failures'],
      allowed: ['time', 'group', 'timestamp'],
      children: ['properties', 'testcase'],
    },
    testcase: {
      required: ['name', 'time'],
      allowed: ['classname', 'group'],
      children: [
        ...['failure', 'rerunFailure', 'flakyFailure', 'skipped', 'error', 'rerunError', 'flakyError'],
        ...outputs,
      ],
      single: ['skipped', 'error', ...outputs],
    },
    properties: { required: [], children: ['property'] },
    failure: verdict(['type']),
    error: verdict(['type']),
    skipped: { required: [], allowed: ['message'], children: [], hasText: true },
    ...Object.fromEntries(reruns.map((name) => [name, rerun])),
    ...Object.fromEntries(outputs.map((name) => [name, text])),
    ...plain,
  },
};

type Node = Readonly<Record<string, unknown>> & { readonly ':@'?: Readonly<Record<string, string>> };

/** Whatever in a file is against a dialect, each with the path of the element. */
export function againstDialect(xml: string, { elements, isOrdered, time }: Dialect): readonly string[] {
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '' });
  const roots = (parser.parse(xml) as readonly Node[]).filter((node) => nameOf(node) !== '?xml');
  return roots.flatMap((root) => check(root, nameOf(root)));

  function check(node: Node, path: string): readonly string[] {
    const rule = elements[nameOf(node)];
    if (!rule) {
      return [`${path}: is not known`];
    }
    const attributes = Object.keys(node[':@'] ?? {});
    const known = [...rule.required, ...(rule.allowed ?? [])];
    const below = (node[nameOf(node)] as readonly Node[]).filter((one) => nameOf(one) !== '#text');
    const hasText = (node[nameOf(node)] as readonly Node[]).some(
      (one) => nameOf(one) === '#text' && String(one['#text']).trim() !== '',
    );
    const names = below.map(nameOf);
    const places = names.map((name) => rule.children.indexOf(name));

    return [
      ...rule.required.filter((name) => !attributes.includes(name)).map((name) => `${path}: lacks ${name}`),
      ...attributes.filter((name) => !known.includes(name)).map((name) => `${path}: has ${name}`),
      ...(node[':@']?.['time'] === undefined || time.test(node[':@']['time']) ? [] : [`${path}: bad time`]),
      ...names
        .filter((name) => !rule.children.includes(name))
        .map((name) => `${path}: may have no ${name} below it`),
      ...(rule.single ?? [])
        .filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
        .map((name) => `${path}: has more than one ${name}`),
      ...(isOrdered && places.some((place, index) => place < (places[index - 1] ?? 0))
        ? [`${path}: ${names.join(', ')} is another order`]
        : []),
      ...(hasText && !rule.hasText ? [`${path}: has text`] : []),
      ...below.flatMap((child, index) => check(child, `${path}/${nameOf(child)}[${index}]`)),
    ];
  }
}

const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? '';
