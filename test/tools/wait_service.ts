import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ROOT, serverOf } from '../process.ts';

/** A record of the alert list; `timestamp` may be anything. */
export interface Row {
  readonly _id: string;
  readonly timestamp?: unknown;
}

export const MINUTE = 60_000;
export const rowId = (n: number): string => `65f0${n.toString(16).padStart(20, '0')}`;

/**
 * A service that lists what it is told to, at the clock that it is told to have. It lets a record through whose time is
 * no number of ms, like a database that compares loosely.
 */
interface ListService {
  readonly url: string;
  rows: Row[];
  /** ms since the epoch; sent as `Date` unless `date` says otherwise. */
  now: number;
  /** The header `Date`; undefined for none. */
  date: () => string | undefined;
  /** What becomes of the rows that a look should show. */
  show: (rows: Row[]) => Row[];
  /** Bodies of the requests so far. */
  readonly asked: { filters: { date?: { gte: number } }; skip: number }[];
  /** Runs before each answer. */
  before: () => Promise<void> | void;
  close(): Promise<void>;
}

async function createListService(): Promise<ListService> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { filters = {}, skip = 0, limit = 100, sortDirection } = JSON.parse(text || '{}');
    service.asked.push({ filters, skip });
    await service.before();
    const rank = ({ timestamp }: Row) => (Number(timestamp) > 1e12 ? Number(timestamp) : Number.MAX_VALUE);
    const sign = sortDirection === 'asc' ? 1 : -1;
    const { gte = Number.NEGATIVE_INFINITY, lte = Number.MAX_VALUE } = filters.date ?? {};
    const found = service.show(service.rows.filter((row) => rank(row) >= gte && rank(row) <= lte));
    const rows = found.toSorted((a, b) => sign * (rank(a) - rank(b)));
    const data = rows.slice(skip, skip + limit);
    const date = service.date();
    response.sendDate = false;
    if (date !== undefined) response.setHeader('Date', date);
    response.end(JSON.stringify({ data, hasNext: skip + data.length < rows.length, total: rows.length }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const service: ListService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rows: [],
    now: Date.now(),
    date: () => new Date(service.now).toUTCString(),
    show: (rows) => rows,
    asked: [],
    before: () => {},
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return service;
}

interface Arrived {
  alerts: { ProviderAlertId: string; TimeGenerated?: string }[];
  cursor: string;
  has_more: boolean;
}

/** A real client and the built server, over stdio, with such a service. */
export interface Waiting {
  readonly service: ListService;
  readonly client: Client;
  /** One look, unless `args` say more. @throws Error for an error result */
  wait(args?: object): Promise<Arrived>;
  /** Ids of all new alerts, over as many calls as it takes; the cursor is passed on to the next time. */
  collect(args?: object): Promise<string[]>;
}

export async function withListService(
  run: (waiting: Waiting) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  const service = await createListService();
  const client = new Client({ name: 'reader', version: '1.0.0' });
  const tenant = { MDCA_API_URL: service.url, MDCA_API_TOKEN: 'token', MDCA_CALLS_PER_MINUTE: '100000' };
  const env = { ...tenant, ...environment };
  let cursor: string | undefined;
  const wait = async (args: object = {}): Promise<Arrived> => {
    const result = await client.callTool({ name: 'mdca_wait_for_alerts', arguments: { wait_seconds: 0, ...args } });
    if (result.isError) throw new Error(JSON.stringify(result.content));
    return result.structuredContent as unknown as Arrived;
  };
  try {
    await client.connect(new StdioClientTransport({ ...serverOf('mdca'), cwd: ROOT, env, stderr: 'ignore' }));
    await client.listTools();
    await run({
      service,
      client,
      wait,
      async collect(args = {}) {
        const ids: string[] = [];
        for (;;) {
          const arrived = await wait({ ...args, ...(cursor !== undefined && { cursor }) });
          ids.push(...arrived.alerts.map(({ ProviderAlertId }) => ProviderAlertId));
          cursor = arrived.cursor;
          if (!arrived.has_more) return ids;
        }
      },
    });
  } finally {
    await client.close();
    await service.close();
  }
}
