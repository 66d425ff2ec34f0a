import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { path } from '../../src/core/path.ts';
import { VERSION } from '../../src/core/version.ts';
import { createClient } from '../../src/http/client.ts';
import type { ServiceRequest, ServiceResponse } from '../../src/http/layers.ts';
import { createRoutes } from '../../src/http/undocumented_routes.ts';
import { response } from './loopback.ts';

const ID = '68c2a4f4c41f0a9e731a0001';
const OTHER = 'f'.repeat(24);
const ALERTS = path`/api/v1/alerts/`;
const CLOSE = path`/api/v1/alerts/close_benign/`;
const HEADERS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
  'user-agent': `defender-cloud-apps-mcp/${VERSION}`,
};
const Counted = z.object({ closed: z.number() });

function setUp(answer: ServiceResponse | Error = response(200, {}, '{"closed":1}')) {
  const sent: ServiceRequest[] = [];
  const routes = createRoutes();
  const client = createClient({
    origin: 'https://tenant.example',
    routes,
    send: async (request) => {
      sent.push(request);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const reported: string[] = [];
  const statuses: number[] = [];
  const binding = {
    signal: new AbortController().signal,
    progress: (message: string) => void reported.push(message),
    approved: new Set([ID]),
    onWritten: (status: number) => void statuses.push(status),
  };
  const apis = { reader: client.reader(binding), writer: client.writer(binding) };
  return { sent, routes, reported, statuses, binding, client, ...apis };
}

describe('a read', () => {
  test('without a body is a GET', async () => {
    const { reader, sent, binding } = setUp();
    expect(await reader.read(path`/api/v1/alerts/${ID}/`, Counted)).toEqual({ closed: 1 });
    expect(sent).toEqual([
      {
        method: 'GET',
        path: `/api/v1/alerts/${ID}/`,
        body: undefined,
        effect: 'read',
        headers: HEADERS,
        signal: binding.signal,
        background: undefined,
        ticket: {},
        onWait: expect.any(Function),
      },
    ]);
  });

  test('with a body is a POST that is still a read', async () => {
    const { reader, sent } = setUp();
    await reader.read(ALERTS, Counted, { filters: {} });
    expect(sent[0]).toMatchObject({ method: 'POST', body: '{"filters":{}}', effect: 'read' });
  });

  test('tells the headers of the reply, if asked', async () => {
    const { reader } = setUp(response(200, { date: 'now' }, '{"closed":1}'));
    const told: object[] = [];
    await reader.read(ALERTS, Counted, undefined, (headers) => void told.push(headers));
    expect(told).toEqual([{ date: 'now' }]);
  });

  test('shares its ticket with no other request', async () => {
    const { reader, sent } = setUp();
    await reader.read(ALERTS, Counted);
    await reader.read(ALERTS, Counted);
    expect(sent[0]?.ticket).not.toBe(sent[1]?.ticket);
  });

  test('of a background call says so', async () => {
    const { client, binding, sent } = setUp();
    await client.reader({ ...binding, background: true }).read(ALERTS, Counted);
    expect(sent[0]?.background).toBe(true);
  });

  test('that waits reports how many calls are ahead', async () => {
    const { reader, sent, reported } = setUp();
    await reader.read(ALERTS, Counted);
    sent[0]?.onWait?.(7);
    expect(reported).toEqual(['Waiting for the call budget, 7 calls ahead.']);
  });

  test('cannot reach the path of a bulk change', async () => {
    const { reader, sent } = setUp();
    await expect(reader.read(CLOSE, Counted, { filters: {} })).rejects.toMatchObject({ code: 'internal' });
    expect(sent).toEqual([]);
  });

  test('that fails certainly changed nothing', async () => {
    const reading = setUp(response(503)).reader.read(ALERTS, Counted);
    await expect(reading).rejects.toMatchObject({ code: 'unavailable', mayHaveHappened: false });
  });
});

describe('a write', () => {
  const body = { filters: { id: { eq: [ID] } }, comment: 'Travel' };

  test('of what was approved is sent once, and its status is passed on', async () => {
    const { writer, sent, statuses } = setUp();
    expect(await writer.write(CLOSE, Counted, body)).toEqual({ closed: 1 });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', path: CLOSE, body: JSON.stringify(body), effect: 'write' });
    expect(statuses).toEqual([200]);
  });

  test.each([
    ['no list of ids', { comment: ID }],
    ['an empty list', { filters: { id: { eq: [] } }, comment: ID }],
    ['another id', { filters: { id: { eq: [OTHER] } } }],
    ['one id more', { filters: { id: { eq: [ID, OTHER] } } }],
  ])('with %s is stopped before it is sent', async (_what, wrong) => {
    const { writer, sent, statuses } = setUp();
    await expect(writer.write(CLOSE, Counted, wrong)).rejects.toMatchObject({ code: 'internal' });
    expect(sent).toEqual([]);
    expect(statuses).toEqual([]);
  });

  test.each([404, 503])('that is answered with HTTP %i passes its status on as well', async (status) => {
    const { writer, statuses } = setUp(response(status));
    await expect(writer.write(CLOSE, Counted, body)).rejects.toMatchObject({ mayHaveHappened: status === 503 });
    expect(statuses).toEqual([status]);
  });

  test('that is not answered has no status', async () => {
    const failure = new Error('reset');
    const { writer, statuses } = setUp(failure);
    await expect(writer.write(CLOSE, Counted, body)).rejects.toBe(failure);
    expect(statuses).toEqual([]);
  });

  test('whose answer cannot be read may have been carried out', async () => {
    const writing = setUp(response(200, {}, '<html>')).writer.write(CLOSE, Counted, body);
    await expect(writing).rejects.toMatchObject({ code: 'unreadable', mayHaveHappened: true });
  });
});

test('both APIs hold the origin and the routes and report progress; only the writer can write', () => {
  const { reader, writer, routes, reported } = setUp();
  for (const api of [reader, writer]) {
    expect(api.origin).toBe('https://tenant.example');
    expect(api.routes).toBe(routes);
    api.progress('Read 3 of 9.');
  }
  expect(reported).toEqual(['Read 3 of 9.', 'Read 3 of 9.']);
  expect(reader).not.toHaveProperty('write');
});
