import { describe, expect, it } from 'vitest';
import { caseOf, diagnosed, sibling } from '../cases.ts';
import type { Example } from './example.ts';

describe('facilities', () => {
  it.for<Example>([
    [
      'Kata is at fault where the control and the VMM alone do well, as they use no tap',
      { component: 'distro-kernel' },
      {
        scenario: 'kata.net',
        class: 'net-attach',
        siblings: [sibling('control.runc', 'passed'), sibling('vmm.qemu.boot', 'passed')],
      },
      { red: { tun: '/dev/net/tun is not there: the kernel has no module tun' } },
    ],
    [
      'whatever is red is at fault, though putting it right does not help',
      { component: 'unknown' },
      {},
      { red: { shm: '/dev/shm has 1 KiB' } },
    ],
    [
      'whatever is red is at fault, though the failure is of another kind',
      { component: 'farm', class: 'hypervisor-path' },
      { says: 'Qemu binary path `/x` is invalid: No such file' },
      { red: { tc: 'mirred: the kernel has no module act_mirred' } },
    ],
    [
      'whatever is red is at fault, though the scenario does not use it',
      { component: 'container-stack' },
      { scenario: 'control.runc', says: 'a container does not run by io.containerd.runc.v2' },
      { red: { tc: 'mirred: the kernel has no module act_mirred' } },
    ],
    [
      'the first of two that are red, and of two parties, is at fault',
      { component: 'unknown' },
      {},
      { red: { disk: '/ has 0 KiB left', runc: 'there is no runc' } },
    ],
    [
      'either of two that help',
      { component: 'unknown' },
      {},
      { red: { shm: 'x', 'mount-propagation': 'x' }, green: ['shm', 'mount-propagation'] },
    ],
    [
      'a module that is there and not loaded is missing from the kernel',
      { component: 'farm' },
      { scenario: 'host.devices', says: '/dev/vhost-vsock: not there' },
      {
        red: {
          'vhost-vsock': '/dev/vhost-vsock is not there: the module vhost_vsock is there and was not loaded',
        },
        green: ['vhost-vsock'],
      },
    ],
    [
      'modules are missing where the kernel that runs is not the one that is installed',
      { component: 'farm' },
      { scenario: 'host.devices', says: '/dev/vhost-vsock: not there' },
      {
        red: { 'vhost-vsock': 'the modules in /lib/modules are not those of the kernel that runs (6.1)' },
        green: ['vhost-vsock'],
      },
    ],
  ])('do not say: %s', ([, is, told, world]) => {
    expect(diagnosed(caseOf(told), world).finding).toMatchObject(is);
  });

  it('confirm no words once putting them right did not help', () => {
    const one = caseOf({ says: 'open /dev/vhost-net: no such file or directory' });
    const red = {
      'vhost-net': '/dev/vhost-net is not there: the module vhost_net is there and was not loaded',
    };

    expect(diagnosed(one, { red }).finding.component).toBe('unknown');
  });

  it('are not asked where the message says it all', () => {
    expect(
      diagnosed(caseOf({ scenario: 'host.modules', says: "the distro's kernel has no tun" })).tried,
    ).toEqual([]);
  });
});
