import type { Level } from '../core/log.ts';
import { unknownInput } from '../core/suggest.ts';
import type { RouteName } from '../http/undocumented_routes.ts';
import type { EntraConfig } from './entra_settings.ts';
import { type HttpConfig, readHttp } from './http_config.ts';
import { HTTP_SETTINGS } from './http_settings.ts';
import type { Setting } from './kinds.ts';
import { isEmptyField, isPlaceholder, UNFILLED } from './placeholder.ts';
import { type RedisConfig, readRedis } from './redis_settings.ts';
import { type AUTH, flagOf, ROUTE_SETTINGS, SETTINGS, settings, type WRITES } from './settings.ts';
import { isLoopback, tenantUrl } from './tenant_url.ts';
import { tlsProblems } from './tls.ts';

/** The tenant and the credential for it. */
export interface Tenant {
  /** `scheme://host[:port]` */
  readonly origin: string;
  /** The API token; empty where Entra issues tokens. */
  readonly token: string;
  /** How tokens are got from Entra; absent where an API token is used. */
  readonly entra?: EntraConfig | undefined;
}

/** Everything that can be set, checked and complete. */
export interface Config {
  readonly callsPerMinute: number;
  readonly requestTimeoutMs: number;
  readonly pollMs: number;
  readonly writes: (typeof WRITES)[number];
  /** Names of tools and groups; empty = all. */
  readonly tools: readonly string[];
  readonly excludeTools: readonly string[];
  /** File of the audit trail, if there is to be one. */
  readonly answerTokens: number;
  readonly auditFile: string | undefined;
  readonly logLevel: Level;
  readonly routes: ReadonlyMap<RouteName, string>;
  /** What all processes of the tenant share; absent where each is alone. */
  readonly redis: RedisConfig | undefined;
  /** File of the key that signs what other processes shall take as their own. */
  readonly signingKeyFile: string | undefined;
  /** The HTTP door; absent over stdio. */
  readonly http: HttpConfig | undefined;
}

/** Where settings come from. A value that is missing or empty counts as not set. */
export interface Sources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads MDCA_API_TOKEN_FILE. @throws RangeError with the reason in our own words; any error if it cannot be read */
  readonly readFile: (path: string) => string;
}

/** A value, or what is wrong: sentences that each name a variable and never quote its value, which may be a secret. */
export type Checked<T> = { readonly value: T } | { readonly problems: readonly string[] };

/** Flags over environment over defaults. */
export function readConfig(sources: Sources): Checked<Config> {
  const { read, problems } = createReader(sources);
  // `readAuth` gives its value. A wrong word is told here, also where no tenant is read.
  read(SETTINGS.auth);
  const config = Object.freeze({
    callsPerMinute: read(SETTINGS.callsPerMinute),
    requestTimeoutMs: read(SETTINGS.requestTimeoutSeconds) * 1000,
    pollMs: read(SETTINGS.pollSeconds) * 1000,
    writes: read(SETTINGS.writes),
    tools: read(SETTINGS.tools),
    excludeTools: read(SETTINGS.excludeTools),
    answerTokens: read(SETTINGS.answerTokens),
    auditFile: read(SETTINGS.auditFile),
    logLevel: read(SETTINGS.logLevel),
    routes: new Map(ROUTE_SETTINGS.map(([name, setting]) => [name, read(setting)] as const)),
    redis: readRedis(read),
    signingKeyFile: read(HTTP_SETTINGS.signingKeyFile),
    http: readHttp(read, problems),
  });
  const wrong = [...unknownNames(sources.environment), ...problems];
  return wrong.length > 0 ? { problems: wrong } : { value: config };
}

