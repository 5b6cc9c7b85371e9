import { fileURLToPath } from 'node:url';
import type { Client, ServiceError } from '@grpc/grpc-js';
import { load, type MethodDefinition } from '@grpc/proto-loader';

type Method = Pick<MethodDefinition<object, object>, 'path' | 'requestSerialize' | 'responseDeserialize'>;

/** gRPC's status of a service that is not there. */
const unimplemented = 12;
/** As much of a question or an answer as a transcript gets. */
const mostTold = 1_000;

/** An engine's refusal, in its own words. */
export class CriError extends Error {
  override readonly name = 'CriError';
  readonly method: string;
  /** gRPC's: 5 is NOT_FOUND, 12 UNIMPLEMENTED. */
  readonly code: number;

  constructor(method: string, { code, details }: Pick<ServiceError, 'code' | 'details'>) {
    super(`${method} was refused: ${details}`);
    this.method = method;
    this.code = code;
  }
}

export type Call = <Answer>(method: string, request?: object) => Promise<Answer>;

export interface Line {
  readonly client: Client;
  readonly methods: ReadonlyMap<string, Method>;
  /** The interface's name of that time: `v1`, `v1alpha2`. */
  readonly api: string;
  /** What is wrong with the way to the engine; undefined: nothing. */
  readonly fault: () => Error | undefined;
  /** Asked at each call: when it aborts, the call is cancelled. */
  readonly signal?: () => AbortSignal | undefined;
  /** Told each call, and what came of it. */
  readonly tell?: (line: string) => void;
}

/** The methods of cri.proto, by name: no two services of it have one of the same. */
export async function criMethods(): Promise<ReadonlyMap<string, Method>> {
  const proto = fileURLToPath(new URL('./cri.proto', import.meta.url));
  const loaded = await load(proto, { longs: Number, enums: String, defaults: true });
  const services = Object.entries(loaded).filter(([name]) => name.endsWith('Service'));
  return new Map(services.flatMap(([, service]) => Object.entries(service as Record<string, Method>)));
}

/** Calls by name. They reject with a CriError where the engine refuses, with the way's own fault where that is why. */
export function callsBy({
  client,
  methods,
  api,
  fault,
  signal = () => undefined,
  tell = () => {},
}: Line): Call {
  return async <Answer>(name: string, request: object = {}) => {
    const method = methods.get(name);
    if (!method) {
      throw new TypeError(`cri.proto has no ${name}`);
    }
    const path = method.path.replace('/runtime.v1.', `/runtime.${api}.`);

    tell(`cri ${name} ${told(request)}`);
    try {
      const answer = await ask<Answer>(client, { ...method, path }, request, signal());
      tell(`cri ${name} said ${told(answer)}`);
      return answer;
    } catch (error) {
      const why = isStatus(error) ? (fault() ?? new CriError(name, error)) : error;
      tell(`cri ${name} failed: ${why instanceof Error ? why.message : why}`);
      throw why;
    }
  };
}

/** Finds the name of the interface that both speak: containerd before 1.6 knows an older one alone. */
export async function agree(calls: (api: string) => Call): Promise<Call> {
  const call = calls('v1');
  try {
    await call('Version');
    return call;
  } catch (error) {
    if (!(error instanceof CriError && error.code === unimplemented)) {
      throw error;
    }
    const older = calls('v1alpha2');
    await older('Version').catch(() => {
      throw error;
    });
    return older;
  }
}

/** One question and its answer. When the signal aborts, the call is cancelled, and rejects with the signal's reason. */
async function ask<Answer>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: Method,
  request: object,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const call = client.makeUnaryRequest(
    path,
    requestSerialize,
    (bytes) => responseDeserialize(bytes) as Answer,
    request,
    (error, answer) => (error ? reject(error) : resolve(answer as Answer)),
  );
  const cancel = () => {
    reject(signal?.reason);
    call.cancel();
  };
  signal?.addEventListener('abort', cancel, { once: true });

  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** Whether an error is gRPC's word for what came of a call. */
function isStatus(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error;
}

function told(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) =>
    isBytes(part) ? Buffer.from(part.data).toString() : part,
  );
  return text.length > mostTold ? `${text.slice(0, mostTold)}…` : text;
}

/** As a Buffer shows itself to JSON. */
function isBytes(part: unknown): part is { readonly data: number[] } {
  return (
    typeof part === 'object' && part !== null && 'type' in part && part.type === 'Buffer' && 'data' in part
  );
}
