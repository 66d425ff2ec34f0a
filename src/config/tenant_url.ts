/** The service's domains: worldwide, US Government GCC High, US Government GCC (docs/defender-api.md 1.1). */
const HOSTS = ['portal.cloudappsecurity.com', 'portal.cloudappsecurity.us', 'portal.cloudappsecuritygov.com'] as const;

/** `origin`, or `problem` as a sentence for the person who set it. */
export type TenantUrl = { readonly origin: string } | { readonly problem: string };

/**
 * The origin in a pasted URL, which may lack its scheme or have a path, a fragment of the portal, quotes or a slash.
 * The credential is sent to this host, so only the service's own, loopback, and hosts that the operator named pass.
 */
export function tenantUrl(pasted: string, allowHosts: readonly string[]): TenantUrl {
  const text = pasted.trim().replace(/^["'<]+|["'>]+$/g, '');
  const url = parse(text);
  if (!url) return { problem: 'is not a URL; it looks like https://contoso.us2.portal.cloudappsecurity.com' };
  if (url.username || url.password) return { problem: 'must not contain a user name or password' };
  const host = url.hostname.replace(/\.$/, '').toLowerCase();
  if (host.split('.').includes('')) return { problem: 'has an empty name between two dots' };
  const loopback = isLoopback(host);
  if (url.protocol === 'http:' && !loopback) return { problem: 'must be https; http is for loopback only' };
  if (!loopback && domainOf(host) === undefined && !allowHosts.includes(host)) return { problem: unknownHost(host) };
  url.hostname = host;
  return { origin: url.origin };
}

/** True for this machine's own addresses; requests to them never pass a proxy. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function parse(text: string): URL | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? ''
    : /^(localhost|127\.|\[::1\])/i.test(text)
      ? 'http://'
      : 'https://';
  if (!URL.canParse(scheme + text)) return undefined;
  const url = new URL(scheme + text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

/**
 * True unless the host can be told to be no portal of this tenant. A host may lack the region (`contoso.portal.…`), the
 * tenant (`us2.portal.…`) or both, so what it has must be part of the other (docs/defender-api.md 1.1). Nothing can be
 * told of the service's hosts where the tenant's own is loopback or one that the operator named.
 */
export function mayBePortalOf(tenantHost: string, host: string): boolean {
  if (host === tenantHost) return true;
  const [domain, own] = [domainOf(host), domainOf(tenantHost)];
  if (domain === undefined || own === undefined) return domain !== undefined;
  const [labels, ownLabels] = [`.${host.slice(0, -domain.length)}`, `.${tenantHost.slice(0, -own.length)}`];
  return domain === own && (labels.includes(ownLabels) || ownLabels.includes(labels));
}

function domainOf(host: string): string | undefined {
  if (!/^[a-z\d.-]+$/.test(host)) return undefined;
  return HOSTS.find((known) => host === known || host.endsWith(`.${known}`));
}

/** Does not quote the host: a token pasted into the wrong variable would stand in the log. */
function unknownHost(host: string): string {
  if (host === 'security.microsoft.com') {
    return 'names the Defender portal; the API URL stands there under Settings, Cloud Apps, System, About';
  }
  const known = `(*.${HOSTS.join(', *.')})`;
  return `names no host of Defender for Cloud Apps ${known}; if the host is yours, add it to MDCA_ALLOW_HOSTS`;
}
