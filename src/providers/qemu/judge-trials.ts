import type { Speed } from '../../domain/speed.ts';
import { UserError } from '../../errors.ts';

/**
 * What a kernel with a busybox takes from start to power-off on hardware of speed 1, in milliseconds. Limits are
 * stretched by how much longer it took here. An estimate: no hardware KVM has been measured yet.
 */
const referenceMs = 400;
/** How a small guest fared under one accelerator. */
export interface Trial {
  readonly ms: number;
  /** The CPU flag of hardware virtualisation that the guest saw; `no`; undefined: it never came up. */
  readonly flag?: string;
  /** QEMU's last words, where it ended of itself before a guest came up. */
  readonly ended?: string;
}

/** From what was tried to what will be used. Pure. */
export function judge(
  hardware: Trial | undefined,
  emulated: Trial | undefined,
  obstacle: string | undefined,
  asked: 'auto' | 'kvm' | 'tcg',
): Speed {
  const emulatedIsBetter = asked === 'auto' && hardware?.flag === 'no' && emulates(emulated);
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
    class: emulates(emulated) ? 'tcg+svm' : 'none',
    accelerator: 'tcg',
    factor: stretch(emulated.ms),
    because: `${asked === 'tcg' ? '--accel tcg' : why}; a guest came up under emulation in ${emulated.ms} ms`,
  };
}

/** Emulation has something nested in it: AMD's SVM, or arm64's EL2. */
const emulates = (trial: Trial | undefined) => trial?.flag === 'svm' || trial?.flag === 'el2';

function endOf({ ms, ended }: Trial = { ms: 0 }): string {
  return ended === undefined ? `within ${ms} ms` : `(QEMU ended after ${ms} ms: ${ended})`;
}

const stretch = (ms: number) => Math.max(1, Math.round((ms / referenceMs) * 10) / 10);
