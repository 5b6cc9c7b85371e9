import { describe, expect, it } from 'vitest';
import { troubleOf } from '../../../../src/providers/qemu/cloud/first-boot.ts';
import { progressOf } from '../../../../src/providers/qemu/cloud/progress.ts';

const grub = 'GRUB loads Linux\r\n';
const kernel = `${grub}[    0.000000] Linux version 6.12.57+deb13-amd64\r\n[    2.100000] Run /init as init process\r\n`;
const local = `${kernel}[   41.2] cloud-init[301]: Cloud-init v. 25.1.4 running 'init-local' at Sun, 22 Nov 2026 12:00:00 +0000. Up 41.20 seconds.\r\n`;
const network = `${local}[   50.3] cloud-init[402]: Cloud-init v. 25.1.4 running 'init' at Sun, 22 Nov 2026 12:00:09 +0000. Up 50.30 seconds.\r\n`;
const older = `${kernel}[   12.5] cloud-init[640]: Cloud-init v. 0.7.9 running 'modules:final' at Sun, 22 Nov 2026 12:00:00 +0000. Up 12.5 seconds.\r\n`;
const ended = `${network}[   88.0] cloud-init[900]: Cloud-init v. 25.1.4 finished at Sun, 22 Nov 2026 12:01:00 +0000. Datasource DataSourceNoCloud [seed=/dev/vdb].  Up 88.00 seconds\r\n`;

describe("a first boot's console", () => {
  it.each([
    ['', 'nothing', /neither a bootloader nor a kernel/],
    [grub, 'firmware', /no kernel came up .*GRUB loads Linux/],
    [kernel, 'kernel', /cloud-init has not begun; it said last: .*Run \/init/],
    [' * OpenRC 0.55.1 is starting up Linux 6.12.56-0-virt (x86_64)\n', 'kernel', /cloud-init has not begun/],
    [local, 'at-work', /still at work, at its stage init-local/],
    [network, 'at-work', /still at work, at its stage init;/],
    [older, 'at-work', /still at work, at its stage modules:final/],
    [ended, 'done', /cloud-init has ended \(.*NoCloud.*did not start/],
  ])('%#: shows how far it has come', (text, at, words) => {
    const progress = progressOf(text);

    expect(progress.at).toBe(at);
    expect(progress.words).toMatch(words);
  });

  it('is no machine that has ended while a stage comes after an end', () => {
    expect(progressOf(network).at).toBe('at-work');
  });

  it('cannot put escapes into a message', () => {
    expect(progressOf('\u001b[31mGRUB\u001b]0;x\u0007').words).not.toMatch(/\p{Cc}/u);
  });
});

describe('how cloud-init ended', () => {
  it.each([
    ['status: done\n', []],
    ['status: none', ['cloud-init ended its first boot with: none']],
    [
      'status: error\nextended_status: error - done\n',
      ['cloud-init ended its first boot with: error - done'],
    ],
    [
      'status: done\nextended_status: degraded done\nboot_status_code: enabled-by-generator\n',
      ['cloud-init ended its first boot with: degraded done'],
    ],
    ['', []],
  ])('%# is recorded where it is not well', (said, trouble) => {
    expect(troubleOf(said)).toEqual(trouble);
  });
});
