import type { Scenario } from '../../src/scenario.ts';
import { FarmError } from '../parts/farm-error.ts';
import uname from './uname.ts';

// Where the CPU says that it is virtual, Kata keeps its devices from the modern interface (disable-modern=true).
export default {
  ...uname,
  title:
    'A container of Kata runs to its end where the CPU does not say that it is virtual, as on bare metal',
  on: ['qemu', 'clh'],
  needs: { ...uname.needs, bare: true },

  async run(t) {
    const flags = await t.guest.$`sed -n '/^flags/{p;q}' /proc/cpuinfo`.quiet().text();
    if (flags.split(/\s+/).includes('hypervisor')) {
      throw new FarmError("cannot try Kata's way on bare metal: this machine's CPU says that it is virtual");
    }
    await uname.run(t);
  },
} satisfies Scenario;
