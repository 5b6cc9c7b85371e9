import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { addAbortSignal, Readable } from 'node:stream';

/** As many as a browser follows. */
const mostRedirects = 20;
const redirects: readonly (number | undefined)[] = [301, 302, 303, 307, 308];
/** What is for the one who was asked, and for nobody whom that one names. */
const confidential: readonly string[] = ['authorization', 'cookie', 'proxy-authorization'];

/** An answer, and where it came from in the end. */
export interface Answered {
  readonly response: Response;
  readonly url: string;
}

/**
 * GET, through redirects; as `fetch` does it, and by Node's own client: `fetch` of Node 24 ends this process by an assertion
 * where a server closes a connection while its reader is behind (undici's parser, `assert(!this.paused)`).
 */
export async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answered> {
  let [at, sent] = [new URL(url), headers];
  for (let hops = 0; ; hops += 1) {
    const message = await get(at, sent, signal);
    const { statusCode, headers: answered } = message;
    if (!redirects.includes(statusCode) || answered.location === undefined) {
      return { response: responseOf(message), url: at.href };
    }
    message.destroy();
    if (hops === mostRedirects) {
      throw new Error(`${new URL(url).host} leads from one place to another without end`);
    }
    const next = new URL(answered.location, at);
    if (next.origin !== at.origin) {
      sent = Object.fromEntries(Object.entries(sent).filter(([name]) => !confidential.includes(name)));
    }
    at = next;
  }
}

function get(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const start = url.protocol === 'https:' ? overHttps : overHttp;
  const asked = start(url, { headers: { 'accept-encoding': 'identity', accept: '*/*', ...headers }, signal });
  asked.once('response', (message) => {
    addAbortSignal(signal, message);
    // Whoever reads it hears of it; nobody else has to.
    message.on('error', () => {});
    resolve(message);
  });
  asked.on('error', reject);
  asked.end();
  return promise;
}

function responseOf(message: IncomingMessage): Response {
  const { statusCode: status = 500, rawHeaders } = message;
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  const isBodiless = [204, 205, 304].includes(status);
  const body = isBodiless ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>);
  return new Response(body, { status, headers });
}
