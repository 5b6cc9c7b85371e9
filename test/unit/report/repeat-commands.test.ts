import { describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';
import { byHand } from '../../../src/report/repeat-commands.ts';
import { sharedCommand } from '../../../src/report/shared-command.ts';
import { stepsOf, titleIn } from '../../../src/report/transcript-steps.ts';

const transcript = `[   0.0] debian-12/qemu/vmm.virtiofsd.start, attempt 2: The distro's virtiofsd starts
[   2.0] the machine is up
[   2.0] $ mkdir -p /var/tmp/katafarm
    for one in busybox; do
      command -v "$one"
    done
[   4.1] -- start virtiofsd as Kata does
[   4.1] $ cd /var/tmp/katafarm; . ./virtiofsd.sh
        start_virtiofsd 'Waiting for it' /usr/lib/qemu/virtiofsd --socket-path socket -o announce_submounts
        sleep 0.5
virtiofsd.version=7.2
[   5.9] failed: virtiofsd ended
`;

const commandLines = `[   6.0] -- start QEMU as Kata 3.8.0 (go) does
[   6.0] $ . ./replay.sh
        start_kata 77 /usr/bin/qemu -old
[   7.0] -- start QEMU as Kata 4.1.0 (rust) does
[   7.0] $ . ./replay.sh
        start_kata 77 /usr/bin/qemu -new
[   8.0] -- look at the last
[   8.0] $ true
`;

const kata = `[   5.2] $ cat >kata.env <<END
kata_runtime=io.containerd.kata-qemu.v2
kata_config=/etc/katafarm/qemu/configuration.toml
END
[  10.7] -- run a container by Kata
[  10.7] $ . ./kata.sh
          run_to_end kata sandbox "$kata_image" sandbox             sh -c 'uname -r'
`;

const found = (scenario: ScenarioId, text: string, said: Parameters<typeof byHand>[2] = {}) =>
  byHand(scenario, text, said);

describe('what repeats a failure by hand', () => {
  it('is the command that was started, without what katafarm has around it', () => {
    expect(found('vmm.virtiofsd.start', transcript, { step: 'start virtiofsd as Kata does' })).toMatchObject({
      commands: expect.stringMatching(
        /\n\/usr\/lib\/qemu\/virtiofsd --socket-path socket -o announce_submounts$/,
      ),
      note: expect.stringContaining('"Waiting for it"'),
      plain: true,
    });
  });

  it('is the command line that the message speaks of, out of several', () => {
    const message = 'the QEMU refuses: Kata 3.8.0 (go): ended with 1';

    expect(found('vmm.qemu.kata-cmdline', commandLines, { message })?.commands).toBe('/usr/bin/qemu -old');
  });

  it('is one call of ctr for a container of Kata, by the runtime and configuration that were used', () => {
    expect(found('kata.uname', kata)?.commands).toBe(
      "ctr run --rm --runtime io.containerd.kata-qemu.v2 --runtime-config-path /etc/katafarm/qemu/configuration.toml IMAGE sandbox sh -c 'uname -r'",
    );
  });

  it('is what the scenario ran, and said to be that, where nothing simpler is known', () => {
    expect(found('host.devices', transcript)).toEqual({
      commands: expect.stringMatching(
        /^cd \/var\/tmp\/katafarm; \. \.\/virtiofsd\.sh\nstart_virtiofsd .*\nsleep 0\.5$/,
      ),
      note: expect.stringContaining('Commands as the scenario ran them'),
      plain: false,
    });
  });

  it('is nothing where the transcript has no command', () => {
    expect(found('vmm.virtiofsd.start', '[   0.0] no machine\n')).toBeUndefined();
  });
});

describe('a transcript', () => {
  it('is read by its steps, with commands whole and without what they printed', () => {
    expect(stepsOf(transcript).map(({ name, commands }) => [name, commands.length])).toEqual([
      [undefined, 1],
      ['start virtiofsd as Kata does', 1],
    ]);
    expect(stepsOf(transcript)[0]?.commands[0]).toMatch(/done$/);
    expect(stepsOf(transcript)[1]?.commands[0]).toMatch(/sleep 0\.5$/);
  });

  it('is read by the marks of further lines, where it has them', () => {
    const text = `[   1.0] -- look
[   1.0] $ cat <<END
         >   one
         > END
   indented output
         > not a command's
`;

    expect(stepsOf(text)).toEqual([{ name: 'look', commands: ['cat <<END\n  one\nEND'] }]);
  });

  it('says what the cell is about', () => {
    expect(titleIn(transcript)).toBe("The distro's virtiofsd starts");
    expect(titleIn('')).toBeUndefined();
  });
});

describe('the command that is given to others', () => {
  it('has nothing of the host in it, and files by their names alone', () => {
    const command = [
      ...[
        'debian-12',
        '--mirror',
        'http://u:p@mirror.corp/debian',
        '--kata',
        'file:/home/alice/kata.tar.zst',
      ],
      ...[
        '--jobs=3',
        '--replace',
        'qemu=/srv/builds/qemu',
        '--offline',
        '--prepare',
        './fixes/one.sh',
        '--out',
        '/srv/x',
      ],
    ];

    expect(sharedCommand(cellOf('debian-12', 'qemu', 'kata.uname'), command)).toBe(
      './katafarm run debian-12 --stack qemu --scenario kata.uname --kata file:kata.tar.zst --replace qemu=qemu --prepare one.sh',
    );
  });
});
