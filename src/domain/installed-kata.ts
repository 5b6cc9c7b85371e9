import type { KataRuntime, KataTrust } from './kata.ts';
import type { StackId } from './stack.ts';

/** Where a machine says which Kata was put into it, as an {@link InstalledKata}. */
export const kataFile = '/etc/katafarm/kata.json';

/** The containerd namespace of Kata's scenarios: none of the farm's other instruments use it. */
export const kataNamespace = 'kata';

/** A container image with busybox in it, which every machine with a Kata has in {@link kataNamespace} and in the CRI's. */
export const kataImage = 'localhost/katafarm/busybox:1';

/** A Kata as it is in a machine. */
export interface InstalledKata {
  readonly version: string;
  readonly source: string;
  /** Of its tree: {@link KataBuild.digest}. */
  readonly digest: string;
  readonly trust: KataTrust;
  readonly replaced: readonly string[];
  /** How long a guest took here in milliseconds, from its start to its end: what limits were stretched by. */
  readonly nestedMs?: number;
  readonly stacks: Readonly<Partial<Record<StackId, InstalledStack>>>;
  /** Why a stack can't be put together in this machine, in words: `the distro's virtiofsd is not there`. */
  readonly absent: Readonly<Partial<Record<StackId, string>>>;
}

/** A program or file that a stack takes, and whose it is. */
export interface StackPart {
  readonly path: string;
  readonly whose: 'distro' | 'kata' | 'farm';
}

/** One stack's configuration: a folder `/etc/katafarm/STACK/` of its own. */
export interface InstalledStack {
  readonly runtime: KataRuntime;
  /** The shim's path: `/opt/kata/runtime-rs/bin/containerd-shim-kata-v2`. `io.containerd.kata-STACK.v2` leads to it, too. */
  readonly shim: string;
  /** What `--runtime-config-path` takes. Drop-ins are in `config.d` beside it. */
  readonly config: string;
  readonly hypervisor: 'qemu' | 'clh' | 'firecracker' | 'dragonball';
  /** Missing: it is in the shim. */
  readonly vmm?: StackPart;
  /** Missing: this stack has none. */
  readonly virtiofsd?: StackPart;
  readonly kernel: StackPart;
  readonly rootfs: StackPart & { readonly kind: 'image' | 'initrd' };
  /** Of a sandbox. */
  readonly memoryMiB: number;
  /** What was set only because machines here are nested or slow: says nothing of the distro. */
  readonly stretched: readonly string[];
  /** Departures from Kata's defaults without which it can't work on this distro: the stack is at most degraded. */
  readonly departures: readonly string[];
}
