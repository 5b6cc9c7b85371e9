import { refused, unmet } from '../managers/apt.ts';
import { aptScript, folder, stages } from './apt-script.ts';
import type { OverlayEnd, OverlayManager, OverlayTrouble } from './manager.ts';

const full = /No space left on device/;

function judge({ code, err, out }: OverlayEnd): OverlayTrouble | undefined {
  const detail = err.trim().split('\n').slice(-60).join('\n');
  const farm = (message: string): OverlayTrouble => ({ whose: 'farm', message, detail });
  const packages = (message: string): OverlayTrouble => ({ whose: 'packages', message, detail });
  const said = detail.split('\n').findLast((line) => /^(E|Error|Err):/.test(line)) ?? lastOf(detail);

  switch (code) {
    case 0:
      return undefined;
    case stages.index:
      return farm(`cannot read the package index: ${said}`);
    case stages.nothing:
      return farm(
        'cannot compare anything: the overlay has nothing newer than what is installed; name packages by --with-package',
      );
    case stages.kernel:
      return farm(
        "cannot test a kernel by an overlay: machines boot the kernel of the release's image; leave its package out",
      );
    case stages.resolve:
      if (!out.includes('indexed yes')) {
        return farm(`cannot read the release's package index, without which nothing is resolved: ${said}`);
      }
      return unmet.test(detail)
        ? packages(`the overlay can't be installed: ${unmetIn(detail) ?? said}`)
        : farm(`cannot have the overlay resolved: ${said}`);
    case stages.fetch:
      return farm(`cannot download what the overlay needs: ${said}`);
    case stages.install:
      return refused.test(detail) && !full.test(detail)
        ? packages(`the overlay can't be installed: ${refusedIn(detail) ?? said}`)
        : farm(`cannot install the overlay: ${full.test(detail) ? "the machine's disk is full" : said}`);
    default:
      return farm(`cannot install the overlay (status ${code}): ${lastOf(detail)}`);
  }
}

const lastOf = (text: string) => text.split('\n').at(-1) ?? '';

/** ` x : Depends: y but it is not installable`, or by the newer solver `2. x:amd64 Depends y but …`. */
function unmetIn(text: string): string | undefined {
  const line = /^ .*\b(Pre-Depends|Depends|Conflicts|Breaks)\b.*$/m.exec(text)?.[0];
  return line?.trim().replaceAll(/\s+/g, ' ');
}

function refusedIn(text: string): string | undefined {
  const [found] = /^dpkg: error processing .*(\n .*)?/m.exec(text) ?? [];
  return found?.replaceAll(/\s+/g, ' ');
}

/** For releases whose package manager is apt. Tried on Debian 12 and 13. */
export const aptManager: OverlayManager = {
  magic: '!<arch>\ndebian-binary',
  kind: 'Debian package',
  folder,
  source: (place, suite = './', components = []) =>
    ['deb', '[trusted=yes]', place, suite, ...components].join(' '),
  script: aptScript,
  judge,
};