/** Reads the tenant. The demo does not need one. */
export function readTenant(sources: Sources): Checked<Tenant> {
  const { read, problems } = createReader(sources);
  const hosts = read(SETTINGS.allowHosts).map((host) => host.toLowerCase());
  const given = read(SETTINGS.apiUrl);
  const url = given === undefined ? { problem: `is not set: ${meaning(SETTINGS.apiUrl)}` } : tenantUrl(given, hosts);
  if ('problem' in url) problems.push(`MDCA_API_URL ${url.problem}.`);
  else if (!isLoopback(new URL(url.origin).hostname)) problems.push(...tlsProblems(sources.environment));
  const token =
    readAuth(sources) === 'token'
      ? readToken(read(SETTINGS.apiToken), read(SETTINGS.apiTokenFile), sources)
      : { token: '' };
  if ('problem' in token) problems.push(token.problem);
  return 'origin' in url && 'token' in token && problems.length === 0
    ? { value: { origin: url.origin, token: token.token } }
    : { problems };
}

/** How the server signs in to the service. A problem with the setting is for `readConfig` to tell. */
export function readAuth(sources: Sources): (typeof AUTH)[number] {
  return createReader(sources).read(SETTINGS.auth);
}

/** Reads one setting after the other and collects the problems; a setting with a problem gets its default. */
export function createReader({ flags, environment }: Sources) {
  const problems: string[] = [];
  function read<T>(setting: Setting<T>): T {
    const text = given(flags[flagOf(setting)]) ?? given(environment[setting.name]);
    if (text === undefined) return setting.fallback;
    const reading = filled(text) ?? setting.read(text);
    if ('value' in reading) return reading.value;
    problems.push(`${setting.name} ${reading.problem}.`);
    return setting.fallback;
  }
  return { read, problems };
}

function readToken(own: string | undefined, file: string | undefined, { readFile, environment }: Sources) {
  if (own !== undefined && file !== undefined)
    return { problem: 'Set MDCA_API_TOKEN or MDCA_API_TOKEN_FILE, not both.' };
  if (file !== undefined) return readTokenFile(file, readFile);
  if (own === undefined) {
    const other = given(environment.AZURE_CLIENT_ID) && ' To sign in by the AZURE_ variables, set MDCA_AUTH=entra.';
    return { problem: `MDCA_API_TOKEN is not set: ${meaning(SETTINGS.apiToken)}.${other ?? ''}` };
  }
  return checkToken('MDCA_API_TOKEN', own);
}

function readTokenFile(file: string, readFile: Sources['readFile']) {
  try {
    return checkToken('MDCA_API_TOKEN_FILE', readFile(file));
  } catch (error) {
    const why = error instanceof RangeError ? error.message : 'names a file that cannot be read';
    return { problem: `MDCA_API_TOKEN_FILE ${why}.` };
  }
}

/** Its alphabet is not documented, so only what cannot be sent in a header is refused (docs/defender-api.md 1.2). */
function checkToken(name: string, pasted: string): { token: string } | { problem: string } {
  const token = pasted
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^Token\s+/i, '')
    .replace(/^["']|["']$/g, '');
  if (isPlaceholder(token)) return { problem: `${name} ${UNFILLED}.` };
  if (/^[\x21-\x7e]+$/.test(token)) return { token };
  return { problem: `${name} does not hold an API token: paste the key alone, without spaces.` };
}

function meaning({ description }: Setting): string {
  return description.replace(/\.? Required.*$/, '');
}

/** The text of a setting without spaces around it; undefined where nobody has set it. */
function given(value: string | undefined): string | undefined {
  const text = value?.trim();
  return value === '' || (text !== undefined && isEmptyField(text)) ? undefined : text;
}

/** A problem where somebody meant to set a value and none is there. To pass over it could lift a restriction. */
function filled(text: string): { readonly problem: string } | undefined {
  if (/^[\s\p{C}]*$/u.test(text)) return { problem: 'holds nothing but blanks' };
  return isPlaceholder(text.replace(/^["']|["']$/g, '')) ? { problem: UNFILLED } : undefined;
}

/** An unknown name stops the start, because a typo in a setting that restricts would lift the restriction. */
function unknownNames(environment: Sources['environment']): string[] {
  const known = settings.map(({ name }) => name);
  const names = Object.keys(environment).filter((name) => name.startsWith('MDCA_') && !known.includes(name));
  return names.map((name) => unknownInput('setting', name, known, `begins with MDCA_, has ${name.length} characters`));
}
