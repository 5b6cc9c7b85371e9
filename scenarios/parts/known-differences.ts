/**
 * A difference between Kata and runc that is upstream's, and explained by an issue, a document or the sources of Kata: it
 * is the same on every distro, is published, and makes nothing fail.
 */
export interface KnownDifference {
  /** The scenario that meets it. */
  readonly mapping: `mapping.${string}`;
  readonly probe: string;
  /** Kata's answer, where it is this difference and no other. */
  readonly kata: RegExp;
  readonly what: string;
  readonly why: string;
  /** Where Kata says so: an issue's address, or a file of its repository. */
  readonly source: string;
  /** Whether Kata means it so; otherwise it is a gap or a fault that has not been mended yet. */
  readonly byDesign: boolean;
}

const issue = (number: number) => `https://github.com/kata-containers/kata-containers/issues/${number}`;

/** As of Kata 4.1. What is no longer met is a fact of the run, so that it can be taken out here. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    mapping: 'mapping.filenames',
    probe: 'source.longest',
    kata: /^refused: file name too long$/,
    what: 'a mount source whose last part has more than 238 bytes is refused',
    why: 'the shim binds each source under a name of its own: sandbox-XXXXXXXX- and then the name, 17 bytes more',
    source: 'src/runtime-rs/crates/resource/src/volume/share_fs_volume.rs (generate_mount_path)',
    byDesign: false,
  },
  {
    mapping: 'mapping.filenames',
    probe: 'source.root',
    kata: /^refused: the shim ended$/,
    what: 'the shim panics over a mount of the whole machine, whose source is /',
    why: 'it takes the last part of a source for granted, and / has none; seen with Kata 4.1.0, and no issue is known',
    source: 'src/runtime-rs/crates/resource/src/volume/share_fs_volume.rs (ShareFsVolume::new)',
    byDesign: false,
  },
  {
    mapping: 'mapping.mounts',
    probe: 'submount.text',
    kata: /^No such file or directory$/,
    what: 'what was mounted within a source before the container started is not there, rbind or not',
    why: 'the shim binds the source into the shared folder by MS_BIND without MS_REC',
    source: issue(13137),
    byDesign: false,
  },
  {
    mapping: 'mapping.mounts',
    probe: 'submount.device',
    kata: /^same$/,
    what: 'a mount within a source is an empty folder of the source itself',
    why: 'the shim binds the source into the shared folder by MS_BIND without MS_REC',
    source: issue(13137),
    byDesign: false,
  },
  {
    mapping: 'mapping.mounts',
    probe: 'inotify.outside',
    kata: /^nothing$/,
    what: "a container that watches a folder by inotify is not told of the machine's changes",
    why: 'virtio-fs has no inotify; the shim watches ConfigMaps, Secrets and their like only',
    source: 'docs/design/inotify.md',
    byDesign: true,
  },
  {
    mapping: 'mapping.mounts',
    probe: 'socket.across',
    kata: /^Connection refused$/,
    what: 'nobody answers at a Unix socket that is shared as a file',
    why: 'such a socket is in the kernel that made it, and the container has another one',
    source: issue(4244),
    byDesign: true,
  },
  {
    mapping: 'mapping.mounts',
    probe: 'fifo.across',
    kata: /^nothing$/,
    what: 'a named pipe carries nothing from the machine to the container',
    why: "a pipe's content is in the kernel that opened it, and the container has another one",
    source: issue(4244),
    byDesign: true,
  },
  {
    mapping: 'mapping.uidgid',
    probe: 'userns',
    kata: /^refused: not permitted$/,
    what: 'a container with a user namespace of its own (ctr run --uidmap) is refused',
    why: 'the agent makes the namespace, and gets EPERM as it goes on in it; support is an open request',
    source: issue(8170),
    byDesign: false,
  },
];

/** Those that a scenario may meet. */
export const knownOf = (mapping: string): readonly KnownDifference[] =>
  knownDifferences.filter((one) => one.mapping === mapping);
