import { getProxyForUrl } from 'proxy-from-env';
import { Fault } from '../core/errors.ts';

/**
 * The proxy for an origin, from HTTPS_PROXY (or ALL_PROXY; HTTP_PROXY for an http origin) and NO_PROXY. It need not
 * answer.
 * @throws Fault `unreachable` if the value is not the URL of an HTTP proxy; it quotes at most the scheme
 */
export function proxyOf(origin: string): URL | undefined {
  if (getProxyForUrl(origin) === '') return undefined;
  const [scheme] = origin.split(':');
  const names = [`${scheme}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const name = names.find((each) => process.env[each]) ?? '';
  const value = process.env[name]?.trim() ?? '';
  const own = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (own !== undefined && own !== 'http' && own !== 'https') {
    throw unusable(`${name} names a proxy for ${own}: where only http: and https: can be.`, name);
  }
  // Without a scheme it is taken for an http proxy, as other programs do.
  const url = own === undefined ? `http://${value}` : value;
  if (!URL.canParse(url)) throw unusable(`${name} does not hold the URL of a proxy.`, name);
  const proxy = new URL(url);
  // An unencoded / ? or # in a password ends the host too early.
  const isCut = /@/.test(proxy.pathname + proxy.search + proxy.hash);
  // An unfilled ${placeholder} and a quote are a host for URL.
  if (isCut || !/^(?:[\w.-]+|\[.+\])$/.test(proxy.hostname))
    throw unusable(`${name} does not hold the URL of a proxy.`, name);
  return proxy;
}

function unusable(detail: string, name: string): Fault {
  const form = 'http://USER:PASSWORD@HOST:PORT, without USER:PASSWORD@ if it asks for none';
  const encoded = 'Write / ? # and @ of a password as %2F %3F %23 and %40.';
  const remedy = `Set ${name} to ${form}, or name the host that needs none in NO_PROXY. ${encoded}`;
  return new Fault('unreachable', detail, { remedy, retry: 'no' });
}
