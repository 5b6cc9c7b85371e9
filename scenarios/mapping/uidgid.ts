import type { Scenario } from '../../src/scenario.ts';
import { kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { compare, type How } from '../parts/mapping.ts';
import { told } from '../parts/told.ts';

export default {
  title: "Owners and modes of files are the machine's in the container, and the other way round",
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 90,

  async run(t) {
    const { at } = await kataStack(t, ['mapping', 'mapping-inside']);

    const script = (how: How) =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./mapping.sh
        how=${how} share=$PWD/share-${how}
        mkdir -m 755 "$share" "$share/userns"
        for owner in 0:0 1234:4321 65534:65534; do
          for mode in 0640 4755; do
            file=$share/\${owner%:*}-$mode
            echo "of $owner" >"$file"
            chown "$owner" "$file" && chmod "$mode" "$file"
          done
        done
        mkdir -m 1777 "$share/made"
        cp "$(command -v busybox)" "$share/busybox"
        chown 65534:65534 "$share/busybox" && chmod 4755 "$share/busybox"

        start_sleeper "$how" "ids-$how" --user 1234:4321 --allow-new-privs --mount "$(bound "$share" /m rbind:rw)"
        probed "ids-$how" ids
        probed_as_root "ids-$how" by_root
        for name in file folder setuid given; do echo "made.$name=$(owned "$share/made/$name")"; done

        echo own >"$share/userns/own"
        chown 100000:100000 "$share/userns" "$share/userns/own"
        # For an owner of its pipes ctr sends runc's options in place of Kata's, and with them the configuration is lost.
        mkdir -p /etc/kata-containers/runtime-rs
        ln -sf "$kata_config" /etc/kata-containers/configuration.toml
        ln -sf "$kata_config" /etc/kata-containers/runtime-rs/configuration.toml
        echo 'running a container with a user namespace' >&2
        if ctr_run "$how" --rm --uidmap 0:100000:65536 --gidmap 0:100000:65536 \
          --mount "$(bound "$share/userns" /m rbind:rw)" "$kata_image" "userns-$how" \
          sh -c "$mapping_inside; in_user_namespace" >userns.out 2>userns.log; then
          echo userns=runs
          cat userns.out
          echo "userns.made=$(owned "$share/userns/made")"
        else
          refused userns userns.log
          [ "$how" = runc ] || kata_words
        fi`);

    await compare(t, at, { script, asked, within: { userns: /^userns\./ } });
  },
} satisfies Scenario;

/** What is asked of a container, whoever runs it. */
const asked = {
  'seen.0-0640': '0:0 640',
  'seen.0-4755': '0:0 4755',
  'seen.1234-0640': '1234:4321 640',
  'seen.1234-4755': '1234:4321 4755',
  'seen.65534-0640': '65534:65534 640',
  'seen.65534-4755': '65534:65534 4755',
  'read.own': 'of 1234:4321',
  'read.others': 'Permission denied',
  'made.in-others': 'Permission denied',
  'setuid.runs': 'Uid: 1234 1234 65534 1234',
  'seen.given': '7:8',
  'made.file': '1234:4321 644',
  'made.folder': '1234:4321 755',
  'made.setuid': '1234:4321 4755',
  'made.given': '7:8 644',
  userns: 'runs',
  'userns.map': '0 100000 65536',
  'userns.seen': '0:0',
  'userns.made': '100000:100000 644',
};
