import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addToStepSummary, cutMarkdown } from '../../../src/commands/view/step-summary.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'step-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('the summary of a step', () => {
  it('is left alone where there is none', async () => {
    expect(await addToStepSummary({}, '# run\n', 'summary.md')).toBeUndefined();
  });

  it('is added to what other commands of the step wrote', async () => {
    const path = join(folder, 'step.md');
    await writeFile(path, '# before\n');
    await addToStepSummary({ GITHUB_STEP_SUMMARY: path }, '# run\n', 'summary.md');

    expect(await readFile(path, 'utf8')).toBe('# before\n# run\n');
  });

  it('is with what was there no longer than GitHub takes', async () => {
    const path = join(folder, 'step.md');
    await writeFile(path, 'x'.repeat(500_000));
    await addToStepSummary({ GITHUB_STEP_SUMMARY: path }, 'é line\n'.repeat(200_000), 'runs/a/summary.md');
    const text = await readFile(path);

    expect(text.length).toBeLessThanOrEqual(1024 * 1024);
    expect(text.length).toBeGreaterThan(1024 * 1024 - 300);
    expect(text.toString()).toMatch(/é line\n\n\*\*Cut here.*`runs\/a\/summary.md`\.\n$/);
  });

  it('says why it could not be written, and does not throw', async () => {
    expect(await addToStepSummary({ GITHUB_STEP_SUMMARY: folder }, '# run\n', 'summary.md')).toContain(
      `cannot add to the step's summary ${folder}`,
    );
  });
});

describe('Markdown that is cut', () => {
  it('ends the block of code that it is cut in', () => {
    const markdown = `# run\n\`\`\`\`text\n${'output ```\n'.repeat(100)}\`\`\`\`\nafter\n`;
    const text = cutMarkdown(markdown, 600, 'summary.md');

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(600);
    expect(text).toMatch(/output ```\n````\n\n\*\*Cut here/);
  });

  it('is nothing where not even the note has room', () => {
    expect(cutMarkdown('x'.repeat(100), 10, 'summary.md')).toBe('');
  });
});
