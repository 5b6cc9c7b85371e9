import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Distro } from '../../src/domain/distro.ts';
import { guestOf } from '../../src/machine/guest.ts';
import type { BootRequest, Image, Machine, Provider } from '../../src/machine/machine.ts';
import type { SshOptions } from '../../src/providers/ssh/holds.ts';
import { sshProvider } from '../../src/providers/ssh/provider.ts';
import { distroLike } from '../support/domain.ts';
import { until } from '../support/processes.ts';
import { canServeSsh, type Sshd, startSshd } from '../support/sshd.ts';

const never = new AbortController().signal;

/** A machine of sorts restarts, and takes its time to go down: it has another boot id, nothing of /run, and whoever was logged in is gone. */
const restarting = `
mount -t tmpfs tmpfs /usr/local/sbin
echo first >/usr/local/sbin/boot_id
mount --bind /usr/local/sbin/boot_id /proc/sys/kernel/random/boot_id
cat >/usr/local/sbin/systemctl <<'end'
#!/bin/sh
case $1 in
  reboot) sleep 6; echo second >/usr/local/sbin/boot_id; rm -rf /run/katafarm-*; pkill -KILL -f '^sshd(-session)?: root' ;;
  is-system-running) echo running ;;
esac
end
chmod 755 /usr/local/sbin/systemctl`;
const debian12: Distro = distroLike({ id: 'debian-12', title: 'Debian 12 (bookworm)' });
const shell = (machine: Machine) => guestOf(machine, () => {}).$;

