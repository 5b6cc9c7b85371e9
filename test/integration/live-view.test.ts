import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from '../support/farm.ts';

const driver = fileURLToPath(new URL('../support/live-driver.ts', import.meta.url));
const journal = join(root, 'test/golden/four-releases.jsonl');
const hasScript = spawnSync('script', ['--version']).status === 0;

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** script(1) gives a command a terminal of its own; what is typed goes there. */
describe.skipIf(!hasScript)('a terminal that a run was shown on', () => {
  it('is as it was before, and everything red is in it', async () => {
    const { text, before, after, status } = await shown(`${journal} 2 300`);

    expect({ status, after }).toEqual({ status: 0, after: before });
    expect(text.lastIndexOf(showCursor)).toBeGreaterThan(text.lastIndexOf(hideCursor));
    expect(stripVTControlCharacters(text)).toContain(
      'debian-sid/runc/control.runc: failed: run a container: exit code 1\r\n',
    );
    expect(text).toContain('of 64 cells');
  });

  it('takes Ctrl-C for what it is, and says that the run is ending', async () => {
    const { text, before, after, status } = await shown(`${journal} 2 2500`, ['\u0003']);

    expect({ status, after }).toEqual({ status: 0, after: before });
    expect(text).toContain('SIGINT: ending in order');
  });

  it('is as it was before after a second Ctrl-C as well, which ends the run at once', async () => {
    const { text, before, after, status } = await shown(`${journal} 2 60000`, ['\u0003', '\u0003']);

    expect({ status, after }).toEqual({ status: 130, after: before });
    expect(text.lastIndexOf(showCursor)).toBeGreaterThan(text.lastIndexOf(hideCursor));
  });

  it('shows the last output on the key o', async () => {
    const { text } = await shown(`${journal} 8 10`, ['o']);

    expect(text).toContain('o hide last output');
    expect(text).toContain('| as the guest printed it: red 日本語');
  });

  it('may become narrower on the way', async () => {
    const { text, status } = await shown(`${journal} 2 2500`, [], '(sleep 1.5; stty cols 30 </dev/tty) &');

    expect(status).toBe(0);
    expect(lastFrame(text).filter((line) => line.length >= 30)).toEqual([]);
  });

  it('has no keys where stdin is something else', async () => {
    const { text, status } = await shown(`${journal} 2 300 </dev/null`);

    expect(status).toBe(0);
    expect(text).toContain('of 64 cells');
    expect(text).not.toContain('o show last output');
  });
});

/** Shows a run on a new terminal of 80 × 24, and types keys one by one once something is drawn. */
async function shown(words: string, keys: readonly string[] = [], beside = ':') {
  // The shell has to outlive a Ctrl-C.
  const script = `trap : INT; stty cols 80 rows 24; echo "before $(stty -g)."; ${beside}
${process.execPath} ${driver} ${words}
echo "status $?."; echo "after $(stty -g)."`;
  const child = spawn('script', ['-qec', script, '/dev/null'], {
    stdio: 'pipe',
    env: { ...process.env, TERM: 'xterm' },
  });
  let text = '';
  let typing: Promise<void> | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
    typing ??= text.includes('o show last output') ? type(child.stdin, keys) : undefined;
  });
  await once(child, 'close');
  await typing;
  const said = (name: string) => new RegExp(`${name} (\\S+)\\.\\r`).exec(text)?.[1];
  return { text, before: said('before'), after: said('after'), status: Number(said('status')) };
}

async function type(stdin: NodeJS.WritableStream, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    stdin.write(key);
  }
}

/** The lines of the last picture that was drawn whole. */
function lastFrame(text: string): readonly string[] {
  const frames = text.split('\u001b[?2026h').filter((part) => part.includes('of 64 cells'));
  const [frame = ''] = (frames.at(-1) ?? '').split('\u001b[?2026l');
  return stripVTControlCharacters(frame).trim().split(/\r?\n/);
}
