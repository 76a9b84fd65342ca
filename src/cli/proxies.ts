/** Lets requests go through the proxy that the environment names. */
import http from 'node:http';

/** Node.js has it since 24.14; the types of the oldest version don't. */
interface ProxyApi {
  readonly setGlobalProxyFromEnv?: (environment: Readonly<Record<string, string>>) => void;
}

/**
 * Makes requests to an `https` address go through the proxy of the environment, as a tunnel. Returns a sentence for a
 * person if that is not possible. An `http` address is asked directly: a proxy would read the key.
 */
export function heedProxies(
  environment: NodeJS.ProcessEnv,
  baseUrl = 'https:',
  api: ProxyApi = http as ProxyApi,
): string | undefined {
  const proxy = named(environment, 'https_proxy') ?? named(environment, 'all_proxy');
  if (proxy === undefined || !/^https:/i.test(baseUrl)) return undefined;
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol))
    return 'The proxy that the environment names is no http or https address, so it is not used.';
  if (api.setGlobalProxyFromEnv === undefined)
    return `The proxy that the environment names is not used: Node.js ${process.version} can't.`;
  const except = named(environment, 'no_proxy');
  api.setGlobalProxyFromEnv({ https_proxy: proxy, ...(except !== undefined && { no_proxy: except }) });
  return undefined;
}

function named(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[name] || environment[name.toUpperCase()] || undefined;
}
