import { toCursor } from '../../src/defender/trigger/cursor.ts';
import { positionAtStart } from '../../src/defender/trigger/position.ts';
import { type Loopback, startService } from './loopback.ts';
import type { Bench, PagingRow } from './report.ts';
import { type Opened, openSession } from './session.ts';
import { ratioOf, spreadOf } from './stats.ts';
import { ours } from './subjects.ts';

const SMALL = 1_000;
const LARGE = 10_000;
/** The largest limit that the tool accepts. */
const LIMIT = 100;
/** The position before every alert. */
const BEGINNING = positionAtStart({ alerts: [], complete: true, time: { earliest: 0, latest: 0 } });
const ROUNDS = 10;
const QUICK_ROUNDS = 2;

/** A tenant with this many alerts, and a server on it. */
interface Tenant {
  readonly alerts: number;
  readonly service: Loopback;
  readonly session: Opened;
  readonly perAlert: number[];
}

/**
 * Reads all alerts of a small and of a large tenant by the cursor of the trigger, because a list ends at 1,000. The
 * small tenant is read several times, so that both have read the same number of alerts.
 */
export async function measurePaging(bench: Bench): Promise<PagingRow[]> {
  const tenants: Tenant[] = [];
  try {
    for (const alerts of [SMALL, LARGE]) tenants.push(await openTenant(bench.node, alerts));
    for (const tenant of tenants) await readAll(tenant);
    const rounds = bench.quick ? QUICK_ROUNDS : ROUNDS;
    for (let round = 0; round < rounds; round++) {
      bench.note(`paging: round ${round + 1} of ${rounds}`);
      for (const tenant of round % 2 === 0 ? tenants : [...tenants].reverse()) await timeReading(tenant);
    }
    return toRows(tenants);
  } finally {
    for (const { service, session } of tenants) {
      await session.running.stop();
      service.stop();
    }
  }
}

async function openTenant(node: string, alerts: number): Promise<Tenant> {
  const service = await startService(alerts);
  return { alerts, service, session: await openSession(node, ours(service.origin)), perAlert: [] };
}

async function timeReading(tenant: Tenant): Promise<void> {
  const began = performance.now();
  for (let read = 0; read < LARGE; read += tenant.alerts) await readAll(tenant);
  tenant.perAlert.push(((performance.now() - began) * 1000) / LARGE);
}

/** @throws Error unless each alert came once */
async function readAll({ service, session, alerts }: Tenant): Promise<void> {
  const ids = new Set<string>();
  let read = 0;
  let cursor: string | undefined = toCursor(BEGINNING, service.origin);
  while (cursor !== undefined) {
    const args: object = { limit: LIMIT, wait_seconds: 0, cursor };
    const { result } = await session.request('tools/call', { name: 'mdca_wait_for_alerts', arguments: args });
    const { alerts: page = [], cursor: next, has_more } = result.structuredContent ?? {};
    for (const { ProviderAlertId } of page) ids.add(ProviderAlertId);
    read += page.length;
    cursor = has_more ? next : undefined;
  }
  if (ids.size !== alerts || read !== alerts)
    throw new Error(`${read} alerts came, ${ids.size} different, of ${alerts}`);
}

function toRows(tenants: readonly Tenant[]): PagingRow[] {
  const base = tenants[0]?.perAlert ?? [];
  return tenants.map(({ alerts, perAlert }) => ({
    alerts,
    perAlert: spreadOf(perAlert),
    ratio: ratioOf(perAlert, base),
  }));
}
