import { isPath, type Path, segment } from '../core/path.ts';

/** A route that Microsoft does not document today. */
interface UndocumentedRoute {
  /** `{id}` stands for the item's id. */
  readonly path: string;
  /** The beginning of a sentence for the table of settings. */
  readonly purpose: string;
}

/**
 * Each undocumented route under the environment variable that overrides it; a new one is one row here.
 * Evidence per row: docs/defender-api.md 6.1, 7.1 and 11.2.
 */
export const UNDOCUMENTED = {
  /** Seen in a client (P3). */
  MDCA_ROUTE_GET_POLICY: { path: '/cas/api/v1/policies/{id}/', purpose: 'Reads a policy' },
  /** Inferred as the mirror of disable (P6). */
  MDCA_ROUTE_ENABLE_POLICY: { path: '/cas/api/v1/policies/{id}/enable/', purpose: 'Switches a policy on' },
  /** Seen in one client (P5). */
  MDCA_ROUTE_DISABLE_POLICY: { path: '/cas/api/v1/policies/{id}/disable/', purpose: 'Switches a policy off' },
  /** Documented from January to March 2021 (T1). */
  MDCA_ROUTE_TAG_APP: { path: '/api/v1/discovery/discovery_app/{id}/add_tag/', purpose: 'Tags an app' },
  /** Seen in a client (T5). */
  MDCA_ROUTE_APP_TAGS: { path: '/cas/api/v1/discovery/discovered_apps/tags/', purpose: "Reads an app's tags" },
  /** Seen in a client (T7). */
  MDCA_ROUTE_GET_APP: { path: '/api/v1/saasdb/{id}/', purpose: "Reads an app's name" },
  /** Seen in a client (T6). */
  MDCA_ROUTE_DISCOVERED_APPS: { path: '/cas/api/v1/discovery/discovered_apps/', purpose: 'Lists discovered apps' },
  /** Seen in a client (T8). */
  MDCA_ROUTE_APP_CATALOG: { path: '/cas/api/v1/discovery/app_catalog/', purpose: 'Searches the app catalogue' },
  /** Seen in clients (P1). */
  MDCA_ROUTE_LIST_POLICIES: { path: '/cas/api/v1/policies/', purpose: 'Lists policies' },
  /** Seen in a client (A11). */
  MDCA_ROUTE_REOPEN_ALERTS: { path: '/api/v1/alerts/reopen/', purpose: 'Opens closed alerts again' },
} as const satisfies Record<`MDCA_ROUTE_${string}`, UndocumentedRoute>;

/** A route of the table, by its environment variable. */
export type RouteName = keyof typeof UNDOCUMENTED;

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(UNDOCUMENTED, name);
}

/** In the order of the table. */
export const routeNames: readonly RouteName[] = Object.keys(UNDOCUMENTED).filter(isRouteName);

/** Gives the path of an undocumented route for one item. */
export type Routes = (name: RouteName, id: string | number) => Path;

/**
 * True for a template that may replace a default: a path without `%`, with `{id}` as often, and to alerts only if the
 * default leads there, but never to a close.
 */
export function isRoute(name: RouteName, template: string): boolean {
  const { path } = UNDOCUMENTED[name];
  const countIds = (text: string) => text.split('{id}').length - 1;
  // A route to alerts could turn a request for one item into a change of many alerts.
  const forbidden = path.includes('/alerts/') ? /%|close|dismiss|resolve/i : /%|alerts/i;
  const isPlain = !forbidden.test(template) && isPath(template.replace('{id}', 'x'));
  return isPlain && countIds(template) === countIds(path);
}

/**
 * @param overrides paths of this tenant, where they differ from the table
 * @throws RangeError for an override that is not a path; the configuration has refused it before
 */
export function createRoutes(overrides: ReadonlyMap<RouteName, string> = new Map()): Routes {
  return (name, id) => {
    const built = (overrides.get(name) ?? UNDOCUMENTED[name].path).replace('{id}', () => segment(id));
    if (!isPath(built)) throw new RangeError(`${name} is not a path`);
    return built;
  };
}
