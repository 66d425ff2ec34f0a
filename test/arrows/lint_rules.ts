import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { ROOT } from '../process.ts';
import { COMPONENTS, NESTED, ROOMS, type Room } from './arrows.ts';

/** The folder of a room, and those below it that belong to it. */
export function foldersOf({ folder }: Room): string[] {
  if (!NESTED.has(folder)) return [folder];
  const below = readdirSync(`${ROOT}${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => posix.join(posix.relative(ROOT, entry.parentPath), entry.name));
  return [folder, ...below.toSorted()];
}

/** The pattern by which the lint rule recognises an import of a file, or of a folder's files, in another folder. */
export function specifier(from: string, to: string): string {
  const target = to.endsWith('.ts') ? to : `${to}/*.ts`;
  const relative = posix.relative(from, target);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** The linter's settings that hold each room to the imports in its row; biome.json extends them. */
export function lintRules(): object {
  return {
    overrides: ROOMS.flatMap((room) => {
      const own = foldersOf(room);
      return own.map((folder) => {
        const allowed = [...own, ...room.imports].map((target) => specifier(folder, target));
        const components = COMPONENTS.has(folder) ? ['./*.tsx'] : [];
        const group = ['**', ...allowed, ...components, ...room.packages].map((pattern, n) =>
          n === 0 ? pattern : `!${pattern}`,
        );
        const message = `${room.folder}: ${room.holds}. It may import ${namesOf(room)}; see test/arrows/arrows.ts.`;
        const noRestrictedImports = { level: 'error', options: { patterns: [{ group, message }] } };
        const includes = [`${folder}/*.ts`, ...(components.length > 0 ? [`${folder}/*.tsx`] : [])];
        return { includes, linter: { rules: { style: { noRestrictedImports } } } };
      });
    }),
  };
}

function namesOf({ imports, packages }: Room): string {
  return [...imports, ...packages].join(', ') || 'nothing';
}
