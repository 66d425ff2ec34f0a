import { type Address, HTTP_SETTINGS } from './http_settings.ts';
import type { Setting } from './kinds.ts';
import { isLoopback } from './tenant_url.ts';

/** Everything that can be set about the HTTP door, checked and complete. */
export interface HttpConfig extends Address {
  readonly sessions: number;
  /** Lower case, without ports. */
  readonly allowHosts: readonly string[];
  readonly allowOrigins: readonly string[];
  /** IP addresses and networks of proxies whose forwarded headers are believed. */
  readonly proxies: readonly string[];
  readonly tokenFile: string | undefined;
  readonly hookSecretFile: string | undefined;
  readonly tokens: { readonly issuer: string; readonly audience: string } | undefined;
}

/** Reads the settings of the HTTP door; undefined where it is not asked for. Adds what is wrong to `problems`. */
export function readHttp(read: <T>(setting: Setting<T>) => T, problems: string[]): HttpConfig | undefined {
  // All are read, so that what is wrong with one is said even where the door is not asked for.
  const address = read(HTTP_SETTINGS.http);
  const issuer = read(HTTP_SETTINGS.issuer);
  const audience = read(HTTP_SETTINGS.audience);
  const tokenFile = read(HTTP_SETTINGS.tokenFile);
  const rest = {
    sessions: read(HTTP_SETTINGS.sessions),
    hookSecretFile: read(HTTP_SETTINGS.hookSecretFile),
    allowHosts: read(HTTP_SETTINGS.allowHosts),
    allowOrigins: read(HTTP_SETTINGS.allowOrigins),
    proxies: read(HTTP_SETTINGS.behindProxy),
  };
  if (!address) return undefined;
  if ((issuer === undefined) !== (audience === undefined)) {
    problems.push('Set MDCA_HTTP_ISSUER and MDCA_HTTP_AUDIENCE, or neither.');
  }
  const tokens = issuer !== undefined && audience !== undefined ? { issuer, audience } : undefined;
  // Behind a proxy, who calls from loopback may be anybody.
  if ((!isLocal(address) || rest.proxies.length > 0) && !tokenFile && !tokens) {
    problems.push(
      'MDCA_HTTP can be reached from elsewhere than this machine, so callers must sign in: set MDCA_HTTP_TOKEN_FILE, ' +
        'or MDCA_HTTP_ISSUER and MDCA_HTTP_AUDIENCE.',
    );
  }
  return { ...address, ...rest, tokenFile, tokens };
}

function isLocal({ host }: Address): boolean {
  return isLoopback(host.includes(':') ? `[${host}]` : host);
}
