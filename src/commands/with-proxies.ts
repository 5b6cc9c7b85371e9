import { setGlobalProxyFromEnv } from 'node:http';
import { UserError } from '../errors.ts';
import type { Context } from './context.ts';

/**
 * Does something over the network by way of the proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, written either way.
 * Throws a UserError where one of them can't be understood.
 */
export async function withProxies<T>({ env }: Pick<Context, 'env'>, deed: () => Promise<T>): Promise<T> {
  const restore = proxied(env);
  try {
    return await deed();
  } finally {
    restore();
  }
}

function proxied(env: Context['env']): () => void {
  try {
    return setGlobalProxyFromEnv({ ...env });
  } catch (cause) {
    throw new UserError(
      'cannot use what HTTPS_PROXY or HTTP_PROXY names: it is no address of a proxy; say it as http://HOST:PORT',
      { cause },
    );
  }
}
