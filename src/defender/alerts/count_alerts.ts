import * as z from 'zod';
import type { ReadApi } from '../../http/client.ts';
import { quoteField, quoteId } from '../../text/sanitize.ts';
import { PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { type TimeRange, toTimeRange } from '../shared/time_argument.ts';
import { isOpen, SEVERITIES, STATUSES, toAlert, type WireAlert } from './alert.ts';
import { alertList, detailList } from './alert_list.ts';
import { type AlertQuery, alertFilters, isAsked } from './alert_query.ts';

export const COUNTED_BY = ['severity', 'status', 'policy'] as const;

/** How many alerts are read to count them by policy: five calls. */
const MOST_READ = 5 * PAGE_SIZE;

const Row = z.strictObject({
  key: z.string().meta({ description: 'Severity, status or policy_id' }),
  name: z.string().optional().meta({ description: 'Of the policy' }),
  alerts: z.int().meta({ description: 'Alerts' }),
  open: z.int().optional().meta({ description: 'Of them open' }),
  is_floor: z.boolean().optional().meta({ description: 'At least so many' }),
});
type Row = z.output<typeof Row>;

export const AlertCounts = z.strictObject({
  by: z.enum(COUNTED_BY).meta({ description: 'What is counted' }),
  counts: z.array(Row).meta({ description: 'Without zeros' }),
  total: z.int().meta({ description: 'Alerts in all' }),
  is_floor: z.boolean().optional().meta({ description: 'At least so many' }),
});
export type AlertCounts = z.output<typeof AlertCounts>;

interface CountQuery {
  readonly by: (typeof COUNTED_BY)[number];
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Counts alerts by calls that return one alert each; by policy, by reading them. At most 9 calls. */
export async function countAlerts(api: ReadApi, { by, ...times }: CountQuery): Promise<AlertCounts> {
  const range = toTimeRange(times);
  const rows = by === 'policy' ? await byPolicy(api, range) : await byFilter(api, by, range);
  const counts = rows.filter(({ alerts }) => alerts > 0);
  return {
    by,
    counts,
    total: counts.reduce((sum, { alerts }) => sum + alerts, 0),
    is_floor: rows.some(({ is_floor }) => is_floor) || undefined,
  };
}

async function byFilter(api: ReadApi, by: 'severity' | 'status', range: TimeRange): Promise<Row[]> {
  const rows: Row[] = [];
  let isIgnored = false;
  for (const query of queriesOf(by)) {
    const all = await countOf(api, query, range);
    const open = by === 'severity' ? await countOf(api, { ...query, status: 'open' }, range) : undefined;
    const key = by === 'severity' ? (query.severity?.[0] ?? '') : query.status;
    rows.push({ key, alerts: all.count, open: open?.count, is_floor: all.isFloor || open?.isFloor || undefined });
    isIgnored ||= all.isIgnored || open?.isIgnored === true;
  }
  if (isIgnored) return rows.map(asSeen);
  const all = await countOf(api, { status: 'any' }, range);
  const others = all.count - rows.reduce((sum, { alerts }) => sum + alerts, 0);
  const isExact = !all.isFloor && rows.every(({ is_floor }) => !is_floor);
  // Alerts whose severity or state has no word here are in no row so far.
  return isExact && others > 0 ? [...rows, { key: 'unknown', alerts: others }] : rows;
}

/** A filter that had no effect once may have had none when the alert that came was one asked for, by chance. */
function asSeen({ key, alerts, open }: Row): Row {
  return { key, alerts: Math.min(alerts, 1), open: open && Math.min(open, 1), is_floor: true };
}

function queriesOf(by: 'severity' | 'status'): AlertQuery[] {
  if (by === 'status') return STATUSES.map((status) => ({ status }));
  return SEVERITIES.map((severity) => ({ status: 'any', severity: [severity] }));
}

/** A floor where the service does not give the exact number; ignored if the alert that came was not asked for. */
async function countOf(api: ReadApi, query: AlertQuery, range: TimeRange) {
  const listing = await readList(api, { ...detailList, filters: alertFilters(query, range), limit: 1 });
  const { items, total = items.length } = listing;
  if (!items.every(isAsked(query, range))) return { count: 0, isFloor: true, isIgnored: true };
  return { count: total, isFloor: listing.totalIsFloor || listing.total === undefined, isIgnored: false };
}

async function byPolicy(api: ReadApi, range: TimeRange): Promise<Row[]> {
  const query = { status: 'any' } as const;
  const listing = await readList(api, {
    ...alertList,
    filters: alertFilters(query, range),
    wanted: isAsked(query, range),
    limit: MOST_READ,
  });
  const rows = new Map<string, Row>();
  for (const wire of listing.items) {
    const { id, name } = policyOf(wire, api.origin);
    const row = rows.get(id) ?? { key: id, name, alerts: 0, open: 0, is_floor: listing.hasMore || undefined };
    rows.set(id, { ...row, alerts: row.alerts + 1, open: (row.open ?? 0) + (isOpen(wire) ? 1 : 0) });
  }
  return [...rows.values()].sort((a, b) => b.alerts - a.alerts);
}

function policyOf(wire: WireAlert, origin: string): { readonly id: string; readonly name?: string | undefined } {
  return toAlert(wire, origin).policy ?? { id: 'none' };
}

export function alertCountsText({ by, counts, total, is_floor }: AlertCounts): string {
  const atLeast = (floor: boolean | undefined) => (floor ? 'at least ' : '');
  const lines = counts.map(({ key, name, alerts, open, is_floor: floor }) => {
    const what = [quoteId(key), name && quoteField(name)].filter(Boolean).join(' ');
    return `${what}: ${atLeast(floor)}${alerts}${open === undefined ? '' : `, ${open} open`}`;
  });
  return [`${atLeast(is_floor)}${total} alerts by ${by}`, ...lines].join('\n');
}
