import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { cellOf } from '../../src/domain/cell.ts';
import { openCri } from '../../src/machine/cri.ts';
import type { ContainerConfig, PodConfig } from '../../src/machine/cri-shapes.ts';
import { TransportError } from '../../src/machine/faults.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { runScenario } from '../../src/run/run-scenario.ts';
import { Transcript } from '../../src/run/transcript.ts';
import type { Scenario } from '../../src/scenario.ts';
import { serveCri } from '../support/cri-server.ts';
import { distroLike, scenarioLike } from '../support/domain.ts';

const podConfig: PodConfig = {
  metadata: { name: 'pod', uid: 'a-uid', namespace: 'katafarm' },
  logDirectory: '/var/log/pods/pod',
  annotations: { 'io.katacontainers.note': 'said' },
  linux: { securityContext: { selinuxOptions: { type: 'container_kvm_t', level: 's0:c1,c2' } } },
};
const containerConfig: ContainerConfig = {
  metadata: { name: 'first' },
  image: { image: 'localhost/katafarm/busybox:1' },
  command: ['sleep', '100'],
  envs: [{ key: 'WORD', value: 'naïve' }],
  logPath: 'first.log',
};

/** As much of socat as the client takes of it: a machine has the real one. */
const socat = `#!${process.execPath}
const socket = require('node:net').connect(process.argv[3].slice('UNIX-CONNECT:'.length));
socket.on('error', ({ message }) => { console.error(message); process.exit(1); });
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('close', () => process.exit(0));
`;
const tools = await mkdtemp(join(tmpdir(), 'tools-'));
await writeFile(join(tools, 'socat'), socat, { mode: 0o755 });
const env = { ...process.env, PATH: `${tools}:${process.env['PATH']}` };
afterAll(() => rm(tools, { recursive: true, force: true }));

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  children.clear();
});

/** This host as a machine: its own socat carries the bytes, unless another command is to. */
function machine(instead?: string): Pick<Machine, 'name' | 'spawn'> {
  return {
    name: 'here',
    spawn(command, { signal, input = false } = {}) {
      const child = spawn('/bin/sh', ['-c', instead ?? command], { env, ...(signal && { signal }) });
      child.on('error', () => {});
      child.stdin.on('error', () => {});
      children.add(child);
      if (!input) {
        child.stdin.end();
      }
      return child;
    },
  };
}

const ourFolders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('katafarm-way-'));

describe('a client of an engine in a machine', () => {
  it('runs a pod and a container as they were described, and has their ids', async () => {
    await using engine = await serveCri({
      RunPodSandbox: { podSandboxId: 'pod-1' },
      CreateContainer: { containerId: 'container-1' },
      StartContainer: {},
    });
    await using cri = await openCri({ machine: machine(), socket: engine.socket });

    const pod = await cri.runPod(podConfig, 'kata-qemu');
    const container = await cri.createContainer(pod, containerConfig, podConfig);
    await cri.startContainer(container);

    expect([pod, container]).toEqual(['pod-1', 'container-1']);
    expect(engine.heard.slice(1)).toMatchObject([
      { method: 'RunPodSandbox', request: { config: podConfig, runtimeHandler: 'kata-qemu' } },
      {
        method: 'CreateContainer',
        request: { podSandboxId: 'pod-1', config: containerConfig, sandboxConfig: podConfig },
      },
      { method: 'StartContainer', request: { containerId: 'container-1' } },
    ]);
  });

  it('reads what an engine says of its pods, containers, images and commands', async () => {
    const metadata = { name: 'pod', uid: 'a-uid', namespace: 'katafarm' };
    await using engine = await serveCri({
      Status: { status: { conditions: [{ type: 'NetworkReady', reason: 'NoNetwork' }] } },
      PodSandboxStatus: { status: { id: 'pod-1', metadata, network: { ip: '10.97.0.2' } } },
      ListPodSandbox: { items: [{ id: 'pod-1', metadata, state: 'SANDBOX_NOTREADY' }] },
      ContainerStatus: { status: { id: 'c', state: 'CONTAINER_EXITED', exitCode: 137, reason: 'OOMKilled' } },
      ExecSync: { stdout: Buffer.from('naïve\n'), stderr: Buffer.from('beside'), exitCode: 3 },
      ImageStatus: {},
    });
    await using cri = await openCri({ machine: machine(), socket: engine.socket });

    expect(await cri.conditions()).toEqual([
      { type: 'NetworkReady', status: false, reason: 'NoNetwork', message: '' },
    ]);
    expect(await cri.podStatus('pod-1')).toMatchObject({
      state: 'SANDBOX_READY',
      network: { ip: '10.97.0.2' },
    });
    expect(await cri.listPods()).toMatchObject([{ id: 'pod-1', state: 'SANDBOX_NOTREADY' }]);
    expect(await cri.containerStatus('c')).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 137 });
    expect(await cri.execSync('c', ['id'])).toEqual({ stdout: 'naïve\n', stderr: 'beside', exitCode: 3 });
    expect(await cri.imageStatus('nowhere')).toBeUndefined();
  });

  it("throws an engine's refusal in its own words", async () => {
    const refusal = Object.assign(new Error('no runtime for "kata-qemu" is configured'), { code: 2 });
    await using engine = await serveCri({ RunPodSandbox: refusal });
    await using cri = await openCri({ machine: machine(), socket: engine.socket });

    await expect(cri.runPod(podConfig, 'kata-qemu')).rejects.toMatchObject({
      name: 'CriError',
      code: 2,
      message: 'RunPodSandbox was refused: no runtime for "kata-qemu" is configured',
    });
  });

  it('speaks to an engine that knows only the older name of the interface', async () => {
    await using engine = await serveCri({ RunPodSandbox: { podSandboxId: 'old' } }, 'v1alpha2');
    await using cri = await openCri({ machine: machine(), socket: engine.socket });

    expect(await cri.runPod(podConfig, '')).toBe('old');
    expect(await cri.version()).toMatchObject({ runtimeApiVersion: 'v1alpha2' });
  });

  it('says that an engine does not speak the interface at all', async () => {
    await using engine = await serveCri({}, 'v0');

    await expect(openCri({ machine: machine(), socket: engine.socket })).rejects.toMatchObject({
      code: 12,
      message: expect.stringContaining('runtime.v1.RuntimeService'),
    });
  });
});

