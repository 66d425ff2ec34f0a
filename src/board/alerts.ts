import type { AlertRow } from '../defender/alerts/alert_rows.ts';
import type { AlertWithEvidence } from '../defender/alerts/alert_with_evidence.ts';
import type { Alerts } from '../defender/alerts/list_alerts.ts';
import type { JsonObject } from './json.ts';
import { placeOf } from './places.ts';

export type Evidence = AlertWithEvidence;

export const SEVERITIES = ['high', 'medium', 'low', 'informational', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** An alert in the queue, with what is shown, searched and sorted worked out once. */
export interface Item {
  readonly row: AlertRow;
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** ms since the epoch; 0: unknown */
  readonly raised: number;
  /** The first, and how many there are beside. */
  readonly user: string;
  readonly moreUsers: number;
  readonly place: string;
  readonly policy: string;
  /** In lower case, all that a filter looks at. */
  readonly searched: string;
}

export function toItem(row: AlertRow): Item {
  const { id, severity = 'unknown', created = '', users = [], ips = [], countries = [], more_users = 0 } = row;
  const title = row.title ?? '(no title)';
  const names = users.map((user) => user.name ?? user.id);
  const place = countries.map(placeOf).join(', ');
  const policy = row.policy ?? title;
  return {
    row,
    id,
    title,
    severity,
    raised: Date.parse(created) || 0,
    user: names[0] ?? '',
    moreUsers: Math.max(0, names.length - 1) + more_users,
    place: place || (ips[0] ?? ''),
    policy,
    searched: [title, policy, severity, ...names, place, ...countries, ...ips, id].join('\n').toLowerCase(),
  };
}

/** What the server has answered of its list so far. */
export interface Queue {
  readonly items: readonly Item[];
  /** The portal's page of an alert, with `{id}`. */
  readonly link?: string | undefined;
  readonly total?: number | undefined;
  readonly isFloor: boolean;
  readonly cursor?: string | undefined;
  readonly note?: string | undefined;
}

export function toQueue({ alerts, link, total, total_is_floor, has_more, cursor, note }: Alerts): Queue {
  return {
    items: alerts.map(toItem),
    link,
    total,
    isFloor: total_is_floor === true,
    cursor: has_more ? cursor : undefined,
    note,
  };
}

/** The queue with a further page behind it. An alert that has moved is shown once. */
export function withPage(queue: Queue, page: Queue): Queue {
  const known = new Set(queue.items.map(({ id }) => id));
  return { ...page, items: [...queue.items, ...page.items.filter(({ id }) => !known.has(id))] };
}

/**
 * The queue with its first page read again: what has come since stands before what is known.
 * @param isByTime whether the newest come first; then what the page should have, and has not, is gone
 */
export function withNews(queue: Queue, page: Queue, isByTime: boolean): Queue {
  const again = new Set(page.items.map(({ id }) => id));
  const times = isByTime ? page.items.map(({ raised }) => raised).filter((raised) => raised > 0) : [];
  const oldest = Math.min(...times);
  const rest = queue.items.filter(({ id, raised }) => !again.has(id) && raised <= oldest);
  if (page.cursor === undefined || rest.length === 0) return page;
  return { ...queue, total: page.total, isFloor: page.isFloor, items: [...page.items, ...rest] };
}

export function isList(value: JsonObject): value is Alerts & JsonObject {
  return Array.isArray(value.alerts) && typeof value.returned === 'number';
}

export function isEvidence(value: JsonObject): value is Evidence & JsonObject {
  return typeof value.alert === 'object' && value.alert !== null && Array.isArray(value.activities);
}
