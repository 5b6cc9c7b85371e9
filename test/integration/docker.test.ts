import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer } from 'node:tls';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Distro } from '../../src/domain/distro.ts';
import { type Guest, guestOf } from '../../src/machine/guest.ts';
import type { BootRequest, Image, Machine, Provider, Template } from '../../src/machine/machine.ts';
import { label, ownerLabel } from '../../src/providers/docker/labels.ts';
import { dockerProvider } from '../../src/providers/docker/provider.ts';
import { distroLike, read } from '../support/domain.ts';
import { type TestEngine, testEngine } from '../support/engine.ts';
import { nodeThatSays } from '../support/processes.ts';
import { providerContract } from '../support/provider-contract.ts';

const had = await testEngine();
const obstacle = typeof had === 'string' ? had : undefined;
const engine = had as TestEngine;

/** As small as a release can be had: what the contract is about is the engine. */
const nothing = { notPackaged: 'left out, as this is a test', ...read };
const small: Distro = distroLike({
  parts: {
    kernel: nothing,
    qemu: nothing,
    virtiofsd: nothing,
    containerd: nothing,
    runc: nothing,
    docker: nothing,
  },
  images: {
    qemu: {
      ...{ build: 'mmdebstrap', suite: 'trixie', components: ['main'], sources: [] },
      ...{ include: ['busybox-static'], exclude: [], emulateWithout: [] },
    },
    docker: { build: 'mmdebstrap', ...read },
  },
});

/** A farm with a machine, and a derived template that was to go with its run. */
const dying = `
import { dockerProvider } from 'src/providers/docker/provider.ts';
const { ENGINE, CACHE, LOGS, DISTRO } = process.env;
const signal = new AbortController().signal;
const request = (name) => ({
  name, run: 'own', batch: 'debian-13/docker', memoryMiB: 512, purpose: 'commands', network: false, logs: LOGS,
  speed: { class: 'none', accelerator: 'tcg', factor: 1, because: 'a test' }, announce: async () => {}, signal,
});
const options = { cache: CACHE, allowExpiredMirror: false, freshness: 'offline', now: () => new Date() };
const provider = dockerProvider({ ...options, env: { DOCKER_HOST: ENGINE } });
const image = await provider.image(JSON.parse(DISTRO), () => {}, signal);
const template = await provider.template(image, request('find'));
await template.derive('in passing', request('derive'), async () => {});
await template.clone(request('clone'));
console.log('ready');
setInterval(() => {}, 1000);
`;

