import { containerFaults } from './bank/containers.ts';
import { farmFaults } from './bank/farm.ts';
import { hostFaults } from './bank/host.ts';
import { kernelFaults } from './bank/kernel.ts';
import { packageFaults } from './bank/packages.ts';
import { policyFaults } from './bank/policy.ts';
import { virtiofsdFaults } from './bank/virtiofsd.ts';
import { vmmFaults } from './bank/vmm.ts';
import type { Fault } from './fault.ts';

/** Every fault that can be planted without Kata. A new one is a row. */
export const bank: readonly Fault[] = [
  ...kernelFaults,
  ...hostFaults,
  ...vmmFaults,
  ...virtiofsdFaults,
  ...containerFaults,
  ...policyFaults,
  ...farmFaults,
  ...packageFaults,
];
