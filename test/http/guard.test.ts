import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ApiRequest, createApi } from '../../src/http/api.ts';
import { assertNamedTargets } from '../../src/http/guard.ts';
import { createRoutes } from '../../src/http/routes.ts';
import { type Path, path } from '../../src/path.ts';
import { response } from './door.ts';

const ID = '68c2a4f4c41f0a9e731a0001';
const OPERATIONS = ['close_benign', 'close_false_positive', 'close_true_positive', 'dismiss_bulk', 'resolve', 'reopen'];
const BULK = ['api', 'cas'].flatMap((prefix) =>
  OPERATIONS.map((name) => (prefix === 'api' ? path`/api/v1/alerts/${name}/` : path`/cas/api/v1/alerts/${name}/`)),
);

const passes = (at: Path, body: string | undefined): boolean => {
  try {
    assertNamedTargets(at, body);
    return true;
  } catch {
    return false;
  }
};

/** What the guard must see, read without its code: ids in lower case, as the service prints them. */
const Named = z.object({
  filters: z.object({
    id: z.object({
      eq: z
        .array(z.string().regex(/^[0-9a-f]{24}$/))
        .min(1)
        .max(100),
    }),
  }),
});

/** Bodies from right to nearly right to anything. */
const id = fc.stringMatching(/^[0-9a-f]{24}$/);
const nearId = fc.oneof(
  id.map((text) => text.slice(1)),
  id.map((text) => `${text}0`),
  id.map((text) => ` ${text}`),
);
const notId = fc.oneof(nearId, fc.string(), fc.constant('A'.repeat(24)), fc.constant(`${ID}\n`), fc.jsonValue());
const list = fc.oneof(
  fc.array(id, { maxLength: 100 }),
  fc.integer({ min: 99, max: 130 }).map((length) => Array.from({ length }, () => ID)),
  fc.array(fc.oneof({ weight: 9, arbitrary: id }, notId), { maxLength: 8 }),
  fc.constant(ID),
  fc.jsonValue(),
);
const key = (right: string, ...wrong: string[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(right) }, fc.constantFrom(...wrong));
const targets = fc
  .tuple(
    key('filters', 'filter', 'Filters', '__proto__'),
    key('id', 'ID', '_id', 'ids'),
    key('eq', 'neq', 'in', '0'),
    list,
  )
  .map(([filters, field, operator, ids]) => `{"${filters}":{"${field}":{"${operator}":${JSON.stringify(ids)}}}}`);
const body = fc.oneof(
  { weight: 4, arbitrary: targets },
  fc.jsonValue().map((value) => JSON.stringify(value)),
);

describe.each(BULK)('%s', (at) => {
  test('is sent with a list of 1 to 100 alert ids, and with nothing else', () => {
    fc.assert(
      fc.property(body, (text) => {
        expect(passes(at, text), text).toBe(Named.safeParse(JSON.parse(text)).success);
      }),
    );
  });
});

test.each([1, 2, 99, 100])('%i ids pass', (length) => {
  const text = JSON.stringify({ filters: { id: { eq: Array.from({ length }, () => ID) } }, comment: 'x' });
  expect(BULK.filter((at) => !passes(at, text))).toEqual([]);
});

test.each([undefined, '', 'null', '{}', '[]', '""', '{"filters":{}}', '{"filters":{"id":{"eq":[]}}}', 'x'])(
  'the body %j is stopped on every bulk path',
  (text) => {
    expect(BULK.filter((at) => passes(at, text))).toEqual([]);
  },
);

test('what is stopped is a defect of ours', () => {
  expect(() => assertNamedTargets(path`/api/v1/alerts/resolve/`, '{}')).toThrow(
    expect.objectContaining({ code: 'internal' }),
  );
});

test.each([
  path`/api/v1/alerts/`,
  path`/api/v1/alerts/${ID}/`,
  path`/api/v1/alerts/${ID}/read/`,
  path`/api/v1/activities/`,
  path`/cas/api/v1/policies/${ID}/disable/`,
  path`/api/v1/discovery/discovery_app/${20595}/add_tag/`,
])('%s passes with any body', (at) => {
  fc.assert(fc.property(fc.option(body, { nil: undefined }), (text) => passes(at, text)));
});

test('through the API a bulk write without targets reaches nobody, even one that loses them on its way to text', async () => {
  const sent: ApiRequest[] = [];
  const api = createApi({
    origin: 'http://localhost',
    send: async (asked) => {
      sent.push(asked);
      return response();
    },
    routes: createRoutes(),
    signal: new AbortController().signal,
    progress: () => {},
  });
  const close = (filters: object) => api.write(path`/api/v1/alerts/close_benign/`, z.unknown(), { filters });
  const emptied = { id: { eq: [ID] }, toJSON: () => ({}) };
  for (const filters of [{}, { id: {} }, { id: { eq: [] } }, { id: { eq: [undefined] } }, emptied]) {
    await expect(close(filters)).rejects.toMatchObject({ code: 'internal' });
  }
  expect(sent).toEqual([]);
  await close({ id: { eq: [ID] } });
  expect(sent).toHaveLength(1);
});
