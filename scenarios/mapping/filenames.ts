import type { Scenario } from '../../src/scenario.ts';
import { kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { compare, type How } from '../parts/mapping.ts';
import { told } from '../parts/told.ts';

export default {
  title: "Files keep their names' every byte in the container, and may be mounted by them",
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 120,

  async run(t) {
    const { at } = await kataStack(t, ['mapping', 'mapping-inside']);

    const script = (how: How) =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./mapping.sh
        how=${how} share=$PWD/share-${how}
        mkdir -p "$share/names" "$share/made" "$share/sources"
        make_names "$share/names" $name_kinds
        start_sleeper "$how" "names-$how" --mount "$(bound "$share" /m rbind:rw)"
        probed "names-$how" read_names name /m/names $name_kinds
        agree listing "$(listing "$share/names")" "$(probed "names-$how" listing /m/names)"
        probed "names-$how" make_names /m/made $name_kinds
        read_names made "$share/made" $name_kinds
        agree made "$(listing "$share/made")" "$(listing "$share/names")"

        set --
        for kind in $source_kinds; do
          source="$share/sources/$(name_of "$kind")"
          mkdir "$source" && echo "$kind" >"$source/kind"
          set -- "$@" --mount "$(bound "$source" "/s/$kind" rbind:ro)"
        done
        echo 'mounting folders by their names' >&2
        if ctr_run "$how" --rm "$@" "$kata_image" "sources-$how" \
          sh -c "$mapping_inside; mounted $source_kinds" >sources.out 2>sources.log; then
          echo source=runs
          cat sources.out
        else
          refused source sources.log
          [ "$how" = runc ] || kata_words
        fi

        for kind in longest byte; do
          source="$share/sources/$(name_of "$kind")"
          mkdir "$source"
          tried "source.$kind" "$how" "$kind-$how" --mount "$(bound "$source" /s rbind:ro)"
        done
        tried source.root "$how" "root-$how" --mount "$(bound / /s rbind:ro)"

        # Whatever became of those, the container of before is still there.
        said bystander inside "names-$how" echo here`);

    await compare(t, at, { script, asked, within: { source: /^source\.(?!longest|byte|root)/ } });
  },
} satisfies Scenario;

const names = ['longest', 'composed', 'decomposed', 'newline', 'tab', 'dashes', 'space', 'byte', 'capital'];
const sources = ['long', 'composed', 'decomposed', 'newline', 'tab', 'dashes', 'space', 'comma'];

/** What is asked of a container, whoever runs it; each file says its name's kind. */
const asked = {
  ...Object.fromEntries(
    [...names, 'small'].flatMap((kind) => [`name.${kind}`, `made.${kind}`].map((key) => [key, kind])),
  ),
  listing: 'same',
  made: 'same',
  source: 'runs',
  ...Object.fromEntries(sources.map((kind) => [`source.${kind}`, kind])),
  'source.longest': 'runs',
  'source.root': 'runs',
  bystander: 'here',
};
