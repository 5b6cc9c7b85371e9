/** What virtiofsd says on stderr when it is ready; the runtime waits for these very words. */
export const readyLine = 'Waiting for vhost-user socket connection';

/**
 * virtiofsd's arguments as Kata 4.1 gives them: runtime-rs, share_virtio_fs_standalone.rs, with the default
 * `virtio_fs_extra_args` of its Makefile.
 */
export function kataArguments(socket: string, folder: string): readonly string[] {
  return [
    ...['--socket-path', socket, '--shared-dir', folder, '--cache', 'auto'],
    ...['--thread-pool-size=1', '-o', 'announce_submounts'],
  ];
}
