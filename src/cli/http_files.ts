import type { HttpConfig } from '../config/http_config.ts';
import type { Log } from '../core/log.ts';
import { type KeyFile, openKeyFile } from '../mcp/transports/sign_in/key_file.ts';
import { orExit } from './refuse.ts';
import { readKey } from './tenant_server.ts';

const REFUSED = 'Configuration refused';

/** Reads who may call over HTTP, and by what a flow delivers; ends the process where that cannot be used. */
export function openHttpFiles(
  { tokenFile, hookSecretFile }: HttpConfig,
  log: Log,
): { readonly keys: KeyFile | undefined; readonly hookSecret: Buffer | undefined } {
  return {
    keys: tokenFile === undefined ? undefined : orExit(openKeyFile(tokenFile, log), REFUSED),
    hookSecret: orExit(readKey('MDCA_HOOK_SECRET_FILE', hookSecretFile), REFUSED),
  };
}
