import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Fault } from '../../src/core/errors.ts';
import { readReply } from '../../src/http/reply.ts';
import { response } from './loopback.ts';

function faultOf(read: () => unknown): Fault {
  try {
    read();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a reply', () => {
  const Reply = z.object({ a: z.number() });

  test.each([200, 201, 299])('of HTTP %i is what its JSON says', (status) => {
    expect(readReply(response(status, {}, ' {"a":1,"b":2} '), 'read', Reply)).toEqual({ a: 1 });
  });

  test.each(['', '  ', '\n'])('with the body %j is undefined', (body) => {
    expect(readReply(response(204, {}, body), 'write', z.undefined())).toBeUndefined();
    expect(faultOf(() => readReply(response(200, {}, body), 'read', Reply)).code).toBe('unreadable');
  });

  test.each(['{"a":"1"}', '[]', 'null'])('with the body %j is unreadable', (body) => {
    const detail = 'The service answered HTTP 200 with a body that is not the JSON of this operation.';
    const read = faultOf(() => readReply(response(200, {}, body), 'read', Reply));
    expect(read).toMatchObject({ code: 'unreadable', mayHaveHappened: false, detail });
    const written = faultOf(() => readReply(response(200, {}, body), 'write', Reply));
    expect(written).toMatchObject({ code: 'unreadable', mayHaveHappened: true, detail });
  });

  test.each(['<html>', ' \n<!DOCTYPE html>', '{', 'undefined', 'words'])(
    'with the body %j was said by something between, after a write may have been carried out',
    (body) => {
      const detail =
        'Something between this server and the service (a gateway, a firewall or a proxy) ' +
        'answered HTTP 200 with a body that is no JSON, such as a sign-in page.';
      const written = faultOf(() => readReply(response(200, {}, body), 'write', z.unknown()));
      expect(written).toMatchObject({ code: 'unreadable', mayHaveHappened: true, detail });
      const read = faultOf(() => readReply(response(200, {}, body), 'read', Reply));
      expect(read).toMatchObject({ code: 'unreadable', mayHaveHappened: false, detail });
    },
  );

  test.each([
    ['unknown_coding', 'unreadable'],
    ['damaged', 'unreadable'],
    ['too_large', 'too_large'],
  ] as const)('whose body is %s is %s', (undecoded, code) => {
    const reply = { ...response(200, {}, ''), undecoded };
    const written = faultOf(() => readReply(reply, 'write', z.unknown()));
    expect(written).toMatchObject({ code, mayHaveHappened: true });
    expect(faultOf(() => readReply(reply, 'read', z.unknown()))).toMatchObject({ code, mayHaveHappened: false });
    const refused = faultOf(() => readReply({ ...reply, status: 403 }, 'read', z.unknown()));
    expect(refused).toMatchObject({ code: 'intercepted' });
  });

  test('that is not JSON is refused even where any value is accepted', () => {
    expect(faultOf(() => readReply(response(200, {}, '<html>'), 'read', z.unknown())).code).toBe('unreadable');
  });
});

test.each([
  [199, 'redirected', true],
  [300, 'redirected', true],
  [302, 'redirected', true],
  [399, 'redirected', true],
  [400, 'rejected', true],
  [401, 'unauthorized', false],
  [403, 'forbidden', false],
  [404, 'not_found', false],
  [405, 'route_refused', true],
  [408, 'rejected', true],
  [409, 'conflict', true],
  [422, 'rejected', true],
  [429, 'throttled', false],
  [499, 'rejected', true],
  [500, 'service_error', true],
  [501, 'service_error', true],
  [502, 'unavailable', true],
  [503, 'unavailable', true],
  [504, 'unavailable', true],
  [599, 'service_error', true],
])('HTTP %i is %s; a write may have been carried out: %s', (status, code, mayHaveHappened) => {
  const reply = response(status, {}, '{"detail":"words of the service"}');
  const written = faultOf(() => readReply(reply, 'write', z.unknown()));
  expect(written).toMatchObject({ code, mayHaveHappened, detail: `The service answered HTTP ${status}.` });
  expect(faultOf(() => readReply(reply, 'read', z.unknown()))).toMatchObject({ code, mayHaveHappened: false });
});

test.each([
  [400, 'intercepted', 'no'],
  [401, 'intercepted', 'no'],
  [404, 'intercepted', 'no'],
  [409, 'intercepted', 'no'],
  [499, 'intercepted', 'no'],
  [429, 'throttled', 'later'],
  [500, 'service_error', 'later'],
  [503, 'unavailable', 'later'],
] as const)('HTTP %i whose body is no JSON is %s; a write may have been passed on', (status, code, retry) => {
  const detail = `Something between this server and the service (a gateway, a firewall or a proxy) answered HTTP ${status} in its place.`;
  const reply = response(status, {}, 'words of a gateway');
  const expected = { code, retry, status, detail };
  const written = faultOf(() => readReply(reply, 'write', z.unknown()));
  expect(written).toMatchObject({ ...expected, mayHaveHappened: true });
  expect(written.remedy).toMatch(/ask whoever runs/i);
  expect(faultOf(() => readReply(reply, 'read', z.unknown()))).toMatchObject({ ...expected, mayHaveHappened: false });
});