describe.skipIf(!canServeSsh)('a machine that exists, by SSH', { timeout: 60_000 }, () => {
  let sshd: Sshd;
  let folder = '';
  const said: string[] = [];
  let provider: Provider;
  let image: Image;
  let count = 0;

  const tell = (line: string) => said.push(line);
  const optionsFor = (more: Partial<SshOptions> = {}): SshOptions => ({
    ...{ targets: { '': sshd.target }, config: sshd.config, cache: folder, now: () => new Date() },
    ...{ mayInstall: false, mayRestart: false, ...more },
  });
  const request = (more: Partial<BootRequest> = {}): BootRequest => {
    count += 1;
    return {
      ...{ name: `cell-${count}`, run: 'test', batch: 'debian-12/ssh', memoryMiB: 0, network: true },
      speed: { class: 'none', accelerator: 'kvm', factor: 1, because: 'nobody asked' },
      ...{ purpose: 'commands', logs: folder, announce: async () => {}, signal: never, ...more },
    };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ssh-provider-'));
    sshd = await startSshd();
    provider = sshProvider(optionsFor());
    image = await provider.image(debian12, tell, never);
  });
  afterAll(async () => {
    await provider[Symbol.asyncDispose]();
    await sshd[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  it('runs commands: output, errors and exit status come back, and 255 is kept for the way', async () => {
    await using machine = await provider.boot(image, request());
    const $ = shell(machine);

    const one = await $`echo ${"it's here"}; echo beside >&2; exit 7`.nothrow();
    const two = await $`exit 255`.nothrow();

    expect([one.stdout, one.stderr, one.exitCode, two.exitCode]).toEqual(["it's here\n", 'beside\n', 7, 254]);
  });

  it('copies files in and out, byte for byte, with their permissions', async () => {
    await using machine = await provider.boot(image, request());
    const [there, back] = [join(folder, 'there'), join(folder, 'back')];
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    await writeFile(there, bytes, { mode: 0o755 });

    await machine.push(there, '/var/tmp/copy');
    await machine.pull('/var/tmp/copy', back);

    expect((await readFile(back)).equals(bytes)).toBe(true);
    expect(await shell(machine)`stat -c %a /var/tmp/copy`.text()).toBe('755\n');
  });

  it("gives a command an input that is at its end, or the child's own where it is asked for", async () => {
    await using machine = await provider.boot(image, request());
    const heard = async (input: boolean) => {
      const child = machine.spawn('cat', { input });
      const out = text(child.stdout as Readable);
      child.stdin?.end('written');
      return await out;
    };

    expect([await heard(false), await heard(true)]).toEqual(['', 'written']);
  });

  it('says that it has no clones, and what the machine is to the record', () => {
    expect(said.join('\n')).toMatch(
      /can't be cloned: all is done on the machine itself, cells one after the other/,
    );
    expect(provider.freeze).toBeUndefined();
    expect(image.deviations.join('\n')).toMatch(/a machine that existed before/);
    expect(Object.keys(image.packages).length).toBeGreaterThan(50);
  });

  it('ends what a cell left running, and removes where it worked, before the next one comes', async () => {
    {
      await using first = await provider.boot(image, request());
      await shell(first)`mkdir -p /var/tmp/katafarm/vmm.qemu.boot; setsid sleep 4711 >/dev/null 2>&1 &`;
      expect(sshd.inside('pgrep -fc "^sleep 4711"')).toBe('1');
    }
    await using second = await provider.boot(image, request());

    const left = await shell(second)`pgrep -f '^sleep 4711' || ls -d /var/tmp/katafarm`.nothrow();

    expect(left.stdout).toBe('');
    expect(said.join('\n')).toMatch(/ended after cell-\d+: process \d+: sleep 4711/);
  });

  it('leaves alone what is not its own', async () => {
    sshd.inside('setsid sleep 4712 >/dev/null 2>&1 & mkdir -p /run/somebody /var/tmp/theirs');
    {
      await using machine = await provider.boot(image, request());
      await shell(machine)`true`;
    }

    expect(sshd.inside('pgrep -fc "^sleep 4712"; ls -d /run/somebody /var/tmp/theirs')).toBe(
      '1\n/run/somebody\n/var/tmp/theirs',
    );
    sshd.inside('pkill -f "^sleep 4712"');
  });

  it('is one machine: the second cell waits until the first has let go', async () => {
    const first = await provider.boot(image, request());
    let isUp = false;
    const second = provider.boot(image, request()).then((machine) => {
      isUp = true;
      return machine;
    });

    await sleep(500);
    const before = isUp;
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();

    expect([before, isUp]).toEqual([false, true]);
  });

  it('loses a machine in the middle as ssh does: status 255, and says whether it still answers', async () => {
    const machine = await provider.boot(image, request());
    const child = machine.spawn('echo begun; sleep 600');
    const closed = once(child, 'close');
    await once(child.stdout as Readable, 'data');

    sshd.cut();

    expect((await closed)[0]).toBe(255);
    expect(await machine.answers()).toBe(true);
    await machine[Symbol.asyncDispose]();
    await using next = await provider.boot(image, request());
    expect((await shell(next)`pgrep -f '^sleep 600'`.nothrow()).stdout).toBe('');
  });

  it('does not restart it unless that is allowed', async () => {
    await using machine = await provider.boot(image, request());

    await expect(machine.reboot()).rejects.toThrow(
      /cannot restart .*: nobody has allowed it; --allow-reboot does/,
    );
  });

  it('does not run a cell whose part the machine lacks, and says what would help', async () => {
    const lacking: Distro = {
      ...debian12,
      parts: {
        ...debian12.parts,
        virtiofsd: { package: 'virtiofsd', path: '/nowhere/virtiofsd', source: 'a test', trust: 'read' },
      },
    };
    const seen = await provider.image(lacking, tell, never);

    await expect(provider.boot(seen, request({ parts: ['virtiofsd'] }))).rejects.toThrow(
      /it lacks virtiofsd, which --yes installs/,
    );
  });

  it('refuses a machine of another release, with both names', async () => {
    await using other = sshProvider(optionsFor());

    await expect(other.image(distroLike(), tell, never)).rejects.toThrow(
      /cannot take root@127\.0\.0\.1:\d+ for debian-13: it says that it is Debian 12 .*\nname the machine's own release/,
    );
  });

  it('refuses a second farm while one is at work there', { timeout: 60_000 }, async () => {
    await using other = sshProvider(optionsFor());

    await expect(other.image(debian12, tell, never)).rejects.toThrow(/another katafarm is at work there/);
  });

  it('leaves nothing behind, and takes the machine again', async () => {
    await provider[Symbol.asyncDispose]();

    expect(sshd.inside('ls -d /run/katafarm-* /var/tmp/katafarm 2>/dev/null || :')).toBe('');
  });

  it('leaves nothing when its farm is killed, and what a guard could not end the next contact does', async () => {
    await provider[Symbol.asyncDispose]();
    const script = `
      import { sshProvider } from ${JSON.stringify(join(import.meta.dirname, '../../src/providers/ssh/provider.ts'))};
      const [options, distro] = JSON.parse(process.argv[1]);
      const provider = sshProvider({ ...options, now: () => new Date() });
      const signal = new AbortController().signal;
      const image = await provider.image(distro, () => {}, signal);
      const speed = { class: 'none', accelerator: 'kvm', factor: 1, because: '' };
      const machine = await provider.boot(image, { name: 'killed', speed, announce: async () => {}, signal });
      machine.spawn('mkdir -p /var/tmp/katafarm/x; sleep 4713').stdout.resume();
      console.log('up');
      setInterval(() => {}, 1000);`;
    const given = JSON.stringify([{ ...optionsFor(), now: undefined }, debian12]);
    const farm = spawn(process.execPath, ['--input-type=module', '-e', script, given], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(farm.stdout, 'data');
    await until('the farm is at work', () => sshd.inside('pgrep -fc "^sleep 4713" || :') === '1', 20_000);

    farm.kill('SIGKILL');

    await until(
      'nothing is left',
      () =>
        sshd.inside('pgrep -f "^sleep 4713" || ls -d /run/katafarm-* /var/tmp/katafarm 2>/dev/null || :') ===
        '',
      20_000,
    );
    sshd.inside('mkdir -p /run/katafarm-deadbeef; echo 999999 >/run/katafarm-deadbeef/guard');
    sshd.inside('KATAFARM_CELL=deadbeef.3. setsid sleep 4714 >/dev/null 2>&1 &');
    await using next = sshProvider(optionsFor());
    await next.image(debian12, tell, never);
    expect(said.join('\n')).toMatch(/removed what a dead run left: process \d+: sleep 4714/);
    expect(sshd.inside('ls -d /run/katafarm-deadbeef 2>/dev/null || pgrep -f "^sleep 4714" || :')).toBe('');
  });
});

describe.skipIf(!canServeSsh)('a machine that may be restarted', { timeout: 60_000 }, () => {
  const speed = { class: 'none', accelerator: 'kvm', factor: 1, because: 'nobody asked' } as const;

  it('boots again, and goes on by a way that is as good as the first', async () => {
    await using sshd = await startSshd();
    const cache = await mkdtemp(join(tmpdir(), 'ssh-restart-'));
    sshd.inside(restarting);
    await using provider = sshProvider({
      ...{ targets: { '': sshd.target }, config: sshd.config, cache, now: () => new Date() },
      ...{ mayInstall: false, mayRestart: true },
    });
    const image = await provider.image(debian12, () => {}, never);
    const before = sshd.inside('cat /proc/sys/kernel/random/boot_id');

    const request = { name: 'cold', cold: true, speed, announce: async () => {}, signal: never };
    await using machine = await provider.boot(image, request as unknown as BootRequest);
    const said = await shell(machine)`cat /proc/sys/kernel/random/boot_id; env | grep -c ^KATAFARM_CELL=`;
    const after = sshd.inside('cat /proc/sys/kernel/random/boot_id');

    expect(after).not.toBe(before);
    expect([said.stdout, said.stderr]).toEqual([`${after}\n1\n`, '']);
    expect(sshd.inside('ls -d /run/katafarm-* | wc -l')).toBe('1');
    await rm(cache, { recursive: true, force: true });
  });
});

describe.skipIf(!canServeSsh)('a machine that lets nobody in', { timeout: 60_000 }, () => {
  let sshd: Sshd;
  let cache = '';
  const had = (config = sshd.config, target = sshd.target) => {
    const provider = sshProvider({
      ...{ targets: { 'debian-12': target }, config, cache, now: () => new Date() },
      ...{ mayInstall: false, mayRestart: false },
    });
    return provider.image(debian12, () => {}, never).finally(() => provider[Symbol.asyncDispose]());
  };

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'ssh-provider-'));
    sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd[Symbol.asyncDispose]();
    await rm(cache, { recursive: true, force: true });
  });

  it('is refused where its host key is not known, with the way to know it', async () => {
    const config = join(cache, 'unknowing');
    const own = await readFile(sshd.config, 'utf8');
    await writeFile(config, own.replace(/UserKnownHostsFile .*/, 'UserKnownHostsFile /dev/null'));

    await expect(had(config)).rejects.toThrow(
      /cannot log in to .*\n.*not in your known_hosts.*ssh-keyscan -p \d+ 127\.0\.0\.1/s,
    );
  });

  it('is refused where its host key is another one', async () => {
    const known = join(cache, 'known');
    const config = join(cache, 'other');
    const line = await readFile(sshd.knownHosts, 'utf8');
    const other = 'AAAAC3NzaC1lZDI1NTE5AAAAIIDmJ6kW1yMNyqDJYlNQ3wlhtjN5jFYx8GQ0XvXH9Q1a';
    await writeFile(known, line.replace(/AAAA\S+/, other));
    const own = await readFile(sshd.config, 'utf8');
    await writeFile(config, own.replace(/UserKnownHostsFile .*/, `UserKnownHostsFile ${known}`));

    await expect(had(config)).rejects.toThrow(/cannot log in to .*\n.*known_hosts/s);
  });

  it('is refused where no key of ours opens it', async () => {
    const config = join(cache, 'keyless');
    const own = await readFile(sshd.config, 'utf8');
    await writeFile(config, own.replace(/IdentityFile .*/, 'IdentityFile /nowhere'));

    await expect(had(config)).rejects.toThrow(/Permission denied.*\n.*ssh-copy-id/s);
  });
});
