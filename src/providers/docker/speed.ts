import type { Speed } from '../../domain/speed.ts';
import type { Devices } from './devices.ts';

/** What guests in containers can have, by what the host has. Pure. */
export function speedOf({ usable, lacking }: Devices): Speed {
  return usable.includes('/dev/kvm')
    ? {
        ...{ class: 'kvm-nested', accelerator: 'kvm', factor: 1 },
        because: 'containers run on the host itself, and a guest came up under its KVM',
      }
    : {
        ...{ class: 'none', accelerator: 'tcg', factor: 1 },
        because: `containers run on the host itself; guests in them have no KVM: /dev/kvm: ${lacking['/dev/kvm'] ?? 'not looked at'}`,
      };
}
