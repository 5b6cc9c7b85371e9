import { go380 } from './kata-qemu-go-3.8.0.ts';
import { go410 } from './kata-qemu-go-4.1.0.ts';
import { rust410 } from './kata-qemu-rust-4.1.0.ts';

/** How one Kata starts QEMU, and what it asks of it over QMP afterwards, as read in its sources. */
export interface KataLine {
  readonly kata: string;
  readonly runtime: 'runtime-rs' | 'go';
  /** Where Kata makes this: `FILE:LINE` in kata-containers at the tag of that version. */
  readonly sources: readonly string[];
  /** The line that decides: the release that is pinned, by its default runtime. What another one meets is a fact only. */
  readonly pinned: boolean;
  /**
   * One option a line, as Kata orders them; `<name>` stands for what differs from sandbox to sandbox. `[image]` or
   * `[initrd]` in front: only where the guest's root is that.
   */
  readonly options: string;
  /** What `<legacy>` is where the CPU shows the flag `hypervisor` (a machine that is a guest itself), and elsewhere. */
  readonly legacy: Readonly<Record<'nested' | 'bare', string>>;
  /** QMP commands that Kata sends to a running QEMU and that need no guest, one a line, with the same names. */
  readonly plugs: string;
  /** What Kata says of a processor that it adds, of what `query-hotpluggable-cpus` returns. */
  readonly processor: readonly string[];
}

/** Which of the ways in which one Kata starts QEMU. */
export interface Form {
  readonly root: 'image' | 'initrd';
  readonly where: 'nested' | 'bare';
}

export const kataLines: readonly KataLine[] = [rust410, go410, go380];

const everyForm: readonly Form[] = [
  { root: 'image', where: 'nested' },
  { root: 'initrd', where: 'bare' },
  { root: 'image', where: 'bare' },
  { root: 'initrd', where: 'nested' },
];

/** The forms to try: all of the line that decides, else two that have every option of theirs between them. */
export const formsOf = (line: KataLine): readonly Form[] => (line.pinned ? everyForm : everyForm.slice(0, 2));

export const nameOf = ({ kata, runtime }: KataLine, { root, where }: Form): string =>
  `Kata ${kata} (${runtime}, ${root}, ${where === 'nested' ? 'nested' : 'bare metal'})`;

/** The fact that tells what became of a form: `kata-cmdline.4.1.0.runtime-rs.image.nested`. */
export const factOf = ({ kata, runtime }: KataLine, { root, where }: Form): string =>
  `kata-cmdline.${kata}.${runtime}.${root}.${where}`;

/** QEMU's arguments. Throws a TypeError for a `<name>` that has no place. */
export function argumentsOf(line: KataLine, form: Form, places: Readonly<Record<string, string>>): string[] {
  return linesOf(line.options)
    .filter((option) => !/^\[(image|initrd)\] /.test(option) || option.startsWith(`[${form.root}] `))
    .map((option) => placed(option.replace(/^\[\w+\] /, ''), { ...places, legacy: line.legacy[form.where] }))
    .flatMap((option) => {
      const [name = '', ...value] = option.split(' ');
      return value.length > 0 ? [name, value.join(' ')] : [name];
    });
}

/** A text with every `<name>` replaced by its place. Throws a TypeError for one that has none. */
export function placed(text: string, places: Readonly<Record<string, string>>): string {
  return text.replaceAll(/<([a-z0-9-]+)>/g, (_, name: string) => {
    const place = places[name];
    if (place === undefined) {
      throw new TypeError(`there is no place for <${name}>`);
    }
    return place;
  });
}

/** The lines of a text that begins and ends with a line break. */
export const linesOf = (text: string): readonly string[] => text.trim().split('\n');
