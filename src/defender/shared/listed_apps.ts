import * as z from 'zod';
import { quoteField } from '../../text/sanitize.ts';

/** An app that rows of a list name by its id. */
export interface NamedApp {
  readonly id: number;
  readonly name?: string | undefined;
}

/** Apps as an answer names them once, beside its rows: `11161 Office 365`. */
export const ListedApps = z.array(z.string()).optional().meta({ description: 'app_id and name' });

/** @returns undefined without apps; each app once, under its first name */
export function toListedApps(apps: readonly NamedApp[]): string[] | undefined {
  const byId = new Map<number, string>();
  for (const { id, name } of apps) if (!byId.get(id)) byId.set(id, name ?? '');
  return byId.size === 0 ? undefined : [...byId].map(([id, name]) => (name === '' ? String(id) : `${id} ${name}`));
}

/** `Apps: A1=11161 Office 365; …`, before the rows that use `A1`; no line without apps. */
export function appsLine(apps: readonly string[] = []): string[] {
  const named = apps.map((app, index) => {
    const [id = '', ...words] = app.split(' ');
    return `A${index + 1}=${[id, quoteField(words.join(' '))].filter(Boolean).join(' ')}`;
  });
  return named.length === 0 ? [] : [`Apps: ${named.join('; ')}`];
}

/** The apps of a row by their aliases. */
export function appAliases(ids: readonly number[] = [], apps: readonly string[] = []): string {
  return ids.map((id) => `A${apps.findIndex((app) => app.split(' ', 1)[0] === String(id)) + 1}`).join(' ');
}
