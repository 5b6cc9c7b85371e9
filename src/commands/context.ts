import type { Command } from 'commander';
import type { Provider } from '../machine/machine.ts';
import type { Store } from '../machine/store.ts';
import type { Screen } from './view/screen.ts';

/** What a command is given of the outside world. `cli.ts` makes it; tests make their own. */
export interface Context {
  /** The checkout or installed package: `distros/` and `scenarios/` are below it. */
  readonly root: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Writes to stdout, as it is. */
  readonly out: (text: string) => void;
  /** Writes to stderr: progress and complaints. */
  readonly err: (text: string) => void;
  /** Whether people watch stderr, whether colour is welcome on stdout and stderr, and how wide it is; 0: unknown. */
  readonly terminal: { readonly live: boolean; readonly color: boolean; readonly columns: number };
  /** Takes hold of the terminal that stderr is, for whoever draws on it. Missing: there is none. */
  readonly screen?: () => Promise<Screen>;
  /** Loads the providers there are, in the order in which they are asked. */
  readonly providers: (options: ProviderOptions) => Promise<readonly Provider[]>;
  /** Aborts at the first Ctrl-C, SIGTERM or SIGHUP; its reason is the signal's name. */
  readonly signal: AbortSignal;
  /** Sets the exit status; the last call counts. */
  readonly exit: (code: number) => void;
}

/** What a person may say about how machines are had. */
export interface ProviderOptions {
  readonly accelerator: 'auto' | 'kvm' | 'tcg';
  /** Where images and templates are kept. */
  readonly cache: string;
  /** What the cache may take of the disk; each provider has a default. */
  readonly cacheMiB?: number | undefined;
  /** What is in the cache and is no provider's: it counts, and goes as the provider's own does. */
  readonly beside?: (() => Promise<Store>) | undefined;
  readonly mirror?: string | undefined;
  /** Where publishers' images are had in place of their own addresses, by how those begin. */
  readonly imageMirrors?: Readonly<Record<string, string>> | undefined;
  /** Disks that a user brings, by release. */
  readonly brought?: Readonly<Record<string, string>> | undefined;
  readonly allowExpiredMirror: boolean;
  /** `checked`: kept images and templates are good while the release's package index is theirs. */
  readonly freshness: 'checked' | 'offline' | 'fresh';
  /** Machines that exist; missing: they are not asked for. */
  readonly ssh?:
    | {
        /** `[USER@]HOST[:PORT]` by release; under `''` that of whichever release is run. */
        readonly targets: Readonly<Record<string, string>>;
        /** An ssh_config in place of the user's. */
        readonly config?: string | undefined;
        readonly mayInstall: boolean;
        readonly mayRestart: boolean;
      }
    | undefined;
}

/** One file a verb: builds its commander command, with description, options, examples and action. */
export type Verb = (context: Context) => Command;
