import type { Scenario } from '../../src/scenario.ts';
import { build } from '../parts/build.ts';
import { clh } from '../parts/build-recipes.ts';

export default {
  title: "The distro's own toolchain builds cloud-hypervisor",
  on: ['host'],
  needs: { network: true },
  takes: ['clh'],
  stepSeconds: 800,

  run: (t) => build(t, clh),
} satisfies Scenario;
