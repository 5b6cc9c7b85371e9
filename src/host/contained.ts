const namespaces = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child=KILL'];
/** The owners in /etc/subuid are at hand there, and the user is root: newuidmap(1), util-linux 2.38 (--map-auto). */
const asManyUsers = ['--user', '--map-root-user', '--map-auto'];

/**
 * A command as root over files of many owners, in namespaces that end with it: mounts and children included. An
 * ordinary user's root is that of a user namespace.
 */
export function contained(
  argv: readonly string[],
  isRoot = process.getuid?.() === 0,
): readonly [string, ...string[]] {
  return ['unshare', ...(isRoot ? [] : asManyUsers), ...namespaces, '--', ...argv];
}
