/** Words of scripts that plant faults. All of them are POSIX sh. */

/** Writes a file of these lines. */
export function file(path: string, lines: readonly string[]): string {
  return `mkdir -p "$(dirname ${path})"\ncat >${path} <<'PLANTED'\n${lines.join('\n')}\nPLANTED`;
}

/** A script at a program's path; the program is kept beside it, as `PATH.away`. */
export function replaced(path: string, lines: readonly string[]): string {
  return `mv ${path} ${path}.away\n${file(path, ['#!/bin/sh', ...lines])}\nchmod 755 ${path}`;
}

/** A program that says so and ends with 1 where its arguments match a shell pattern; else it is the real one. */
export function refusing(path: string, pattern: string, words: string): string {
  return replaced(path, [
    `case "$*" in ${pattern})`,
    "  cat >&2 <<'SAID'",
    words,
    'SAID',
    '  exit 1 ;;',
    'esac',
    'exec "$0.away" "$@"',
  ]);
}

/** The modules' files (named by words) are taken away, and the modules unloaded. */
export function withoutModule(names: string): string {
  return `for name in ${names}; do
      modprobe -r "$name" 2>/dev/null || true
      find "/lib/modules/$(uname -r)" -name "$name.ko*" -exec mv {} /root/ ';'
    done
    depmod -a`;
}

/** An AppArmor profile for a program, by its rules, loaded. */
export function profile(name: string, path: string, rules: readonly string[], flags = ''): string {
  return `${file(`/etc/apparmor.d/${name}`, [
    'abi <abi/4.0>,',
    `profile ${name} ${path} ${flags}{`,
    ...rules.map((rule) => `  ${rule},`),
    '}',
  ])}\napparmor_parser -r /etc/apparmor.d/${name}`;
}

export const qemu = '/usr/bin/qemu-system-x86_64';
export const virtiofsd = '/usr/libexec/virtiofsd';
