import type { Cri, CriOptions } from '../machine/cri.ts';
import type { Transcript } from './transcript.ts';

interface Asked extends Omit<CriOptions, 'tell'> {
  readonly transcript: Pick<Transcript, 'say'>;
}

/** A client of a machine's engine, until `over` aborts: no scenario has to let go of it. */
export async function criOf({ transcript, ...options }: Asked, over: AbortSignal): Promise<Cri> {
  // Not loaded before it is needed: it is as large as everything else that a command loads.
  const { openCri } = await import('../machine/cri.ts');
  const cri = await openCri({ ...options, tell: (line) => transcript.say(line) });
  const close = () => void cri[Symbol.asyncDispose]().then(undefined, () => {});
  over.addEventListener('abort', close, { once: true });
  return cri;
}
