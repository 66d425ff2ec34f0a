import { execSync } from 'node:child_process';
import { cpSync, existsSync, statSync } from 'node:fs';
import { LOCKED_PEERS, PEERS } from './paths.ts';

/** Installs the public servers as the lock file has them. Without them the rest is measured all the same. */
export function installPeers(note: (text: string) => void): void {
  const installed = `${PEERS}/node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${LOCKED_PEERS}/package-lock.json`).mtimeMs)
    return;
  cpSync(LOCKED_PEERS, PEERS, { recursive: true });
  note('installing the public servers');
  try {
    execSync(`npm ci --prefix ${PEERS} --ignore-scripts --no-audit --no-fund --loglevel error`, {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    note('the public servers could not be installed; their rows will say so');
  }
}
