import type { Scenario } from '../../src/scenario.ts';
import { mustFail } from '../parts/negative.ts';

export default {
  title: 'Control: a container of Kata does not start on a VMM that is not there',
  on: ['qemu'],
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc'],
  stepSeconds: 60,

  run: (t) => mustFail(t, { path: '/nonexistent', class: 'hypervisor-path' }),
} satisfies Scenario;
