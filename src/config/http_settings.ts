import { isIP } from 'node:net';
import { define, file, type Kind, names, text, whole } from './kinds.ts';
import { isLoopback } from './tenant_url.ts';

/** Where the HTTP door listens. */
export interface Address {
  /** A name or an IP address; an IPv6 address without its brackets. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

const address: Kind<Address | undefined> = {
  fallback: undefined,
  read: (given) => {
    const [, host = '127.0.0.1', digits] = /^(?:(\[[\da-f:.]+\]|[a-z\d.-]+):)?(\d{1,5})$/i.exec(given) ?? [];
    const port = Number(digits);
    if (digits === undefined) return { problem: 'must be PORT or HOST:PORT' };
    return port > 65_535
      ? { problem: 'must have a port of at most 65535' }
      : { value: { host: unbracketed(host), port } };
  },
};

/** The URL of an issuer of tokens, with or without a slash at its end. */
const issuer: Kind<string | undefined> = {
  fallback: undefined,
  read: (given) => {
    const url = URL.canParse(given) ? new URL(given) : undefined;
    if (!url || url.username || url.search || url.hash) return { problem: 'must be the URL of an issuer' };
    const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
    return isSafe ? { value: given } : { problem: 'must be https; http is for loopback only' };
  },
};

/** A list of names that must all be of one form. */
function namesLike(isRight: (name: string) => boolean, problem: string): Kind<readonly string[]> {
  const read: Kind<readonly string[]>['read'] = (given) => {
    const list = names.read(given);
    return 'problem' in list || list.value.every(isRight) ? list : { problem };
  };
  return { fallback: [], read };
}

/** Origins as browsers send them: `scheme://host[:port]`. */
const origins = namesLike(isOrigin, 'must hold origins like https://app.example, without a path');

const HOST = /^(?:[a-z\d._-]+|\[[\da-f:.]+\])$/;

const hostNames = namesLike(
  (name) => HOST.test(name),
  'must hold names like mcp.contoso.example, without scheme, port or path',
);

/** Names of hosts, in lower case. */
const hosts: Kind<readonly string[]> = { ...hostNames, read: (given) => hostNames.read(given.toLowerCase()) };

/** IP addresses, and networks such as `10.0.0.0/8`. */
const networks = namesLike(isNetwork, 'must hold IP addresses, or networks like 10.0.0.0/8');

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Settings of the HTTP door. All but the signing key do nothing without the first. */
export const HTTP_SETTINGS = {
  http: define(
    'MDCA_HTTP',
    address,
    'Serve Streamable HTTP at `/mcp` there instead of stdio: `[HOST:]PORT`; 127.0.0.1 unless given, port 0 is any.',
  ),
  sessions: define('MDCA_HTTP_SESSIONS', whole(1000, 1, 1_000_000), 'Most sessions kept in memory over HTTP.'),
  signingKeyFile: define(
    'MDCA_SIGNING_KEY_FILE',
    file,
    'File with at least 32 random characters, by which session ids and questions to a person stay good after a ' +
      'restart and in every replica; questions also over stdio. Without Redis they are kept in `FILE.questions`.',
  ),
  allowHosts: define('MDCA_HTTP_ALLOW_HOSTS', hosts, 'Further names by which clients reach the HTTP door.'),
  allowOrigins: define('MDCA_HTTP_ALLOW_ORIGINS', origins, 'Origins of web pages that may use the HTTP door.'),
  behindProxy: define(
    'MDCA_HTTP_BEHIND_PROXY',
    networks,
    'IPs or networks of proxies in front of the HTTP door, whose `X-Forwarded-Host` and `-Proto` are believed.',
  ),
  tokenFile: define(
    'MDCA_HTTP_TOKEN_FILE',
    file,
    'API keys of callers over HTTP, a line each: `NAME KEY [read]`. Read again when it changes.',
  ),
  hookSecretFile: define(
    'MDCA_HOOK_SECRET_FILE',
    file,
    'File with the secret, of at least 32 characters, by which a flow delivers alerts to `/hooks/alert-generated`.',
  ),
  issuer: define('MDCA_HTTP_ISSUER', issuer, 'Issuer of access tokens of callers over HTTP, as its metadata names it.'),
  audience: define('MDCA_HTTP_AUDIENCE', text, 'Audience that those access tokens must be for.'),
};

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase();
}
