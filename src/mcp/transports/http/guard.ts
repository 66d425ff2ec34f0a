import { BlockList, isIP, isIPv6 } from 'node:net';
import { isLoopback } from '../../../config/tenant_url.ts';

/** What a request says about where it was sent, and by what page. */
export interface Addressed {
  /** As it stands in the first line of the request: a path, or a whole URL, whose host counts like that of `Host`. */
  readonly target: string | undefined;
  readonly headers: Headers;
  /** IP address of the other end of the connection. */
  readonly peer: string | undefined;
}

export interface Guard {
  /** Why the request is not served; undefined if it may be. */
  problem(request: Addressed): 'Host' | 'Origin' | undefined;
  /** `scheme://host[:port]` as the client sees it. */
  originOf(request: Addressed): string;
}

export interface GuardOptions {
  /** The host that the door listens on. */
  readonly host: string;
  readonly allowHosts: readonly string[];
  readonly allowOrigins: readonly string[];
  /** IP addresses and networks of proxies whose forwarded headers are believed. */
  readonly proxies: readonly string[];
}

/**
 * A page in a browser can reach a server on loopback by a name of its own that resolves to it. Its requests then name
 * that host, and that page as their origin; so both are checked. Ports do not matter for that, and may be mapped.
 */
export function createGuard({ host, allowHosts, allowOrigins, proxies }: GuardOptions): Guard {
  const isOwn = (name: string) => isLoopback(name) || name === bracketed(host);
  const isProxy = createIpList(proxies);
  const forwarded = ({ headers, peer }: Addressed, name: string) =>
    isProxy(peer) ? headers.get(name)?.split(',', 1)[0]?.trim() : undefined;
  const hostOf = (request: Addressed) => forwarded(request, 'x-forwarded-host') ?? request.headers.get('host') ?? '';
  const isAllowedHost = (given: string) => {
    const name = nameOf(`http://${given}`);
    return name !== undefined && (isOwn(name) || allowHosts.includes(name));
  };
  const isAllowedOrigin = (origin: string) => {
    const name = nameOf(origin);
    return allowOrigins.includes(origin) || (name !== undefined && isOwn(name));
  };
  return {
    problem(request) {
      const origin = request.headers.get('origin');
      const [, targetHost = hostOf(request)] = /^https?:\/\/([^/?#]*)/i.exec(request.target ?? '') ?? [];
      if (![hostOf(request), targetHost].every(isAllowedHost)) return 'Host';
      return origin === null || isAllowedOrigin(origin) ? undefined : 'Origin';
    },
    originOf(request) {
      const scheme = forwarded(request, 'x-forwarded-proto') === 'https' ? 'https' : 'http';
      return `${scheme}://${hostOf(request)}`;
    },
  };
}

/** The host of a URL that has nothing but a scheme, a host and a port; undefined for any other text. */
function nameOf(url: string): string | undefined {
  const isBare = /^https?:\/\/(?:[a-z\d._-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(url);
  return isBare && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Makes a test whether an IP address is in a list of addresses and networks. */
function createIpList(list: readonly string[]): (ip: string | undefined) => boolean {
  const known = new BlockList();
  for (const each of list) {
    const [address = '', bits = isIPv6(address) ? '128' : '32'] = each.split('/');
    known.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return (ip = '') => {
    // Node writes IPv4 addresses so where it listens to both kinds.
    const plain = ip.replace(/^::ffff:/, '');
    return isIP(plain) !== 0 && known.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}
