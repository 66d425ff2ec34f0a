import { isPath, type Path, segment } from '../core/path.ts';

/**
 * The routes that Microsoft does not document today, each under the environment variable that overrides it.
 * `{id}` stands for the item's id. Evidence per row: docs/defender-api.md 6.1, 7.1 and 11.2.
 */
export const UNDOCUMENTED = {
  /** Seen in a client (P3). */
  MDCA_ROUTE_GET_POLICY: '/cas/api/v1/policies/{id}/',
  /** Inferred as the mirror of disable (P6). */
  MDCA_ROUTE_ENABLE_POLICY: '/cas/api/v1/policies/{id}/enable/',
  /** Seen in one client (P5). */
  MDCA_ROUTE_DISABLE_POLICY: '/cas/api/v1/policies/{id}/disable/',
  /** Documented until 2021 (T1). */
  MDCA_ROUTE_TAG_APP: '/api/v1/discovery/discovery_app/{id}/add_tag/',
  /** Seen in a client (T5); reads a tag back. */
  MDCA_ROUTE_APP_TAGS: '/cas/api/v1/discovery/discovered_apps/tags/',
  /** Seen in a client (T7); reads an app's name. */
  MDCA_ROUTE_GET_APP: '/api/v1/saasdb/{id}/',
} as const;

/** A route of the table, by its environment variable. */
export type RouteName = keyof typeof UNDOCUMENTED;

/** Gives the path of an undocumented route for one item. */
export type Routes = (name: RouteName, id: string | number) => Path;

/** True for a template that may replace a default: a path without `%` or `alerts`, with `{id}` as often. */
export function isRoute(name: RouteName, template: string): boolean {
  const countIds = (text: string) => text.split('{id}').length - 1;
  // A route to alerts could turn a request for one item into a change of many alerts.
  const isPlain = !/%|alerts/i.test(template) && isPath(template.replace('{id}', 'x'));
  return isPlain && countIds(template) === countIds(UNDOCUMENTED[name]);
}

/** @returns a function that throws a RangeError for a template that is no path; the configuration rejects those */
export function createRoutes(table: Readonly<Record<RouteName, string>> = UNDOCUMENTED): Routes {
  return (name, id) => {
    const built = table[name].replace('{id}', () => segment(id));
    if (!isPath(built)) throw new RangeError(`${name} is not a path`);
    return built;
  };
}
