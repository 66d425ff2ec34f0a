import { realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Sources } from '../config/config.ts';
import { flagOf, SETTINGS, settings } from '../config/settings.ts';

/** Settings that are paths. A client starts the server in another folder. */
const PATHS = [SETTINGS.apiTokenFile.name, SETTINGS.auditFile.name];

/** Every setting that is given, as the environment of a start from anywhere. Secrets are left out. */
export function environmentOf({ flags, environment }: Sources): Record<string, string> {
  const given = settings
    .filter(({ secret }) => !secret)
    .map((setting) => [setting.name, (flags[flagOf(setting)] || environment[setting.name])?.trim() ?? ''] as const)
    .filter(([, value]) => value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name, PATHS.includes(name) ? resolve(value) : value]));
}

/**
 * The path by which a client starts this Node. A package manager's own path of it has a version, and goes away with the
 * next one; the link in `PATH` stays.
 */
export function nodeCommand(execPath: string, searchPath: string): string {
  const found = searchPath.split(delimiter).map((folder) => join(folder, 'node'));
  return found.find((path) => path.startsWith('/') && realpathOf(path) === execPath) ?? execPath;
}

function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
