import nodeModule from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { env, platform } from 'node:process';

/**
 * Keeps compiled code between starts, where the runtime can (Node 22.1). The folder is this user's own: every user of
 * the machine can write to Node's default folder, and Node runs the code in it.
 */
export function enableCompileCache(): void {
  // This variable enables the cache by itself.
  if (env.NODE_COMPILE_CACHE) return;
  const folder = userCaches().find(isAbsolute);
  if (folder !== undefined) call('enableCompileCache', join(folder, 'defender-cloud-apps-mcp'));
}

/** Writes the cache now, because clients often kill a server, and Node would write it only at a normal end. */
export function flushCompileCache(): void {
  call('flushCompileCache');
}

/** Node 20 has neither function. Without a cache a start only takes longer, so failures are ignored. */
function call(name: string, ...args: string[]): void {
  const found: unknown = Reflect.get(nodeModule, name);
  if (typeof found === 'function') Reflect.apply(found, undefined, args);
}

/** In order of preference. A relative one is not used: it would lie in the folder that the client happens to be in. */
function userCaches(): string[] {
  if (platform === 'win32') return [env.LOCALAPPDATA ?? '', join(homedir(), 'AppData', 'Local')];
  if (platform === 'darwin') return [join(homedir(), 'Library', 'Caches')];
  return [env.XDG_CACHE_HOME ?? '', join(homedir(), '.cache')];
}
