import { randomBytes } from 'node:crypto';
import process from 'node:process';
import type { Checked } from '../config/config.ts';
import type { HttpConfig } from '../config/http_config.ts';
import type { RedisConfig } from '../config/redis_settings.ts';
import { VERSION } from '../core/version.ts';
import { createLegacyServers } from '../mcp/legacy/server.ts';
import { createModernServer } from '../mcp/modern/server.ts';
import { type Door, type DoorOptions, openDoor, type Replicas } from '../mcp/transports/http/door.ts';
import type { ReplicasOptions } from '../mcp/transports/replicas/replicas.ts';
import type { TokenOptions } from '../mcp/transports/sign_in/access_tokens.ts';
import { type Check, createSignIn } from '../mcp/transports/sign_in/sign_in.ts';
import { openHttpFiles } from './http_files.ts';
import { orExit } from './refuse.ts';
import { endingSignal } from './serve.ts';
import type { TenantServer } from './tenant_server.ts';

/** How long calls in flight may take after a signal, ms; with what comes after, the process ends within 10 s. */
const DRAIN_MS = 8_000;
/** As the length of a SHA-256 value. */
const KEY_BYTES = 32;

const NO_KEY =
  'MDCA_SIGNING_KEY_FILE is not set: the sessions of this process are not known to the others that share its Redis';

/** Serves many clients over HTTP until a signal comes, and ends the process. */
export async function serveHttp(tenant: TenantServer, http: HttpConfig, redis?: RedisConfig): Promise<void> {
  const { methods, app, opened, log, metrics } = tenant;
  const ended = endingSignal();
  // Without a file of a key, session ids are good for this process only.
  const signingKey = tenant.signingKey ?? randomBytes(KEY_BYTES);
  const { keys, hookSecret: secret } = openHttpFiles(http, log);
  const hook = secret && { secret, deliver: async (value: unknown) => (await app()).deliver(value) };
  const checks = [...(keys ? [keys.check] : []), ...(http.tokens ? [await tokenCheck(http.tokens)] : [])];
  const signIn = checks.length > 0 ? createSignIn(checks) : undefined;
  const { origin } = tenant.tenant;
  if (redis && !tenant.signingKey) log.warn(NO_KEY);
  // Only with a key of theirs can replicas read each other's session ids.
  const replicas = redis && tenant.signingKey && (await replicasOf({ redis, origin, signingKey, log }));
  const servers = { legacy: createLegacyServers(methods), modern: createModernServer(methods), replicas };
  const shown = { hook, metrics: metrics?.text };
  const opening = tryOpen({ http, ...servers, ...shown, signingKey, signIn, log });
  const door = orExit(await opening, 'The HTTP door did not open');
  keys?.onRemoved(door.endOf);
  log.info('serving', { version: VERSION, transport: 'http', url: door.url });
  // Loads the code for calls. The first call tells a failure.
  app()
    .then((ready) => ready.warmUp())
    .catch(() => {});
  await ended;
  door.end();
  await (await opened())?.drain(DRAIN_MS);
  await door.close();
  process.exit(0);
}

/** Loaded only where there are other replicas. */
async function replicasOf(options: ReplicasOptions): Promise<Replicas> {
  return (await import('../mcp/transports/replicas/replicas.ts')).joinReplicas(options);
}

/** Loaded only where access tokens are one way to sign in. */
async function tokenCheck(tokens: TokenOptions): Promise<Check> {
  return (await import('../mcp/transports/sign_in/access_tokens.ts')).createTokenCheck(tokens);
}

async function tryOpen(options: DoorOptions): Promise<Checked<Door>> {
  try {
    return { value: await openDoor(options) };
  } catch {
    return { problems: ['The address in MDCA_HTTP cannot be opened; its port may be in use.'] };
  }
}
