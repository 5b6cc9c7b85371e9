import { type Manners, politely } from '../../download/manners.ts';
import type { TreeLimits } from './tree-writer.ts';

/** What having a Kata takes besides its source. */
export interface KataOptions {
  /** The folder of what is kept between runs. */
  readonly cache: string;
  readonly now: () => Date;
  /** Takes what nobody vouches for, the first time. */
  readonly trustFirst: boolean;
  /** Takes only what is in the cache or on this host. */
  readonly offline: boolean;
  /** Seconds in which a release's server has to answer, or is not asked again; by default it is asked for longer. */
  readonly reach?: number | undefined;
  /** For GitHub, where artifacts are given only to who is logged in. */
  readonly token?: string | undefined;
  /** Where releases and pull requests are; GitHub by default. */
  readonly servers?: Servers | undefined;
  /** sha256 of archives by their names; those in the repository by default. */
  readonly pinned?: Readonly<Record<string, string>> | undefined;
  readonly limits?: TreeLimits | undefined;
}

export interface Servers extends Manners {
  /** `https://api.github.com`. */
  readonly api: string;
  /** `https://github.com`. */
  readonly web: string;
}

export const github: Servers = {
  api: 'https://api.github.com',
  web: 'https://github.com',
  ...politely,
  instead: 'give the archives: --kata file:PATH',
  token: 'GITHUB_TOKEN',
};

/** Kata's own repository there. */
export const repository = 'kata-containers/kata-containers';
