import type { Scenario } from '../../src/scenario.ts';
import { mustFail } from '../parts/negative.ts';

export default {
  title: 'Control: a container of Kata does not start on a VMM that ends at once',
  on: ['qemu'],
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc'],
  // Kata waits 50 seconds for QEMU's monitor, whatever became of QEMU.
  stepSeconds: 120,

  run: (t) => mustFail(t, { path: '/usr/bin/false', class: 'vmm-exited' }),
} satisfies Scenario;