describe.skipIf(obstacle)(`containers of a real engine${obstacle ? `: ${obstacle}` : ''}`, () => {
  let folder: string;
  let docker: Docker;
  const options = () => ({
    cache: join(folder, 'cache'),
    allowExpiredMirror: false,
    freshness: 'checked' as const,
    now: () => new Date(),
    env: { DOCKER_HOST: engine.url },
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docker-'));
    docker = new Docker({ socketPath: engine.url.slice('unix://'.length) });
    // Built once: the engine has it from then on.
    await using provider = dockerProvider(options());
    await provider.image(small, () => {}, new AbortController().signal);
  }, 900_000);
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  providerContract('docker', {
    provider: async () => dockerProvider(options()),
    distro: async () => small,
    isComputer: false,
  });

  describe('a container', () => {
    let provider: Provider;
    let image: Image;
    let template: Template;
    let count = 0;
    const stop = new AbortController();
    const request = (): BootRequest => {
      count += 1;
      return {
        ...{
          name: `own-${count}`,
          run: 'own',
          batch: 'debian-13/docker',
          memoryMiB: 512,
          purpose: 'commands',
        },
        speed: { class: 'none', accelerator: 'tcg', factor: 1, because: 'a test' },
        ...{
          network: false,
          logs: join(folder, `logs-${count}`),
          announce: async () => {},
          signal: stop.signal,
        },
      };
    };
    const shell = (machine: Machine): Guest['$'] => guestOf(machine, () => {}).$;
    const ours = () =>
      docker.listContainers({ all: true, filters: JSON.stringify({ label: [`${label.run}=own`] }) });

    beforeAll(async () => {
      provider = dockerProvider(options());
      image = await provider.image(small, () => {}, stop.signal);
      await using machine = await provider.boot(image, request());
      template = (await provider.freeze?.(machine, request())) as Template;
    });
    afterAll(() => provider?.[Symbol.asyncDispose]());

    it('has named rights, no network, and memory of its own, and says whose it is', async () => {
      await using _machine = await template.clone(request());

      const [found] = await ours();
      const { HostConfig, Config } = await docker.getContainer(found?.Id ?? '').inspect();

      expect(HostConfig).toMatchObject({ Privileged: false, NetworkMode: 'none', Memory: 512 * 2 ** 20 });
      expect(HostConfig.CapAdd).toHaveLength(4);
      expect(Config.Labels[label.owner]).toMatch(new RegExp(`^pid=${process.pid}&started=`));
    });

    it('ends all that a command started when its signal aborts, and leaves daemons alone', async () => {
      await using machine = await template.clone(request());
      const patience = new AbortController();
      const child = machine.spawn('setsid sleep 1001 & sleep 1002 & echo begun; sleep 1003', {
        signal: patience.signal,
      });
      const closed = once(child, 'close');
      await once(child.stdout as NodeJS.ReadableStream, 'data');

      patience.abort();
      await closed;

      const left = await shell(
        machine,
      )`cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep '^100' || true`.text();
      expect(left.trim()).toBe('1001');
    });

    it('says that the way is lost where it is gone under a command', async () => {
      const machine = await template.clone(request());
      const child = machine.spawn('echo begun; sleep 600');
      const closed = once(child, 'close');
      await once(child.stdout as NodeJS.ReadableStream, 'data');

      await machine[Symbol.asyncDispose]();

      expect((await closed)[0]).toBe(255);
    });

    it('has units started, asked for and stopped by a stand-in for systemctl', async () => {
      await using machine = await template.clone(request());
      const unit = '[Service]\nExecStartPre=-/nonexistent\nExecStart=/bin/sleep 2000\n';

      const said = await shell(machine)`printf %s ${unit} > /etc/systemd/system/nap.service
        systemctl start nap; systemctl is-active nap
        tr '\\0' ' ' < "/proc/$(systemctl show nap --property MainPID --value)/cmdline"; echo
        systemctl stop nap.service; systemctl is-active nap || true; systemctl start none 2>&1 || echo "status $?"`.text();

      expect(said).toBe(
        'active\n/bin/sleep 2000 \ninactive\nFailed to start none.service: Unit none.service not found.\nstatus 5\n',
      );
    });

    it('refuses to be rebooted', async () => {
      await using machine = await template.clone(request());

      await expect(machine.reboot()).rejects.toThrow(/cannot reboot .* no kernel of its own/);
    });

    it('keeps what is in its volume when it is frozen', async () => {
      await using child = await template.derive('a volume', request(), async (machine) => {
        await shell(machine)`echo kept > /var/lib/containerd/kept`;
      });
      await using machine = await child.clone(request());

      expect(await shell(machine)`cat /var/lib/containerd/kept`.text()).toBe('kept\n');
    });

    it('is gone at once when its farm is killed, volume and all; what else was left goes with the next', async () => {
      const { child: farm } = await nodeThatSays(dying, {
        ...{ ENGINE: engine.url, CACHE: join(folder, 'cache'), LOGS: join(folder, 'dying') },
        DISTRO: JSON.stringify(small),
      });
      const running = await ours();
      const { Mounts } = await docker.getContainer(running[0]?.Id ?? '').inspect();
      const volume = docker.getVolume(Mounts[0]?.Name ?? 'none');
      expect(await volume.inspect()).toMatchObject({ Driver: 'local' });

      farm.kill('SIGKILL');
      // An engine under load takes its time; the reaper is for what has not come to run.
      for (let tries = 0; tries < 100 && (await ours()).length > 0; tries += 1) {
        await sleep(100);
      }
      const reaped = await provider.reap();

      expect(running).toHaveLength(1);
      expect(await ours()).toEqual([]);
      await expect(volume.inspect()).rejects.toThrow(/no such volume/i);
      expect(reaped).toContainEqual(expect.stringMatching(/^image katafarm\/debian-13:passing-/));
      expect(await provider.reap()).toEqual([]);
    });

    it('is left alone by a reaper where its farm is alive, or of another host', async () => {
      const owners = [
        { pid: 1, started: '1', boot: 'another', namespace: 'pid:[1]', host: 'elsewhere' },
        { pid: 999_999_999, started: '1', boot: 'another', namespace: 'pid:[1]', host: hostname() },
      ];
      const [found] = await docker.listImages({
        filters: JSON.stringify({ label: [`${label.kind}=image`] }),
      });
      const [there, here] = await Promise.all(
        owners.map((owner) =>
          docker.createContainer({
            Image: found?.Id ?? '',
            Cmd: ['/bin/true'],
            Labels: { [label.owner]: ownerLabel(owner) },
          }),
        ),
      );
      await using _alive = await template.clone(request());

      const reaped = await provider.reap();

      expect(reaped).toHaveLength(1);
      await expect(here?.inspect()).rejects.toThrow(/no such container/i);
      expect(await ours()).toHaveLength(1);
      await there?.remove();
    });
  });

  describe('an engine that is not this host’s own', () => {
    const stop = new AbortController().signal;
    const socket = () => engine.url.slice('unix://'.length);

    /** What a command prints in a container of the engine that the environment names. */
    const saidBy = async (env: Readonly<Record<string, string>>) => {
      await using provider = dockerProvider({ ...options(), freshness: 'offline', env });
      const image = await provider.image(small, () => {}, stop);
      await using machine = await provider.boot(image, {
        ...{ name: 'far', run: 'own', batch: 'debian-13/docker', memoryMiB: 512, purpose: 'commands' },
        speed: { class: 'none', accelerator: 'tcg', factor: 1, because: 'a test' },
        ...{ network: false, logs: join(folder, 'far'), announce: async () => {}, signal: stop },
      });
      const child = machine.spawn('cat; echo there', { input: true });
      child.stdin?.end('from here, ');
      return await text(child.stdout as Readable);
    };

    it('is spoken to by ssh', async () => {
      const ssh = join(folder, 'ssh');
      const carry = `const s = require('node:net').connect('${socket()}'); process.stdin.pipe(s); s.pipe(process.stdout)`;
      await writeFile(
        ssh,
        `#!/bin/sh\necho "$*" >> ${folder}/ssh.log\nexec ${process.execPath} -e "${carry}"\n`,
      );
      await chmod(ssh, 0o755);
      vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);

      const said = await saidBy({ DOCKER_HOST: 'ssh://me@farm:2222' });
      vi.unstubAllEnvs();

      expect(said).toBe('from here, there\n');
      expect((await readFile(join(folder, 'ssh.log'), 'utf8')).split('\n')[0]).toMatch(
        /-p 2222 -- me@farm docker system dial-stdio$/,
      );
    });

    it('is spoken to by TLS, by whoever has a key, and by nobody else', async () => {
      const key = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
      const names = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', 'key.pem', '-out', 'cert.pem'];
      const pems = join(folder, 'pems');
      await mkdir(pems);
      expect(spawnSync('openssl', [...key, ...names], { cwd: pems }).status).toBe(0);
      await copyFile(join(pems, 'cert.pem'), join(pems, 'ca.pem'));
      const [cert, secret] = await Promise.all(
        ['cert.pem', 'key.pem'].map((name) => readFile(join(pems, name), 'utf8')),
      );
      const server = createServer(
        { cert, key: secret, ca: cert, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true },
        (near) => {
          const far = connect({ path: socket(), allowHalfOpen: true });
          near.pipe(far).pipe(near);
          near.on('error', () => far.destroy());
          far.on('error', () => near.destroy());
        },
      ).listen(0);
      await once(server, 'listening');
      const url = `tcp://localhost:${(server.address() as AddressInfo).port}`;

      try {
        expect(await saidBy({ DOCKER_HOST: url, DOCKER_CERT_PATH: pems, DOCKER_TLS_VERIFY: '1' })).toBe(
          'from here, there\n',
        );
        await expect(saidBy({ DOCKER_HOST: url })).rejects.toThrow(
          /cannot reach the container engine at tcp:/,
        );
      } finally {
        server.close();
      }
    });

    it('says where it is not, and what to do', async () => {
      await expect(saidBy({ DOCKER_HOST: `unix://${folder}/none` })).rejects.toThrow(
        /cannot reach the container engine at unix:.*none \(DOCKER_HOST\): .*ENOENT.*; start it/,
      );
    });
  });
});
