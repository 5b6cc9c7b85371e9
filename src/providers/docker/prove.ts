import { isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import { limitedBy, untilAborted } from '../../machine/limit.ts';
import type { Proof } from '../../machine/machine.ts';
import { posixQuote } from '../../machine/quote.ts';
import { quietly } from './exec.ts';
import { bootSector, doneStatus, trialArguments } from './kvm-trial.ts';
import type { DockerMachine } from './machine.ts';

const proofSeconds = 30;

/** Whether the distro's own QEMU, in a container, brings a guest up under the host's KVM. */
export async function proveKvm(
  machine: DockerMachine,
  { parts: { qemu } }: Distro,
  signal: AbortSignal,
): Promise<Proof> {
  if (!isPackaged(qemu)) {
    return { nested: false, panicked: false, said: 'not tried: this release packages no QEMU' };
  }
  const argv = [qemu.path, ...trialArguments('/tmp/katafarm-sector', 'kvm')].map(posixQuote).join(' ');
  const script = `echo ${bootSector().toString('base64')} | base64 -d > /tmp/katafarm-sector; exec ${argv}`;
  const started = performance.now();
  const limit = limitedBy(signal, proofSeconds, 'a guest in a container');
  const { status, output } = await untilAborted(quietly(machine.container, ['/bin/sh', '-c', script]), limit);
  const nested = status === doneStatus;
  const nestedMs = Math.round(performance.now() - started);
  return {
    nested,
    panicked: false,
    said: nested ? '' : output.trim().slice(-300),
    ...(nested && { nestedMs }),
  };
}
