/** How a machine is reached, and as whom commands are run there. */
export interface SshWay {
  /** What every call of ssh's begins with, `-S CONTROL` among it. */
  readonly options: readonly string[];
  /** The master's socket; a short path. */
  readonly control: string;
  /** `root@127.0.0.1`. */
  readonly target: string;
  /** A command line as the login's shell gets it. Exit status 255 must not be a command's own. */
  readonly command?: (command: string) => string;
  /** The same for a person's shell. */
  readonly shell?: string;
  /** What is seen where nobody answers, in words. */
  readonly look?: () => Promise<string>;
  /** What ssh says where trying again is of no use. */
  readonly hopeless?: RegExp;
}
