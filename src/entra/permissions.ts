import { Fault } from '../core/errors.ts';
import { namesOf } from './claims.ts';

const READ_ALERTS = ['Investigation.read', 'Investigation.manage', 'Discovery.read', 'Discovery.manage'];

/** Operations of the service, and the permissions of Entra of which each needs one. */
interface Operation {
  readonly name: string;
  /** The requests that it makes. */
  readonly route: RegExp;
  /** The tools that are for it. Some also do what their other permissions include. */
  readonly tools: RegExp;
  readonly anyOf: readonly string[];
}

/**
 * All documented permissions (docs/defender-api.md 1.3); the first row that matches counts. No documented permission
 * covers what is in no row: policies, tags of apps, files, and alerts that are opened again.
 */
const OPERATIONS: readonly Operation[] = [
  {
    name: 'closing alerts',
    route: /^\/api\/v1\/alerts\/(?:close_\w+|dismiss_bulk|resolve)\/$/,
    tools: /^mdca_(?:close|dismiss|resolve)_alert/,
    anyOf: ['Investigation.manage', 'Discovery.manage'],
  },
  {
    name: 'reading activities',
    route: /^\/api\/v1\/activities\//,
    tools: /^mdca_(?:\w+_activit(?:y|ies)|get_alert)$/,
    anyOf: ['Investigation.read', 'Investigation.manage'],
  },
  {
    name: 'reading alerts and marking them as read',
    route: /^\/api\/v1\/alerts\/(?!reopen\/)/,
    tools: /^mdca_(?:\w+_alerts|mark_alert_\w+)$/,
    anyOf: READ_ALERTS,
  },
  {
    name: 'reading users',
    route: /^\/api\/v1\/entities\//,
    tools: /^mdca_(?:list_users|get_user)$/,
    anyOf: ['Investigation.read', 'Investigation.manage'],
  },
  {
    name: 'adding an IP range',
    route: /^\/api\/v1\/subnet\/create_rule\/$/,
    tools: /^mdca_add_ip_range$/,
    anyOf: ['Investigation.manage', 'Settings.manage'],
  },
  {
    name: 'reading IP ranges',
    route: /^\/api\/v1\/subnet\/$/,
    tools: /^mdca_list_ip_ranges$/,
    anyOf: ['Investigation.read', 'Investigation.manage', 'Settings.read', 'Settings.manage'],
  },
];

/** The permissions of which a tool needs one; undefined if none is documented. */
export function permissionsOfTool(tool: string): readonly string[] | undefined {
  return OPERATIONS.find(({ tools }) => tools.test(tool))?.anyOf;
}

/**
 * The fault for a request or a tool whose permission is missing.
 * @param granted undefined if that is not known; then nothing is provably missing
 */
export function missingFor(
  what: { readonly route: string } | { readonly tool: string },
  granted: readonly string[] | undefined,
): Fault | undefined {
  const operation = OPERATIONS.find(({ route, tools }) =>
    'route' in what ? route.test(what.route) : tools.test(what.tool),
  );
  if (!operation || !granted || isCovered(operation.anyOf, granted)) return undefined;
  return new Fault(
    'role_missing',
    `For ${operation.name}, the token needs ${operation.anyOf.join(' or ')}; it has ${namesOf(granted)}.`,
  );
}

export function isCovered(anyOf: readonly string[], granted: readonly string[]): boolean {
  return anyOf.some((name) => granted.includes(name));
}

/** What to do where the service itself refuses a request (HTTP 403). */
export function remedyFor(route: string): string {
  const operation = OPERATIONS.find((each) => each.route.test(route));
  if (!operation) return `${UNCOVERED} An API token of a user with the role for it may do it (MDCA_AUTH=token).`;
  return (
    `Grant the application ${operation.anyOf.join(' or ')} of Microsoft Cloud App Security in Entra, with admin ` +
    'consent; a person who signs in also needs the role for it in Defender for Cloud Apps.'
  );
}

const UNCOVERED = 'No documented permission of Entra covers this operation.';
