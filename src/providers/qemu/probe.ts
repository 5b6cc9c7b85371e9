import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '../../domain/arch.ts';
import type { Speed } from '../../domain/speed.ts';
import { oneLine } from '../../domain/text.ts';
import type { Tell } from '../../machine/machine.ts';
import { boards } from './arch.ts';
import { hostKey, kvmObstacle } from './host.ts';
import { judge, type Trial } from './judge-trials.ts';
import { microInitrd, runMicroGuest } from './micro-guest.ts';

/** The longest that emulation may take for it, however slow the host. */
const emulationLimitMs = 120_000;

const ask = (flag: string) => `
/bin/busybox mount -t proc proc /proc
/bin/busybox echo "katafarm-probe:$(${flag} || /bin/busybox echo no)"`;

export interface ProbeRequest {
  readonly qemu: string;
  /** Of its machines. */
  readonly arch: Arch;
  readonly kernel: string;
  /** A static busybox. */
  readonly busybox: string;
  readonly accelerator: 'auto' | 'kvm' | 'tcg';
  /** Measures anew, whatever is remembered. */
  readonly fresh: boolean;
  readonly cache: string;
  readonly scratch: string;
}

/**
 * Stage 1: boots a small guest under each accelerator, all at once. A device node proves nothing: a software KVM
 * opens, answers its ioctls, and never brings a stock kernel up. Remembered until the host or its QEMU changes.
 * Throws a UserError (exit 3) if nothing works.
 */
export async function probe(request: ProbeRequest, tell: Tell, signal: AbortSignal): Promise<Speed> {
  const file = join(request.cache, 'probe', `${await hostKey(request.qemu)}.json`);
  if (!request.fresh) {
    const known = await readFile(file, 'utf8').catch(() => undefined);
    if (known !== undefined) {
      return JSON.parse(known) as Speed;
    }
  }

  tell('probing what machines can do on this host');
  const { host, flag } = boards[request.arch];
  const obstacle =
    host === process.arch
      ? await kvmObstacle()
      : `this host is ${process.arch}, and its KVM runs no ${request.arch}`;
  const initrd = join(request.scratch, 'probe.cpio');
  await writeFile(initrd, await microInitrd(request.busybox, ask(flag)));
  const tries = (which: 'kvm' | 'tcg', limit: AbortSignal) => attempt(request, initrd, which, limit);

  const patience = new AbortController();
  const withKvm =
    request.accelerator === 'tcg' || obstacle
      ? undefined
      : tries('kvm', AbortSignal.any([signal, patience.signal]));
  const emulated = request.accelerator === 'kvm' ? undefined : await tries('tcg', signal);
  const grace = Math.max(6_000, 4 * (emulated?.ms ?? 5_000)) - (emulated?.ms ?? 0);
  const timer = setTimeout(() => patience.abort(), Math.max(0, grace));
  const hardware = await withKvm;
  clearTimeout(timer);
  signal.throwIfAborted();
  const speed = judge(hardware, emulated, obstacle, request.accelerator);
  if (request.accelerator === 'auto') {
    await mkdir(join(request.cache, 'probe'), { recursive: true });
    await writeFile(`${initrd}.json`, JSON.stringify(speed));
    await rename(`${initrd}.json`, file);
  }
  return speed;
}

async function attempt(
  { qemu, arch, kernel }: ProbeRequest,
  initrd: string,
  accelerator: 'kvm' | 'tcg',
  signal: AbortSignal,
): Promise<Trial> {
  const started = performance.now();
  const name = `katafarm-probe-${accelerator}`;
  const limit = emulationLimitMs;
  const said = await runMicroGuest({ qemu, arch, name, accelerator, kernel, initrd, signal, limit }).catch(
    () => '',
  );
  const ms = Math.round(performance.now() - started);
  const flag = said.match(/katafarm-probe:(\w+)/)?.[1];
  if (flag) {
    return { ms, flag };
  }
  const last = oneLine(said.trim().split('\n').at(-1) ?? '', 200) || 'without a word';
  return { ms, ...(!signal.aborted && ms < limit && { ended: last }) };
}
