import { describe, expect, it } from 'vitest';
import { type Meant, meaningOf, type Watched } from '../../../src/commands/edits.ts';
import { argvFor, watch } from '../../../src/commands/watch.ts';
import { recordedContext } from '../../support/context.ts';

const watched: Watched = {
  scenarios: ['/farm/scenarios'],
  distros: ['/farm/distros'],
  script: '/home/fix.sh',
  out: '/farm/scenarios/reports/runs',
  globs: ['vmm.*'],
  releases: ['debian-13'],
};

describe('what an edit means', () => {
  it.each([
    { path: '/farm/scenarios/vmm/qemu.boot.ts', meant: 'vmm.qemu.boot' },
    { path: '/farm/scenarios/vmm/virtiofs/mount.ts', meant: 'vmm.virtiofs.mount' },
    { path: '/farm/scenarios/host/cpu.ts', meant: undefined },
    { path: '/farm/scenarios/parts/boot-guest.ts', meant: 'all' },
    { path: '/farm/scenarios/vmm/.qemu.boot.ts.swp', meant: undefined },
    { path: '/farm/scenarios/vmm/4913', meant: undefined },
    { path: '/farm/scenarios/vmm/qemu.boot.ts~', meant: undefined },
    { path: '/farm/distros/debian-13.yaml', meant: 'all' },
    { path: '/farm/distros/debian-12.yaml', meant: undefined },
    { path: '/farm/distros/distro.schema.json', meant: undefined },
    { path: '/home/fix.sh', meant: 'all' },
    { path: '/home/other.sh', meant: undefined },
    { path: '/farm/scenarios/parts/guest.sh', meant: 'all' },
    { path: '/farm/scenarios/reports/runs/r/repeat.sh', meant: undefined },
    { path: '/farm/scenarios/reports/runs/r/journal.jsonl', meant: undefined },
    { path: '/farm/scenarios/README.md', meant: undefined },
    { path: '/farm/scenarios/.git/index.ts', meant: undefined },
    { path: '/farm/scenarios/.git/refs/vmm/boot.lock', meant: undefined },
    { path: '/farm/scenarios/node_modules/katafarm/index.d.ts', meant: undefined },
  ])('$path: $meant', ({ path, meant }) => {
    expect(meaningOf(path, watched)).toBe(meant);
  });

  it('is of scenarios as well that are kept in the folder of runs', () => {
    expect(meaningOf('/farm/scenarios/vmm/qemu.boot.ts', { ...watched, out: '/farm' })).toBe('vmm.qemu.boot');
  });

  it('is everything that was chosen where nothing was chosen', () => {
    const all = { ...watched, globs: [], releases: [] };

    expect(meaningOf('/farm/scenarios/host/cpu.ts', all)).toBe('host.cpu');
    expect(meaningOf('/farm/distros/debian-12.yaml', all)).toBe('all');
  });
});

describe('the command line of one run of a watch', () => {
  const argv = [
    'run',
    'debian-13',
    '--scenario',
    'vmm.*',
    'host.*',
    '--watch',
    '--scenario=kata.*',
    '--jobs',
    '1',
  ];

  it('is the one that was given, less --watch', () => {
    expect(argvFor(argv, 'all')).toEqual(argv.filter((word) => word !== '--watch'));
  });

  it('has only the scenarios that were edited, in a form that swallows no release', () => {
    expect(argvFor(argv, ['vmm.qemu.boot', 'vmm.qemu.qmp'])).toEqual([
      ...['run', '--scenario=vmm.qemu.boot', '--scenario=vmm.qemu.qmp', 'debian-13', '--jobs', '1'],
    ]);
  });
});

/** A watch whose edits and runs are made here, one after the other. */
function watching() {
  const stop = new AbortController();
  const started: (readonly string[])[] = [];
  const stopped: string[] = [];
  let over = () => {};
  let edited = Promise.withResolvers<Meant>();
  const context = recordedContext({ signal: stop.signal });
  const pause = () => new Promise((resolve) => setImmediate(resolve));

  const done = watch(context, ['run', 'debian-13', '--watch'], ['debian-13'], {} as never, {
    start: (argv) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      started.push(argv);
      over = resolve;
      return {
        ended: promise,
        stop: (signal) => {
          stopped.push(signal);
          resolve();
        },
      };
    },
    edits: () => ({ next: () => edited.promise, [Symbol.dispose]() {} }),
  });
  // What it ends with is looked at below; until then an interruption must not count as unhandled.
  done.catch(() => {});

  return {
    ...{ stop, started, stopped, done, said: context.said },
    async end() {
      over();
      await pause();
    },
    async edit(meant: Meant) {
      const last = edited;
      edited = Promise.withResolvers();
      last.resolve(meant);
      await pause();
    },
  };
}

describe('katafarm run --watch', () => {
  it('runs again what was edited, once the last run has ended', async () => {
    const { started, said, end, edit } = watching();

    await end();
    await edit(['vmm.qemu.boot']);

    expect(started).toEqual([
      ['run', 'debian-13'],
      ['run', '--scenario=vmm.qemu.boot', 'debian-13'],
    ]);
    expect(said.err).toBe(
      'katafarm: waiting for an edit of a scenario or release; Ctrl-C ends\nkatafarm: edited: vmm.qemu.boot\n',
    );
  });

  it('ends a run that an edit overtakes, and runs what that had not done as well', async () => {
    const { started, stopped, end, edit } = watching();
    await end();
    await edit(['vmm.qemu.boot']);

    await edit(['vmm.qemu.qmp']);

    expect(stopped).toEqual(['SIGINT']);
    expect(started.at(-1)).toEqual([
      ...['run', '--scenario=vmm.qemu.boot', '--scenario=vmm.qemu.qmp', 'debian-13'],
    ]);
  });

  it('passes an interruption on to the run that is going on, and ends with it', async () => {
    const { stop, started, stopped, done } = watching();

    stop.abort('SIGTERM');

    await expect(done).rejects.toBe('SIGTERM');
    expect({ stopped, runs: started.length }).toEqual({ stopped: ['SIGTERM'], runs: 1 });
  });

  it('ends at an interruption while it waits for an edit', async () => {
    const { stop, started, stopped, done, end } = watching();
    await end();

    stop.abort('SIGINT');

    await expect(done).rejects.toBe('SIGINT');
    expect({ stopped, runs: started.length }).toEqual({ stopped: [], runs: 1 });
  });
});
