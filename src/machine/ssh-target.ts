import { UserError } from '../errors.ts';

/** A machine that somebody has, as they name it to ssh. */
export interface Target {
  /** `root@build-1`: what ssh is given; a name of the user's ssh_config will do. */
  readonly login: string;
  /** Missing: what ssh_config says, else 22. */
  readonly port?: number;
}

const shape = /^(?:([\w.-]+)@)?(\[[0-9A-Fa-f:.%\w]+\]|[A-Za-z0-9][\w.-]*)(?::(\d{1,5}))?$/;

/** Reads `[USER@]HOST[:PORT]`; an IPv6 address stands in brackets. Throws a UserError for anything else. */
export function targetOf(text: string): Target {
  const target = targetIn(text);
  if (!target) {
    throw new UserError(
      `cannot read --ssh "${text}": say [RELEASE=][USER@]HOST[:PORT], as in root@build-1 or debian-13=root@10.0.0.7:2222`,
    );
  }
  return target;
}

/** The same; undefined for anything else. */
export function targetIn(text: string): Target | undefined {
  const [, user, host = '', digits] = shape.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  const isPort = port === undefined || (port > 0 && port < 65_536);
  if (host === '' || user?.startsWith('-') || !isPort) {
    return undefined;
  }
  const name = host.replace(/^\[|\]$/g, '');
  return { login: user === undefined ? name : `${user}@${name}`, ...(port !== undefined && { port }) };
}

/** For people, as it was typed. */
export function nameOf({ login, port }: Target): string {
  return port === undefined ? login : `${login}:${port}`;
}
