import type * as z from 'zod';
import type { RouteName } from '../http/routes.ts';
import { unknownName } from '../suggest.ts';
import { Settings } from './settings.ts';
import { tenantUrl } from './tenant_url.ts';

type Parsed = z.output<typeof Settings>;

/** The tenant and the credential for it. */
export interface Tenant {
  /** `scheme://host[:port]` */
  readonly origin: string;
  readonly token: string;
}

/** Everything that can be set, checked and complete. */
export interface Config {
  readonly callsPerMinute: number;
  readonly requestTimeoutMs: number;
  readonly pollMs: number;
  readonly writes: Parsed['MDCA_WRITES'];
  /** Names of tools and groups; empty = all. */
  readonly tools: readonly string[];
  readonly excludeTools: readonly string[];
  /** File of the audit trail, if there is to be one. */
  readonly auditFile: string | undefined;
  readonly logLevel: Parsed['MDCA_LOG_LEVEL'];
  readonly routes: Readonly<Record<RouteName, string>>;
}

/** Where settings come from; a name that is missing, empty or an unfilled `${placeholder}` counts as not set. */
export interface Sources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads MDCA_API_TOKEN_FILE. @throws when it cannot be read */
  readonly readFile: (path: string) => string;
}

/** Problems are sentences that each name the variable at fault; none quotes a value, which may be a secret. */
export type Checked<T> = { readonly value: T } | { readonly problems: readonly string[] };

/** Flags over environment over defaults. */
export function readConfig(sources: Sources): Checked<Config> {
  const raw = collect(sources);
  const unknown = unknownNames(sources.environment);
  const parsed = Settings.safeParse(raw);
  if (!parsed.success || unknown.length > 0) {
    const invalid = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}.`) ?? [];
    return { problems: [...unknown, ...invalid] };
  }
  const { data } = parsed;
  return {
    value: Object.freeze({
      callsPerMinute: data.MDCA_CALLS_PER_MINUTE,
      requestTimeoutMs: data.MDCA_REQUEST_TIMEOUT_SECONDS * 1000,
      pollMs: data.MDCA_POLL_SECONDS * 1000,
      writes: data.MDCA_WRITES,
      tools: data.MDCA_TOOLS ?? [],
      excludeTools: data.MDCA_EXCLUDE_TOOLS ?? [],
      auditFile: data.MDCA_AUDIT_FILE,
      logLevel: data.MDCA_LOG_LEVEL,
      routes: {
        MDCA_ROUTE_GET_POLICY: data.MDCA_ROUTE_GET_POLICY,
        MDCA_ROUTE_ENABLE_POLICY: data.MDCA_ROUTE_ENABLE_POLICY,
        MDCA_ROUTE_DISABLE_POLICY: data.MDCA_ROUTE_DISABLE_POLICY,
        MDCA_ROUTE_TAG_APP: data.MDCA_ROUTE_TAG_APP,
        MDCA_ROUTE_APP_TAGS: data.MDCA_ROUTE_APP_TAGS,
        MDCA_ROUTE_GET_APP: data.MDCA_ROUTE_GET_APP,
      },
    }),
  };
}

/** The tenant of the environment; the demo needs none and does not ask. */
export function readTenant(sources: Sources): Checked<Tenant> {
  const { MDCA_API_URL, MDCA_API_TOKEN, MDCA_API_TOKEN_FILE, MDCA_ALLOW_HOSTS } = collect(sources);
  const problems: string[] = [];
  const hosts = MDCA_ALLOW_HOSTS?.toLowerCase().split(/[\s,]+/) ?? [];
  const url =
    MDCA_API_URL === undefined ? { problem: `is not set: ${meaning('MDCA_API_URL')}` } : tenantUrl(MDCA_API_URL, hosts);
  if ('problem' in url) problems.push(`MDCA_API_URL ${url.problem}.`);
  const token = readToken(MDCA_API_TOKEN, MDCA_API_TOKEN_FILE, sources.readFile);
  if ('problem' in token) problems.push(token.problem);
  return 'origin' in url && 'token' in token ? { value: { origin: url.origin, token: token.token } } : { problems };
}

function readToken(own: string | undefined, file: string | undefined, readFile: Sources['readFile']) {
  if (own !== undefined && file !== undefined)
    return { problem: 'Set MDCA_API_TOKEN or MDCA_API_TOKEN_FILE, not both.' };
  if (file !== undefined) return readTokenFile(file, readFile);
  if (own === undefined) return { problem: `MDCA_API_TOKEN is not set: ${meaning('MDCA_API_TOKEN')}.` };
  return checkToken('MDCA_API_TOKEN', own);
}

function readTokenFile(file: string, readFile: Sources['readFile']) {
  try {
    return checkToken('MDCA_API_TOKEN_FILE', readFile(file));
  } catch {
    return { problem: 'MDCA_API_TOKEN_FILE names a file that cannot be read.' };
  }
}

/** The exact alphabet is not documented, so only what cannot be sent in a header is refused (defender-api.md §1.2). */
function checkToken(name: string, pasted: string): { token: string } | { problem: string } {
  const token = pasted
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^Token\s+/i, '')
    .replace(/^["']|["']$/g, '');
  if (/^[\x21-\x7e]+$/.test(token)) return { token };
  return { problem: `${name} does not hold an API token: paste the key alone, without spaces.` };
}

function meaning(name: keyof typeof Settings.shape): string {
  return (Settings.shape[name].description ?? '').replace(/\.? Required.*$/, '');
}

function collect({ flags, environment }: Sources): Partial<Record<keyof typeof Settings.shape, string>> {
  const names = Object.keys(Settings.shape);
  const values = names.map((name) => [name, filled(flags[flagOf(name)]) ?? filled(environment[name])] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function filled(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' || /^\$\{[^}]*\}$/.test(text ?? '') ? undefined : text;
}

/** `MDCA_CALLS_PER_MINUTE` → `calls-per-minute` */
export function flagOf(name: string): string {
  return name.replace('MDCA_', '').toLowerCase().replaceAll('_', '-');
}

/** A typo must not widen what an agent may do, so a name that nobody reads stops the start. */
function unknownNames(environment: Sources['environment']): string[] {
  const known = Object.keys(Settings.shape);
  const names = Object.keys(environment).filter((name) => name.startsWith('MDCA_') && !known.includes(name));
  return names.map((name) => unknownName('setting', name, known));
}
