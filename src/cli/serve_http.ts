import { randomBytes } from 'node:crypto';
import process from 'node:process';
import type { Checked } from '../config/config.ts';
import type { HttpConfig } from '../config/http_config.ts';
import { readSmallText } from '../config/small_file.ts';
import { VERSION } from '../core/version.ts';
import { type Door, type DoorOptions, openDoor } from '../mcp/transports/http/door.ts';
import type { TokenOptions } from '../mcp/transports/sign_in/access_tokens.ts';
import { openKeyFile } from '../mcp/transports/sign_in/key_file.ts';
import { type Check, createSignIn } from '../mcp/transports/sign_in/sign_in.ts';
import { orExit } from './refuse.ts';
import { endingSignal } from './serve.ts';
import type { TenantServer } from './tenant_server.ts';

/** How long calls in flight may take after a signal, ms; with what comes after, the process ends within 10 s. */
const DRAIN_MS = 8_000;
/** As the length of a SHA-256 value. */
const MIN_KEY = 32;

/** Serves many clients over HTTP until a signal comes, and ends the process. */
export async function serveHttp(
  { createServer, app, opened, log, metrics }: TenantServer,
  http: HttpConfig,
): Promise<void> {
  const ended = endingSignal();
  const signingKey = orExit(readSigningKey(http.signingKeyFile), REFUSED);
  const hookSecret =
    http.hookSecretFile === undefined ? undefined : orExit(readKey(HOOK, http.hookSecretFile), REFUSED);
  const keys = http.tokenFile === undefined ? undefined : orExit(openKeyFile(http.tokenFile, log), REFUSED);
  const checks = [...(keys ? [keys.check] : []), ...(http.tokens ? [await tokenCheck(http.tokens)] : [])];
  const signIn = checks.length > 0 ? createSignIn(checks) : undefined;
  const deliver = async (value: unknown) => (await app()).deliver(value);
  const hook = hookSecret && { secret: hookSecret, deliver };
  const door = orExit(
    await tryOpen({ http, createServer, signingKey, signIn, hook, metrics: metrics?.text, log }),
    'The HTTP door did not open',
  );
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

const REFUSED = 'Configuration refused';
const HOOK = 'MDCA_HOOK_SECRET_FILE';

/** Without a file a key is made, so ids are good for this process only. */
function readSigningKey(file: string | undefined): Checked<Buffer> {
  return file === undefined ? { value: randomBytes(MIN_KEY) } : readKey('MDCA_SIGNING_KEY_FILE', file);
}

function readKey(name: string, file: string): Checked<Buffer> {
  try {
    const key = readSmallText(file).trim();
    if (key.length >= MIN_KEY) return { value: Buffer.from(key) };
    return { problems: [`${name} must hold at least ${MIN_KEY} characters.`] };
  } catch (error) {
    const why = error instanceof RangeError ? error.message : 'names a file that cannot be read';
    return { problems: [`${name} ${why}.`] };
  }
}
