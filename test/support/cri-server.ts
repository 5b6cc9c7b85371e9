import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Server, ServerCredentials, type ServiceDefinition, type UntypedHandleCall } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const proto = resolve(import.meta.dirname, '../../src/machine/cri.proto');

/** What came in, in order. */
export interface Heard {
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>>;
}

export interface CriServer extends AsyncDisposable {
  readonly socket: string;
  readonly heard: readonly Heard[];
  /** Whether a call of this name was cancelled by its client. */
  readonly cancelled: ReadonlySet<string>;
  /** Hangs up on everybody. */
  end(): void;
}

/** An answer, an Error with gRPC's `code`, or `never`. */
export type Answers = Readonly<Record<string, object | Error | 'never'>>;

/** An engine on a socket of this host, that answers each method as is said; `Version` without that. */
export async function serveCri(answers: Answers = {}, api = 'v1'): Promise<CriServer> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const socket = join(folder, 'engine.sock');
  const heard: Heard[] = [];
  const cancelled = new Set<string>();
  const server = new Server();

  for (const [service, definition] of Object.entries(loadSync(proto, { defaults: true, enums: String }))) {
    if (service.endsWith('Service')) {
      server.addService(
        spokenAs(api, definition as ServiceDefinition),
        handlersOf(definition as ServiceDefinition),
      );
    }
  }
  await new Promise<void>((bound, failed) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? failed(error) : bound(),
    );
  });

  function handlersOf(definition: ServiceDefinition): Record<string, UntypedHandleCall> {
    const handle = (method: string): UntypedHandleCall => {
      return (
        call: { request: Heard['request']; on: (event: string, heed: () => void) => void },
        answer: (error: Error | null, value?: object) => void,
      ) => {
        heard.push({ method, request: call.request });
        call.on('cancelled', () => cancelled.add(method));
        const said = answers[method] ?? { runtimeName: 'engine', runtimeApiVersion: api };
        if (said !== 'never') {
          said instanceof Error ? answer(said) : answer(null, said);
        }
      };
    };
    return Object.fromEntries(Object.keys(definition).map((method) => [method, handle(method)]));
  }

  return {
    socket,
    heard,
    cancelled,
    end: () => server.forceShutdown(),
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same service under the interface's name of another time. */
function spokenAs(api: string, definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      { ...method, path: method.path.replace('/runtime.v1.', `/runtime.${api}.`) },
    ]),
  );
}
