import * as z from 'zod';
import { quoteField, sanitizeOptional } from '../../text/sanitize.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { answerList } from '../shared/answer_list.ts';
import type { Filters } from '../shared/filters.ts';
import { isCursorOf } from '../shared/list_cursor.ts';
import { countsText, ListOutput, type ListRequest } from '../shared/list_output.ts';
import { pagesOf } from '../shared/paged_list.ts';
import { isSameName } from '../shared/user_argument.ts';
import { asText, wireNumber, wireText } from '../shared/wire.ts';
import { onRoute } from '../shared/write_once.ts';

/** The literals that the service's own tag list uses, in lower case (docs/defender-api.md 7.1). */
export const APP_TAGS = ['sanctioned', 'unsanctioned', 'monitored', 'none'] as const;

/** Undefined where a record does not say it. */
const tags = z.transform((value) => (Array.isArray(value) ? value.flatMap((tag) => asText(tag) ?? []) : undefined));

/** An app of a list as the service sends it (docs/defender-api.md 7.1, T6 and T8). It has no `_id`. */
export const WireListedApp = z
  .object({ appId: z.int(), name: wireText, category: wireText, score: wireNumber, usersCount: wireNumber, tags })
  .transform((app) => ({ ...app, _id: String(app.appId) }));
type WireListedApp = z.output<typeof WireListedApp>;

/** An app in a list. */
export const ListedApp = z.strictObject({
  id: z.int().meta({ description: 'app_id' }),
  name: z.string().optional().meta({ description: 'Name' }),
  category: z.string().optional().meta({ description: 'Category' }),
  score: z.number().optional().meta({ description: 'Risk score, 10 is safest' }),
  users: z.number().optional().meta({ description: 'Seen in traffic' }),
});
export type ListedApp = z.output<typeof ListedApp>;

export function toListedApp({ appId, name, category, score, usersCount }: WireListedApp): ListedApp {
  return {
    id: appId,
    name: sanitizeOptional(name),
    category: sanitizeOptional(category?.replace(/^SAASDB_CATEGORY_/, '').toLowerCase()),
    score,
    users: usersCount,
  };
}

const pages = pagesOf(WireListedApp);

export const Apps = ListOutput({
  found_in: z.enum(['traffic', 'catalog']).meta({ description: 'catalog: nobody uses it' }),
  apps: z.array(ListedApp).meta({ description: 'Most users first' }),
});
export type Apps = z.output<typeof Apps>;

export interface AppQuery {
  readonly name?: string | undefined;
  readonly app_id?: number | undefined;
  readonly tag?: (typeof APP_TAGS)[number] | undefined;
}

/**
 * Apps seen in traffic; if there is none, and no tag was asked for, those of the catalogue. Neither list is known to be
 * searched by name, so that is done here.
 */
export async function findApps(api: ToolApi, { limit, cursor, ...query }: AppQuery & ListRequest): Promise<Apps> {
  const goesOn = isCursorOf(cursor, inList(query, 'catalog'));
  if (!goesOn) {
    const used = await onRoute(api, 'MDCA_ROUTE_DISCOVERED_APPS', undefined, (path) =>
      list(api, { limit, cursor }, query, 'traffic', { path, sortField: 'usersCount' }),
    );
    if (used.apps.length > 0 || query.tag !== undefined || cursor !== undefined) return used;
  }
  return onRoute(api, 'MDCA_ROUTE_APP_CATALOG', undefined, (path) =>
    list(api, { limit, cursor }, query, 'catalog', { path, sortField: 'score' }),
  );
}

/** A cursor of one list is none of the other. */
function inList(query: AppQuery, found_in: Apps['found_in']) {
  return { ...query, found_in };
}

function list(
  api: ToolApi,
  request: ListRequest,
  query: AppQuery,
  found_in: Apps['found_in'],
  where: { readonly path: ReturnType<ToolApi['routes']>; readonly sortField: string },
): Promise<Apps> {
  return answerList(api, request, {
    query: inList(query, found_in),
    source: () => ({
      ...where,
      pages,
      filters: filtersOf(query),
      wanted: isAsked(query),
      searchesAll: query.name !== undefined,
    }),
    map: toListedApp,
    toAnswer: (apps, counts) => ({ found_in, apps: [...apps], ...counts }),
    toText: appsText,
  });
}

/** Seen in clients (docs/defender-api.md 7.1, T6). */
function filtersOf({ app_id, tag }: AppQuery): Filters {
  return {
    ...(app_id !== undefined && { appId: { eq: [app_id] } }),
    ...(tag !== undefined && { tag: { eq: [tag.charAt(0).toUpperCase() + tag.slice(1)] } }),
  };
}

function isAsked({ name, app_id, tag }: AppQuery): (app: WireListedApp) => boolean {
  return (app) =>
    (name === undefined || (app.name ?? '').toLowerCase().includes(name.toLowerCase())) &&
    (app_id === undefined || app.appId === app_id) &&
    (tag === undefined || app.tags === undefined || hasTag(app.tags, tag));
}

/** An app without any of the built-in tags counts as one without a tag (docs/defender-api.md 7.1, T5). */
function hasTag(tags: readonly string[], tag: (typeof APP_TAGS)[number]): boolean {
  if (tag !== 'none') return tags.some((one) => isSameName(one, tag));
  return !tags.some((one) => APP_TAGS.some((builtIn) => isSameName(one, builtIn)));
}

export function appsText(answer: Apps): string {
  const what = answer.found_in === 'traffic' ? 'apps in use' : 'apps of the catalogue; none of them is in use';
  return [countsText(what, answer), ...answer.apps.map(appLine)].join('\n');
}

function appLine({ id, name, category, score, users }: ListedApp): string {
  const facts = [
    [String(id), name && quoteField(name)].filter(Boolean).join(' '),
    category && quoteField(category),
    score !== undefined && `score ${score}`,
    users !== undefined && `users ${users}`,
  ];
  return facts.filter(Boolean).join('; ');
}
