import { ageHere, isAlone } from './beside.ts';
import type { Case } from './case.ts';
import { nobody, type Resolved } from './resolved.ts';

/** By which is older: the distro's or the one that Kata ships. */
export function virtiofsdByAge(one: Case): Resolved {
  const age = ageHere(one, 'virtiofsd');
  if (age === 'older') {
    return {
      component: 'distro-virtiofsd',
      because: "the distro's virtiofsd is older than the one that Kata ships",
    };
  }
  return age === 'newer' && isAlone(one)
    ? {
        component: 'kata',
        because: "the distro's virtiofsd is newer than Kata's own, and the arguments are Kata's to change",
      }
    : nobody("the distro's virtiofsd is no older than Kata's own, or it is not known: only a swap tells");
}

/** To read nothing where the first answer is due means that the other side has hung up: qemu hw/virtio/vhost-user.c. */
export function handshake(one: Case): Resolved {
  const said = [one.outcome.message, one.outcome.detail ?? '', ...one.lines.map(({ text }) => text)].join(
    '\n',
  );
  return isAlone(one) &&
    /Read 0 instead of \d+\. Original request 1\b|Failed to write msg\. Wrote -1 instead of/.test(said)
    ? {
        component: 'distro-virtiofsd',
        because: "virtiofsd hung up at the VMM's first word, without Kata as well",
      }
    : nobody('which of the two does not understand the other, only a swap tells');
}
