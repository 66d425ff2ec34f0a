import { homedir } from 'node:os';
import { join } from 'node:path';
import { env, getBuiltinModule, platform } from 'node:process';

/**
 * Keeps compiled code between starts, where the runtime can (Node 22.1). In a folder of this user: the runtime's own
 * choice is one that every user of the machine may write to, and what lies there is run.
 */
export function enableCompileCache(): void {
  // Whoever has named a folder has enabled it before.
  if (!env.NODE_COMPILE_CACHE) call('enableCompileCache', join(userCache(), 'defender-cloud-apps-mcp'));
}

/** Writes it now: clients kill a server more often than they let it end. */
export function flushCompileCache(): void {
  call('flushCompileCache');
}

/** Node 20 has neither. Failures are silent: without a cache only time is lost. */
function call(name: string, ...args: string[]): void {
  const found: unknown = Reflect.get(getBuiltinModule('node:module'), name);
  if (typeof found === 'function') Reflect.apply(found, undefined, args);
}

function userCache(): string {
  if (platform === 'win32') return env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return env.XDG_CACHE_HOME || join(homedir(), '.cache');
}
