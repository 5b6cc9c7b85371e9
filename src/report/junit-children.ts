import type { TestCase } from 'junit-report-builder';
import { plain } from '../domain/text.ts';

/** An element below a test case. */
export interface Child {
  readonly element: string;
  readonly message?: string;
  readonly type?: string;
  readonly text?: string;
  /** Of one that tells of another try: what stands in its `stackTrace`. */
  readonly inner?: string;
}

/** Of one element, in characters: readers take whole files into memory. What is cut is whole in the cell's folder. */
const mostText = 40_000;

/** The order of Surefire's schema. */
const order = [
  'failure',
  'rerunFailure',
  'flakyFailure',
  'skipped',
  'error',
  'rerunError',
  'flakyError',
  'system-out',
];

/**
 * Puts elements into a case as the schemas want them. The package has words for few of them, and puts text into CDATA
 * sections, where it escapes only the first `]]>`.
 */
export function complete(test: TestCase, children: readonly Child[]): void {
  const build = test.build.bind(test);
  const sorted = children.toSorted((a, b) => order.indexOf(a.element) - order.indexOf(b.element));

  test.build = (parent) => {
    const node = build(parent);
    for (const { element, message, type, text, inner } of sorted) {
      const known = node.children.find((one) => 'name' in one && one.name === element);
      const child = known && element !== 'system-out' ? known : node.element(element);
      if (message !== undefined) {
        child.attribute('message', message);
      }
      if (type !== undefined) {
        child.attribute('type', type);
      }
      if (text !== undefined) {
        child.text(cut(plain(text)));
      }
      if (inner !== undefined) {
        child.element('stackTrace').text(cut(plain(inner)));
      }
    }
    return node;
  };
}

/** The beginning and the end: a failure begins with what failed, and output ends with why. */
function cut(text: string): string {
  if (text.length <= mostText) {
    return text;
  }
  const half = mostText / 2;
  const left = text.length - mostText;
  return plain(`${text.slice(0, half)}\n… ${left} characters are left out …\n${text.slice(-half)}`);
}
