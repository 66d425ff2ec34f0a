import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Path, path } from '../../src/core/path.ts';
import { createClient } from '../../src/http/client.ts';
import type { ServiceRequest } from '../../src/http/layers.ts';
import { assertApproved, assertNamedTargets } from '../../src/http/named_targets.ts';
import { createRoutes } from '../../src/http/undocumented_routes.ts';
import { response } from './loopback.ts';

const ID = '68c2a4f4c41f0a9e731a0001';
// The service has no operation of the last name: the guard takes every unknown one for a bulk operation.
const OPERATIONS = ['close_benign', 'close_false_positive', 'dismiss_bulk', 'resolve', 'reopen', 'close_all_of_them'];
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

/** The rule of the guard, written a second time without its code. Ids are in lower case, as the service prints them. */
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

/** Bodies that are right, nearly right, or anything. */
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
  test('passes with a list of 1 to 100 alert ids in its filter, and not otherwise', () => {
    fc.assert(
      fc.property(body, (text) => {
        expect(passes(at, text), text).toBe(Named.safeParse(JSON.parse(text)).success);
      }),
    );
  });
});

test.each([1, 2, 99, 100])('a list of %i ids passes on every bulk path', (length) => {
  const text = JSON.stringify({ filters: { id: { eq: Array.from({ length }, () => ID) } }, comment: 'x' });
  expect(BULK.filter((at) => !passes(at, text))).toEqual([]);
});

test.each([undefined, '', 'null', '{}', '[]', '""', '{"filters":{}}', '{"filters":{"id":{"eq":[]}}}', 'x'])(
  'the body %j is stopped on every bulk path',
  (text) => {
    expect(BULK.filter((at) => passes(at, text))).toEqual([]);
  },
);

test('a stopped request is an internal error', () => {
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

test('the write API sends no bulk write without targets, even where serialising the filters loses them', async () => {
  const sent: ServiceRequest[] = [];
  const send = async (asked: ServiceRequest) => {
    sent.push(asked);
    return response();
  };
  const api = createClient({ origin: 'http://localhost', send, routes: createRoutes() }).writer({
    signal: new AbortController().signal,
    progress: () => {},
    approved: new Set([ID]),
    onWritten: () => {},
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

describe('a write', () => {
  const OTHER = 'f'.repeat(24);
  const write = (at: Path, body: object, approved: readonly string[]) => () =>
    assertApproved(at, JSON.stringify(body), new Set(approved));
  const close = (eq: readonly string[]) => ({ filters: { id: { eq } }, comment: OTHER });

  test.each<[string, () => void]>([
    ['of approved alerts', write(path`/api/v1/alerts/close_benign/`, close([ID]), [ID, OTHER])],
    ['of one approved policy', write(path`/cas/api/v1/policies/${ID}/disable/`, {}, [ID])],
    [
      'of one approved app',
      write(path`/api/v1/discovery/discovery_app/${20595}/add_tag/`, { tagName: 'x' }, ['20595']),
    ],
    ['of one approved range', write(path`/api/v1/subnet/create_rule/`, { subnets: ['10.0.0.0/8'] }, ['10.0.0.0/8'])],
  ])('%s passes', (_what, run) => {
    expect(run).not.toThrow();
  });

  test.each<[string, () => void]>([
    ['of an alert that was not approved', write(path`/api/v1/alerts/close_benign/`, close([ID, OTHER]), [ID])],
    ['of other alerts only', write(path`/api/v1/alerts/close_benign/`, close([OTHER]), [ID])],
    ['where nothing is approved', write(path`/api/v1/alerts/close_benign/`, close([ID]), [])],
    ['of another policy', write(path`/cas/api/v1/policies/${OTHER}/disable/`, {}, [ID])],
    ['that names nothing', write(path`/api/v1/policies/`, {}, [ID])],
    [
      'with a further filter',
      write(path`/api/v1/alerts/close_benign/`, { filters: { id: { eq: [ID] }, alertOpen: { eq: true } } }, [ID]),
    ],
  ])('%s is stopped', (_what, run) => {
    expect(run).toThrow(/stopped before it was sent/);
  });
});

describe('what is stopped says why', () => {
  const faultOf = (run: () => void): unknown => {
    try {
      run();
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const stopped = (what: string) => ({ code: 'internal', detail: `${what} was stopped before it was sent.` });
  const approve = (body: string) => () => assertApproved(path`/api/v1/alerts/close_benign/`, body, new Set([ID]));

  test.each([undefined, '{}', 'null', '{"filters":null}', `{"filters":{"id":{"eq":[["${ID}"]]}}}`])(
    'for a bulk change with the body %s',
    (body) => {
      const fault = faultOf(() => assertNamedTargets(path`/api/v1/alerts/resolve/`, body));
      expect(fault).toMatchObject(stopped('A bulk change without a list of alert ids'));
    },
  );

  test('for a write', () => {
    expect(faultOf(approve('{}'))).toMatchObject(stopped('A change of no approved item'));
    expect(faultOf(approve('null'))).toMatchObject(stopped('A change of no approved item'));
    const stray = `{"filters":{"id":{"eq":["${ID}","${'f'.repeat(24)}"]}}}`;
    expect(faultOf(approve(stray))).toMatchObject(stopped('A change of an item that was not approved'));
  });

  test('and a member that is null is none', () => {
    expect(faultOf(approve(`{"filters":{"id":{"eq":["${ID}"]}},"comment":null}`))).toBeUndefined();
    expect(faultOf(approve(`{"filters":{"id":{"eq":["${ID}"],"neq":null}}}`))).toMatchObject({ code: 'internal' });
  });
});
