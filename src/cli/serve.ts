import process from 'node:process';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { VERSION } from '../core/version.ts';
import { serveStdio } from '../mcp/transports/stdio.ts';
import { flushCompileCache } from './compile_cache.ts';
import type { TenantServer } from './tenant_server.ts';

/** How long calls in flight may take after the client has left, ms. Clients kill a server after about two seconds. */
const DRAIN_MS = 1_200;
/** How long a client that has left may read on, ms after it left. */
const END_MS = 1_700;
/** When the rest of the code is loaded, ms after the first answer: `tools/list` is answered before. */
const LOAD_MS = 250;

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Serves one client over stdio until it leaves or a signal comes, and ends the process. */
export async function serve({ methods, app, opened, log }: TenantServer): Promise<void> {
  const { stdin, stdout } = process;
  const signalled = endingSignal();
  let loading: NodeJS.Timeout | undefined;
  // A client lists first and calls later, so the code for calls is loaded in between. The first call tells a failure.
  const load = () =>
    app()
      .then((ready) => ready.warmUp())
      .catch(() => {})
      .finally(flushCompileCache);
  const onAnswered = () => {
    log.info('serving', { version: VERSION, transport: 'stdio' });
    loading = setTimeout(load, LOAD_MS);
  };
  const ending = await Promise.race([
    serveStdio(methods, { stdin, stdout, log, onAnswered, ending: signalled }),
    signalled,
  ]);
  clearTimeout(loading);
  const atLast = delay(END_MS);
  // A request that was just read asks for the app in the next turn.
  await nextTurn();
  await (await opened())?.drain(DRAIN_MS);
  // Some systems write pipes in the background, so the last answers may still be in a buffer.
  await Promise.race([new Promise((resolve) => stdout.write('', resolve)), atLast]);
  process.exit(ending === 'unread' ? 1 : 0);
}

/** Resolves at the first signal to end. */
export function endingSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ENDING) process.once(signal, () => resolve());
  });
}

/** Ends the process with 0 at the first signal. */
export function exitOnSignal(): void {
  for (const signal of ENDING) process.once(signal, () => process.exit(0));
}