describe('the way to an engine', () => {
  it("is the machine's trouble where nobody listens", async () => {
    const opened = openCri({ machine: machine(), socket: '/nowhere/engine.sock' });

    await expect(opened).rejects.toThrow(/connection to \/nowhere\/engine.sock of here was closed: .*ENOENT/);
    await expect(opened).rejects.not.toBeInstanceOf(TransportError);
  });

  it("is the farm's trouble where the machine is lost", async () => {
    const lost = openCri({ machine: machine('echo "Connection reset" >&2; exit 255') });

    await expect(lost).rejects.toThrow(TransportError);
    await expect(lost).rejects.toThrow(/way to .* of here was lost: Connection reset/);
  });

  it("is the farm's trouble where it is cut under a call", async () => {
    await using engine = await serveCri({ RunPodSandbox: 'never' });
    await using cri = await openCri({ machine: machine(), socket: engine.socket });
    const running = cri.runPod(podConfig, '');
    running.catch(() => {});
    await expect.poll(() => engine.heard.length).toBe(2);

    for (const child of children) {
      child.kill('SIGKILL');
    }

    await expect(running).rejects.toThrow(TransportError);
  });

  it('says that an engine hung up under a call', async () => {
    await using engine = await serveCri({ RunPodSandbox: 'never' });
    await using cri = await openCri({ machine: machine(), socket: engine.socket });
    const running = cri.runPod(podConfig, '');
    running.catch(() => {});
    await expect.poll(() => engine.heard.length).toBe(2);

    engine.end();

    await expect(running).rejects.not.toBeInstanceOf(TransportError);
    await expect(cri.version()).rejects.toThrow(/closed|refused/);
  });

  it('cancels a call when its signal aborts, with the reason', async () => {
    await using engine = await serveCri({ RunPodSandbox: 'never' });
    const step = new AbortController();
    let limit: AbortSignal | undefined;
    await using cri = await openCri({ machine: machine(), socket: engine.socket, signal: () => limit });
    limit = step.signal;
    const running = cri.runPod(podConfig, '');
    running.catch(() => {});
    await expect.poll(() => engine.heard.length).toBe(2);

    step.abort(new Error('the step is over'));

    await expect(running).rejects.toThrow('the step is over');
    await expect.poll(() => engine.cancelled.has('RunPodSandbox')).toBe(true);
  });

  it('leaves nothing on the disk from its first connection on, and no process when it is closed', async () => {
    const before = await ourFolders();
    await using engine = await serveCri();
    const cri = await openCri({ machine: machine(), socket: engine.socket });
    const [child] = children;

    await expect.poll(ourFolders).toEqual(before);

    await cri[Symbol.asyncDispose]();
    await (child?.exitCode === null && child.signalCode === null && once(child, 'close'));
    expect(child?.exitCode === null && child?.signalCode === null).toBe(false);
  });

  it("is a scenario's until its end: a call ends with its step, the client with the scenario", async () => {
    await using engine = await serveCri({ RunPodSandbox: 'never' });
    const here = { ...machine(), judge: async () => ({ fatal: [], farm: [] }) } as unknown as Machine;
    await using transcript = new Transcript(join(tools, 'transcript.txt'));
    const run: Scenario['run'] = async (t) => {
      const cri = await t.step('connect', () => t.cri(engine.socket), 60);
      await t.step('run a pod', () => cri.runPod(podConfig, 'kata-qemu'));
    };
    const scenario = { ...scenarioLike('kata.crictl.pod', { stepSeconds: 0.5 }), run };
    const { signal } = new AbortController();
    const cell = cellOf('debian-13', 'qemu', scenario.id);
    const casting = { scenario, cell, distro: distroLike(), machine: here, factor: 1, transcript, signal };

    const ended = runScenario(
      { ...casting, fact: async () => {} },
      { step: undefined, failedAt: new WeakMap(), degraded: [] },
    );

    await expect(ended).rejects.toThrow('cannot wait any longer than 1 s for "run a pod"');
    await expect.poll(() => engine.cancelled.has('RunPodSandbox')).toBe(true);
    await expect
      .poll(() => [...children].every((child) => child.exitCode !== null || child.signalCode !== null))
      .toBe(true);
    await transcript[Symbol.asyncDispose]();
    expect(await readFile(join(tools, 'transcript.txt'), 'utf8')).toContain('cri RunPodSandbox {"config"');
  });

  it('tells each call and its answer', async () => {
    const lines: string[] = [];
    await using engine = await serveCri({ ExecSync: { stdout: Buffer.from('said') } });
    await using cri = await openCri({
      machine: machine(),
      socket: engine.socket,
      tell: (line) => lines.push(line),
    });

    await cri.execSync('c', ['echo', 'said']);

    expect(lines.slice(-2)).toEqual([
      'cri ExecSync {"containerId":"c","cmd":["echo","said"]}',
      'cri ExecSync said {"stdout":"said","stderr":"","exitCode":0}',
    ]);
  });
});
