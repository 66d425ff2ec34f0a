import process from 'node:process';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { VERSION } from '../core/version.ts';
import { serveStdio } from '../mcp/transports/stdio.ts';
import { flushCompileCache } from './compile_cache.ts';
import type { TenantServer } from './tenant_server.ts';

/** Calls in flight get this long to end when the client leaves, ms; clients kill a server after about two seconds. */
const DRAIN_MS = 1_500;
/** The answers to `initialize` and `tools/list` go out before the rest is loaded, ms. */
const LOAD_MS = 250;

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Serves one client over stdio until it leaves or a signal comes, and ends the process. */
export async function serve({ server, app, opened, log }: TenantServer): Promise<void> {
  const { stdin, stdout } = process;
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ENDING) process.once(signal, () => resolve());
  });
  // A client lists first and calls later: what a call needs is loaded in between. If that fails, the call says so.
  const loading = setTimeout(() => {
    log.info('serving', { version: VERSION, transport: 'stdio' });
    app()
      .then((ready) => ready.warmUp())
      .catch(() => {})
      .finally(flushCompileCache);
  }, LOAD_MS);
  await Promise.race([serveStdio(server, { stdin, stdout, log }), signalled]);
  clearTimeout(loading);
  // A call that has just been read asks for the app in a later turn.
  await nextTurn();
  await (await opened())?.drain(DRAIN_MS);
  // Answers may still be in a pipe's buffer; on some systems pipes are written in the background.
  await Promise.race([new Promise((resolve) => stdout.write('', resolve)), delay(200)]);
  process.exit(0);
}

/** Ends the process with 0 at the first signal. */
export function exitOnSignal(): void {
  for (const signal of ENDING) process.once(signal, () => process.exit(0));
}
