import type { Scenario } from '../../src/scenario.ts';
import { kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { compare, type How } from '../parts/mapping.ts';
import { told } from '../parts/told.ts';

export default {
  title: 'What is bound into a container behaves there as it does in the machine',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 90,

  async run(t) {
    const libraries = ['mapping', 'mapping-inside', 'mapping-inside-mounts', 'mapping-calls'] as const;
    const { at } = await kataStack(t, libraries, ['busybox', 'ctr', 'perl', 'socat']);

    const script = (how: How) =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./mapping.sh; . ./mapping-calls.sh
        how=${how} share=$PWD/share-${how}
        mkdir -p "$share/ro" "$share/rw/sub" "$share/rw/later" "$share/rw/watched"
        echo text >"$share/ro/file" && ln -s file "$share/ro/link"
        echo text >"$share/rw/file" && ln "$share/rw/file" "$share/rw/second"
        ln -s /not/there "$share/rw/dangling"
        mkfifo "$share/rw/fifo"
        head -c 4096 /dev/zero >"$share/rw/mapped"
        mount -t tmpfs katafarm "$share/rw/sub" && echo below >"$share/rw/sub/file"
        socat "UNIX-LISTEN:$share/rw/socket,fork" SYSTEM:'echo answer' >socat.log 2>&1 &
        wait_for 'somebody to listen at the socket' 'cat socat.log' [ -S "$share/rw/socket" ]
        make_calls "$share/calls"

        start_sleeper "$how" "mounts-$how" --mount "$(bound "$share/ro" /ro rbind:ro)" \
          --mount "$(bound "$share/rw" /rw rbind:rslave:rw)" --mount "$(bound "$share/calls" /calls rbind:ro)"
        probed "mounts-$how" mounts
        echo "hardlink.made=$(busybox stat -c %h "$share/rw/file")"

        exec 3<>"$share/rw/fifo"
        echo through >&3
        probed "mounts-$how" across_fifo
        exec 3>&-

        called "mounts-$how" hear /rw/socket
        called "mounts-$how" map /rw/mapped mapped
        echo "mmap.outside=$(head -c 6 "$share/rw/mapped" | tr '\\0' ' ')"

        called "mounts-$how" watch /rw/watched /rw/ready /rw/done >watch.out &
        watcher=$!
        wait_for 'the container to watch a folder' 'cat watch.out' [ -e "$share/rw/ready" ]
        : >"$share/rw/watched/outside"
        : >"$share/rw/done"
        wait "$watcher" && cat watch.out

        mount -t tmpfs katafarm "$share/rw/later" && echo late >"$share/rw/later/file"
        probed "mounts-$how" late`);

    await compare(t, at, { script, asked });
  },
} satisfies Scenario;

/** What is asked of a container, whoever runs it. */
const asked = {
  'ro.read': 'text',
  'ro.write': 'Read-only file system',
  'ro.link': 'file',
  'ro.link-text': 'text',
  'rw.dangling': '/not/there',
  'hardlink.count': '2',
  'hardlink.inode': 'same',
  'hardlink.makes': '',
  'hardlink.made': '3',
  'fifo.type': 'fifo',
  'fifo.within': 'within',
  'fifo.across': 'through',
  'socket.type': 'socket',
  'socket.across': 'answer',
  'submount.text': 'below',
  'submount.device': 'different',
  'mmap.maps': 'yes',
  'mmap.outside': 'mapped',
  'inotify.within': 'came',
  'inotify.outside': 'came',
  'propagation.late': 'late',
};
