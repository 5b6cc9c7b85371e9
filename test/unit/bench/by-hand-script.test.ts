import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { byHandScript } from '../../../bench/by-hand-script.ts';

const around = { talk: '/farm/bench/talk.pl', small: '/tmp/b/1', large: '/cache/b/1', now: new Date(0) };
const argv = [
  'qemu-system-x86_64',
  ...['-object', 'memory-backend-file,id=ram,size=6144M,mem-path=/cache/templates/k/memory,share=off'],
  ...['-drive', 'if=none,id=disk,file=/cache/work/w/5-disk.qcow2,format=qcow2'],
  ...[
    '-chardev',
    'file,id=console,path=/runs/r/console.log',
    '-qmp',
    'unix:/tmp/katafarm-x/6-s/qmp,server=on',
  ],
];
const options = ['-i', '/cache/templates/k/key', '-p', '4711', '-S', '/tmp/katafarm-x/6-s/ssh'];
const known = ['-o', 'UserKnownHostsFile="/cache/templates/k/known_hosts"'];
const call = (...words: readonly string[]) => ({ argv: words, input: '/calls/7/input' });
const calls = [
  call('qemu-img', 'create', '-b', '/cache/templates/k/disk.qcow2', '/cache/work/w/5-disk.qcow2'),
  call('qemu-img', 'create', '-b', '/cache/templates/k/disk.qcow2', '/cache/work/w/6-disk.qcow2'),
  call('ssh', ...options, ...known, '-M', '-N', 'root@127.0.0.1'),
  call('ssh', '-S', '/tmp/katafarm-x/7-s/ssh', 'root@127.0.0.1', "echo 'another machine'"),
  call('ssh', ...options, ...known, '-T', 'root@127.0.0.1', "echo 'a word'"),
  call('ssh', ...options, ...known, '-T', 'root@127.0.0.1', 'cat > /var/tmp/machine.sh'),
];

describe('what a machine did, by hand', () => {
  it('is a script that a shell can read, on places of its own', () => {
    const script = byHandScript({ name: 'host.cpu-1', argv: [...argv, '-incoming', 'defer'], calls }, around);

    expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0);
    expect(script).not.toMatch(/katafarm-x|\/cache\/work|\/runs\/r|4711|6-disk|another machine/);
  });

  it('clones the template that the farm cloned, and gives the same commands', () => {
    const script = byHandScript({ name: 'host.cpu-1', argv: [...argv, '-incoming', 'defer'], calls }, around);

    expect(script).toContain('qemu-img create -b /cache/templates/k/disk.qcow2 /cache/b/1/disk.qcow2');
    expect(script).toContain('mem-path=/cache/templates/k/memory,share=off');
    expect(script).toContain('"$code" /cache/templates/k/state');
    expect(script).toMatch(/^ssh .* -p "\$port" .*'echo '\\''a word'\\''' <\/dev\/null \|\| :$/m);
    expect(script).toMatch(/'cat > \/var\/tmp\/machine.sh' <\/calls\/7\/input \|\| :$/m);
  });

  it('boots with memory and a key of its own where the farm booted', () => {
    const script = byHandScript({ name: 'host.boot-1', argv, calls }, around);

    expect(script).toContain('mem-path=/cache/b/1/memory');
    expect(script).toMatch(/^ssh -i \/tmp\/b\/1\/key .*UserKnownHostsFile="\/tmp\/b\/1\/known_hosts"/m);
  });

  it('cannot be known where the login was not seen', () => {
    expect(() => byHandScript({ name: 'host.cpu-1', argv, calls: calls.slice(0, 2) }, around)).toThrow(
      'cannot do by hand what was done on host.cpu-1',
    );
  });
});
