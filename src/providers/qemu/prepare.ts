import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBound } from '../../host/bound-child.ts';
import type { QemuMachine } from './machine.ts';
import type { SshIdentity } from './ssh-options.ts';

/**
 * Waits until the machine's init has come to the end of its work; what it then is, is for a scenario to judge. Asked
 * again where the question came too early to be answered. OpenRC and runit have no such state: their stages end.
 */
const settle = `
if ! [ -d /run/systemd/system ]; then
  while pgrep -f 'openrc (sysinit|boot|default)|runit/[12]$' >/dev/null; do sleep 1; done
  echo running; exit 0
fi
while :; do
  state=$(systemctl is-system-running --wait 2>/dev/null) || true
  case $state in ''|initializing|starting|offline|unknown) sleep 1 ;; *) break ;; esac
done
echo "$state"`;

/** Lets whoever has the key in, and says by which keys the machine is known. */
const giveKey = (publicKey: string) => `
set -eu
umask 077
mkdir -p /root/.ssh
echo '${publicKey}' > /root/.ssh/authorized_keys
cat /etc/ssh/ssh_host_*_key.pub`;

/**
 * Prints what it stopped. The first login of root's starts a service manager of root's own, which takes 4 s of CPU under
 * emulation: it has been started by then, once for all clones.
 */
const quiet = `
set -e
timers=
if [ -d /run/systemd/system ]; then
systemctl start user@0.service 2>/dev/null || :
timers=$(systemctl list-units --type=timer --state=active --plain --no-legend | cut -d' ' -f1)
[ -z "$timers" ] || { systemctl stop $timers; systemctl mask --runtime --quiet --no-reload $timers; }
fi
echo $timers
sync
echo 3 > /proc/sys/vm/drop_caches`;

/** A key pair for this machine and its clones, made now: an image never holds one. */
export async function makeIdentity(
  machine: QemuMachine,
  folder: string,
  signal: AbortSignal,
): Promise<SshIdentity> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = join(folder, 'key');
  const made = await runBound(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'katafarm', '-f', key], {
    signal,
  });
  if (made.code !== 0) {
    throw new Error(`cannot make a key pair: ${made.output.trim()}`);
  }
  const publicKey = (await readFile(`${key}.pub`, 'utf8')).trim();
  const { status, output } = await machine.ask(giveKey(publicKey), signal);
  if (status !== 0) {
    throw new Error(`cannot give the machine a key: ${output}`);
  }
  const known = output.split('\n').filter((line) => /^(ssh|ecdsa)-/.test(line));
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `${known.map((line) => `machine ${line}`).join('\n')}\n`);
  return { key, knownHosts };
}

/** Resolves with init's state when the boot is over: `running`, or `degraded` and the like. */
export async function bootSettled(machine: QemuMachine, signal: AbortSignal): Promise<string> {
  const { output } = await machine.ask(settle, signal);
  return output.trim();
}

/**
 * Makes a machine fit to be frozen: no timer that fires in every clone as its clock is set, nothing unwritten,
 * no page cache in the template's memory. Returns what was stopped, for the record.
 */
export async function quiesce(machine: QemuMachine, signal: AbortSignal): Promise<readonly string[]> {
  const { status, output } = await machine.ask(quiet, signal);
  if (status !== 0) {
    throw new Error(`cannot quiet the machine: ${output}`);
  }
  return output.split(/\s+/).filter((word) => word.endsWith('.timer'));
}

/**
 * What a clone needs before anybody uses it: the time, and randomness of its own. The pool is credited and reseeded
 * by ioctl (RNDADDENTROPY, RNDRESEEDCRNG: include/uapi/linux/random.h), as kernels before 5.18 know no vmgenid.
 */
export function awaken(now: Date, seed: Buffer): string {
  const seconds = (now.getTime() / 1000).toFixed(3);
  return `set -e
date -u -s @${seconds} >/dev/null
command -v perl >/dev/null || exit 0
perl -e 'open(my $f, ">", "/dev/random") or die "/dev/random: $!"; my $s = pack("H*", "${seed.toString('hex')}");
ioctl($f, 0x40085203, pack("ii", 8 * length $s, length $s) . $s) or die "RNDADDENTROPY: $!";
ioctl($f, 0x5207, 0) or warn "RNDRESEEDCRNG: $!"'`;
}

/** All that is done to a machine before it is frozen and after, as text: a template of other deeds is another one. */
export const preparation = [settle, giveKey(''), quiet, awaken(new Date(0), Buffer.alloc(64))].join('\n');
