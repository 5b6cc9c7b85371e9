import type { Scenario } from '../../src/scenario.ts';
import { build } from '../parts/build.ts';
import { qemu } from '../parts/build-recipes.ts';

export default {
  title: "The distro's own toolchain builds QEMU",
  on: ['host'],
  needs: { network: true },
  takes: ['qemu'],
  stepSeconds: 800,

  run: (t) => build(t, qemu),
} satisfies Scenario;
