/** Words by which a kind of failure is known. */
export interface Words {
  readonly match: RegExp;
  /** The file that prints it, with its project: `kata-containers 4.1.0 src/runtime-rs/...`. */
  readonly prints: string;
  /** The words name their class only where this facility was found red, which then is the reason. */
  readonly confirm?: string;
  /** Only in these scenarios: `host.*`; in all unless given. */
  readonly cells?: string;
}

/** Words of a program's; `only` says where they count. */
export function printed(prints: string, match: RegExp, only: Pick<Words, 'confirm' | 'cells'> = {}): Words {
  return { prints, match, ...only };
}

/** What a scenario of katafarm's own says (a file below scenarios/), where those of its group say it. */
export function scenario(file: string, match: RegExp, cells = `${file.split('/')[0]}.*`): Words {
  return { prints: `katafarm scenarios/${file}`, match, cells };
}

/** A file of the Kata that these words were last looked up in. */
export const kata = (file: string) => `kata-containers 4.1.0 src/${file}`;

/** Where the kernel's errnos are. */
export const errno = 'linux include/uapi/asm-generic/errno-base.h';
