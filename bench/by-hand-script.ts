import { dirname, join } from 'node:path';
import { posixQuote } from '../src/machine/quote.ts';
import { awaken } from '../src/providers/qemu/prepare.ts';
import type { Call } from './farm-run.ts';

/** A machine as the farm had it. */
export interface Had {
  readonly name: string;
  /** QEMU's command line, as the journal has it. */
  readonly argv: readonly string[];
  /** Every program that the farm called in the run. */
  readonly calls: readonly Call[];
}

export interface Around {
  /** talk.pl. */
  readonly talk: string;
  /** A folder with a short path, for sockets and what the machine says. */
  readonly small: string;
  /** A folder on the cache's file system, for its disk and memory. */
  readonly large: string;
  /** What clones are told that the time is. */
  readonly now: Date;
}

/** What a cold machine is asked before anybody logs in, as the farm asks it; then it is given a key. */
const settle = `while :; do
  state=$(systemctl is-system-running --wait 2>/dev/null) || true
  case $state in ''|initializing|starting|offline|unknown) sleep 1 ;; *) break ;; esac
done
umask 077
mkdir -p /root/.ssh
echo 'PUBLIC' >/root/.ssh/authorized_keys
cat /etc/ssh/ssh_host_*_key.pub`;

/** The shell script that does for one machine by hand what the farm did: the same QEMU, the same commands in it. Pure. */
export function byHandScript({ name, argv, calls }: Had, { talk, small, large, now }: Around): string {
  const disk = found(argv, /^if=none,id=disk,file=([^,]+)/, 'disk', name);
  const memory = found(argv, /mem-path=([^,]+)/, 'memory', name);
  const sockets = dirname(found(argv, /^unix:([^,]+)/, 'control socket', name));
  const console_ = found(argv, /id=console,path=([^,]+)/, 'console', name);
  const clone = argv.includes('-incoming');

  const made = calls.find((call) => call.argv[0] === 'qemu-img' && call.argv.includes(disk));
  const sessions = calls.filter((call) => call.argv[0] === 'ssh' && call.argv.includes(`${sockets}/ssh`));
  const master = sessions.find((call) => call.argv.includes('-M'))?.argv;
  if (!made || !master) {
    throw new Error(`cannot do by hand what was done on ${name}: its disk or its login was not seen`);
  }

  const [key, known] = [join(small, 'key'), join(small, 'known_hosts')];
  const moved = (words: readonly string[]) =>
    words.map((word) => {
      const placed = word
        .replace(sockets, join(small, 's'))
        .replace(disk, join(large, 'disk.qcow2'))
        .replace(console_, join(small, 'console.log'));
      return clone ? placed : placed.replace(memory, join(large, 'memory'));
    });
  // A clone has its template's key; a machine that was booted was given one of its own.
  const login = moved(master).map((word, index) => {
    const before = master[index - 1];
    if (before === '-p') {
      return PORT;
    }
    if (!clone && before === '-i') {
      return key;
    }
    return clone ? word : word.replace(/UserKnownHostsFile=.*/, `UserKnownHostsFile="${known}"`);
  });
  const options = login.slice(1, login.indexOf('-M'));

  const commands = sessions.flatMap(({ argv, input }) => {
    const remote = argv.at(-1) ?? '';
    const fed = remote.startsWith('cat > ') ? input : '/dev/null';
    return argv.includes('-M')
      ? []
      : [`${line(['ssh', ...options, '-T', 'root@127.0.0.1', remote])} <${fed} || :`];
  });

  return `#!/bin/sh
set -eu
exec >${line([join(small, 'said.txt')])} 2>&1
mkdir -p ${line([join(small, 's'), large])}
${line(moved(made.argv))}
${question(clone, now, key)}
${line(moved(argv))} &
qemu=$!
master=
trap 'kill -9 $qemu $master; wait || :; rm -rf ${large}' EXIT
trap 'exit 1' TERM INT
said=$(${line([talk, join(small, 's/qmp'), join(small, 's/channel')])} "$code" ${clone ? posixQuote(join(dirname(memory), 'state')) : ''})
port=\${said%% *}
${clone ? ':' : `printf %s "\${said#* }" | base64 -d | grep -E '^(ssh|ecdsa)-' | sed 's/^/machine /' >${posixQuote(known)}`}
while :; do
  ${line(login)} &
  master=$!
  while kill -0 $master && ! [ -S ${line([join(small, 's/ssh')])} ]; do sleep 0.025; done
  [ -S ${line([join(small, 's/ssh')])} ] && break
  sleep 0.2
done
${commands.join('\n')}
: >${line([join(small, 'done')])}
`;
}

const PORT = '"$port"';

const line = (words: readonly string[]) =>
  words.map((word) => (word === PORT ? word : posixQuote(word))).join(' ');

/** Before QEMU is started: what the machine is to be asked first, as `$code`. */
function question(clone: boolean, now: Date, key: string): string {
  if (clone) {
    return `code=${Buffer.from(awaken(now, Buffer.alloc(64))).toString('base64')}`;
  }
  const [before = '', after = ''] = settle.split('PUBLIC');
  return `ssh-keygen -q -t ed25519 -N '' -f ${posixQuote(key)}
code=$(printf '%s%s%s' ${posixQuote(before)} "$(cat ${posixQuote(key)}.pub)" ${posixQuote(after)} | base64 -w0)`;
}

function found(argv: readonly string[], pattern: RegExp, what: string, name: string): string {
  const match = argv.map((word) => word.match(pattern)?.[1]).find((value) => value !== undefined);
  if (match === undefined) {
    throw new Error(`cannot find the ${what} of ${name} in its command line`);
  }
  return match;
}
