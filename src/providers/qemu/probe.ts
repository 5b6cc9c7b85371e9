import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Speed } from '../../domain/speed.ts';
import { oneLine } from '../../domain/text.ts';
import { UserError } from '../../errors.ts';
import type { Tell } from '../../machine/machine.ts';
import { hostKey, kvmObstacle } from './host.ts';
import { microInitrd, runMicroGuest } from './micro-guest.ts';

/**
 * What a kernel with a busybox takes from start to power-off on hardware of speed 1, in milliseconds. Limits are
 * stretched by how much longer it took here. An estimate: no hardware KVM has been measured yet.
 */
const referenceMs = 400;
/** The longest that emulation may take for it, however slow the host. */
const emulationLimitMs = 120_000;

const ask = `
/bin/busybox mount -t proc proc /proc
/bin/busybox echo "katafarm-probe:$(/bin/busybox grep -m1 -ow -E 'vmx|svm' /proc/cpuinfo || /bin/busybox echo no)"`;

export interface ProbeRequest {
  readonly qemu: string;
  readonly kernel: string;
  /** A static busybox. */
  readonly busybox: string;
  readonly accelerator: 'auto' | 'kvm' | 'tcg';
  /** Measures anew, whatever is remembered. */
  readonly fresh: boolean;
  readonly cache: string;
  readonly scratch: string;
}

/** How a small guest fared under one accelerator. */
export interface Trial {
  readonly ms: number;
  /** The CPU flag of hardware virtualisation that the guest saw; `no`; undefined: it never came up. */
  readonly flag?: string;
  /** QEMU's last words, where it ended of itself before a guest came up. */
  readonly ended?: string;
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
  const obstacle = await kvmObstacle();
  const initrd = join(request.scratch, 'probe.cpio');
  await writeFile(initrd, await microInitrd(request.busybox, ask));
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

/** From what was tried to what will be used. Pure. */
export function judge(
  hardware: Trial | undefined,
  emulated: Trial | undefined,
  obstacle: string | undefined,
  asked: ProbeRequest['accelerator'],
): Speed {
  const emulatedIsBetter = asked === 'auto' && hardware?.flag === 'no' && emulated?.flag === 'svm';
  if (hardware?.flag && !emulatedIsBetter) {
    const nested = hardware.flag !== 'no';
    const because = `a guest came up under KVM in ${hardware.ms} ms${nested ? '' : ', without nested virtualisation'}`;
    return {
      class: nested ? 'kvm-nested' : 'kvm',
      accelerator: 'kvm',
      factor: stretch(hardware.ms),
      because,
    };
  }

  const unfit = emulatedIsBetter
    ? 'a guest came up under KVM, but without nested virtualisation'
    : `/dev/kvm is there, but no guest came up under it ${endOf(hardware)}`;
  const why = obstacle ?? unfit;
  if (asked === 'kvm') {
    throw new UserError(`cannot use KVM, which --accel asks for: ${why}`, { exitCode: 3 });
  }
  if (!emulated?.flag) {
    const hopeless = `no guest came up under emulation ${endOf(emulated)}`;
    throw new UserError(
      `cannot run machines on this host: ${asked === 'tcg' ? '' : `${why}; `}${hopeless}\n` +
        'see `katafarm doctor`; a VM host must offer nested virtualisation, or QEMU must be whole',
      { exitCode: 3 },
    );
  }
  return {
    class: emulated.flag === 'svm' ? 'tcg+svm' : 'none',
    accelerator: 'tcg',
    factor: stretch(emulated.ms),
    because: `${asked === 'tcg' ? '--accel tcg' : why}; a guest came up under emulation in ${emulated.ms} ms`,
  };
}

function endOf({ ms, ended }: Trial = { ms: 0 }): string {
  return ended === undefined ? `within ${ms} ms` : `(QEMU ended after ${ms} ms: ${ended})`;
}

const stretch = (ms: number) => Math.max(1, Math.round((ms / referenceMs) * 10) / 10);

async function attempt(
  { qemu, kernel }: ProbeRequest,
  initrd: string,
  accelerator: 'kvm' | 'tcg',
  signal: AbortSignal,
): Promise<Trial> {
  const started = performance.now();
  const name = `katafarm-probe-${accelerator}`;
  const limit = emulationLimitMs;
  const said = await runMicroGuest({ qemu, name, accelerator, kernel, initrd, signal, limit }).catch(
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
