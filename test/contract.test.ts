import { readdirSync } from 'node:fs';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { CODES, type Code } from '../src/core/codes.ts';
import type { InjectedFault } from '../src/emulator/emulator.ts';
import { faceOf } from '../src/mcp/tool_face.ts';
import type { Tool, WriteTool } from '../src/tool/tool.ts';
import * as register from '../tools/index.ts';
import { type Fixture, textOf, tools, withFixture } from './fixture.ts';
import { argsFor, WRITES } from './samples.ts';
import { expectSentOnce, writesOf } from './writes/writing.ts';

const SECRET = 'PLANTED-SECRET-7f3a';
const SILENT: readonly InjectedFault['kind'][] = ['hang', 'drip'];

/** A short timeout where a fault gives no answer. */
const environmentFor = ({ kind }: InjectedFault): Record<string, string> =>
  SILENT.includes(kind) ? { MDCA_REQUEST_TIMEOUT_SECONDS: '1' } : {};

const run = (fixture: Fixture, tool: Tool) => fixture.call(tool.name, argsFor(tool.name));
const stateOf = ({ emulator }: Fixture) => structuredClone(emulator.state);

// A pause of more than a minute is not waited for, so the answer comes at once.
const THROTTLED = { kind: 'status', status: 429, headers: { 'retry-after': '90' } } as const;

const FAULTS: readonly [string, Code, InjectedFault][] = [
  ...(
    [
      [400, 'rejected'],
      [401, 'unauthorized'],
      [403, 'forbidden'],
      [404, 'not_found'],
      [405, 'route_refused'],
      [409, 'conflict'],
      [500, 'service_error'],
      [503, 'unavailable'],
    ] as const
  ).map(([status, code]): [string, Code, InjectedFault] => [`HTTP ${status}`, code, { kind: 'status', status }]),
  ['HTTP 429', 'throttled', THROTTLED],
  ['HTTP 502 with HTML', 'unavailable', { kind: 'html' }],
  ['200 with garbage', 'unreadable', { kind: 'garbage' }],
  ['200 with an empty body', 'unreadable', { kind: 'empty' }],
  ['an answer cut short', 'connection_lost', { kind: 'truncated' }],
  ['a reset', 'connection_lost', { kind: 'reset' }],
  ['silence', 'timeout', { kind: 'hang' }],
  ['a body that drips', 'timeout', { kind: 'drip' }],
  ['a redirect', 'redirected', { kind: 'redirect', headers: { location: 'http://127.0.0.1:9/' } }],
  ['more than 16 MiB', 'too_large', { kind: 'huge' }],
];

describe('the register', () => {
  test('has each file of tools/ under its own name, which the tool has too', () => {
    const files = readdirSync(new URL('../tools/', import.meta.url)).filter((file) => file !== 'index.ts');
    const missing = files.filter((file) => !Object.hasOwn(register, file.replace('.ts', '')));
    expect(missing, 'tools/index.ts has no line for these files').toEqual([]);
    for (const [name, tool] of Object.entries(register)) {
      expect(files, `tools/index.ts exports ${name}, but tools/${name}.ts is missing`).toContain(`${name}.ts`);
      expect(tool.name, `the name of the tool in tools/${name}.ts`).toBe(`mdca_${name}`);
    }
  });
});

describe.concurrent.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  test('has the face that test/faces/ records; `npm test -- -u` rewrites it', async () => {
    const face = faceOf(tool);
    await expect(`${JSON.stringify(face, null, 2)}\n`).toMatchFileSnapshot(`faces/${name}.json`);
    expect(name).toMatch(/^[a-z0-9_]{1,64}$/);
    expect(face.title.length).toBeGreaterThan(0);
    expect(face.description.length).toBeLessThan(1024);
    expect(Object.values(face.annotations).every((hint) => typeof hint === 'boolean')).toBe(true);
    expect(Object.keys(face.annotations)).toHaveLength(4);
    // Tools are named like the connector's operations, except for the trigger.
    const { operationId } = tool;
    if (operationId === undefined || name === 'mdca_wait_for_alerts') return;
    expect(name).toBe(operationId.replace('MCAS_', 'mdca_').toLowerCase());
  });

  test('has schemas without keywords that a host refuses, and with a description of every property', () => {
    const { inputSchema, outputSchema } = faceOf(tool);
    expect(inputSchema.additionalProperties).toBe(false);
    for (const schema of [inputSchema, outputSchema]) {
      for (const node of nodesOf(schema)) {
        expect(Object.keys(node)).not.toEqual(
          expect.arrayContaining([expect.stringMatching(/^(\$|anyOf|oneOf|allOf)/)]),
        );
        expect(Array.isArray(node.type)).toBe(false);
        for (const property of Object.values((node.properties ?? {}) as Record<string, { description?: string }>)) {
          expect(property.description).toMatch(/\S/);
        }
      }
    }
  });

  test('refuses an unknown argument by name, before any call', () =>
    withFixture(async (fixture) => {
      const result = await fixture.call(name, { ...tool.example, [SECRET]: 1 });
      expectCode(result, 'invalid_input', tool);
      expect(textOf(result)).toContain(Object.keys(tool.input.shape).join(', '));
      expect(fixture.emulator.requests).toEqual([]);
    }));

  test('refuses values that mean nothing of the right type', () =>
    withFixture(async (fixture) => {
      for (const wrong of [{}, true, [], [''], 'x', '*', '', '1.5', '1e3', '0x10', -1, 1.5]) {
        const args = Object.fromEntries(Object.keys(tool.example).map((key) => [key, wrong]));
        if (isOfRightType(tool, wrong) && tool.input.safeParse(args).success) continue;
        expectCode(await fixture.call(name, args), 'invalid_input', tool);
      }
      expect(fixture.emulator.requests).toEqual([]);
    }));

  test('works with its example against the emulator, and answers in text too', () =>
    withFixture(async (fixture) => {
      const result = await run(fixture, tool);
      const advice = `Give arguments of ${name} values of the demo tenant in VALUES of test/samples.ts. ${textOf(result)}`;
      expect(result.isError, advice).toBeFalsy();
      expect(textOf(result)).toMatch(/\S/);
      expect(tool.output.safeParse(result.structuredContent).error).toBeUndefined();
      expect(fixture.emulator.requests.length).toBeGreaterThan(0);
      for (const { headers, path } of fixture.emulator.requests) {
        expect(headers.authorization).toBe(`Token ${fixture.emulator.token}`);
        expect(headers['content-type']).toBe('application/json');
        expect(path.endsWith('/')).toBe(true);
      }
    }));

  test(tool.effect === 'read' ? 'changes nothing' : 'leaves the same state after two calls as after one', () =>
    withFixture(async (fixture) => {
      const before = stateOf(fixture);
      await run(fixture, tool);
      const once = stateOf(fixture);
      if (tool.effect === 'read') return expect(once).toEqual(before);
      const second = await run(fixture, tool);
      expect(second.isError).toBeFalsy();
      expect(stateOf(fixture)).toEqual(once);
    }),
  );

  test('lets no undeclared field and no secret into answers and logs', () =>
    withFixture(async (fixture) => {
      const records: object[] = Object.values(fixture.emulator.state).flat();
      for (const record of records) Object.assign(record, { internalNote: SECRET });
      const results = [await run(fixture, tool)];
      for (const status of [400, 401, 403, 500]) {
        const leak = `${SECRET} Token ${fixture.emulator.token}`;
        fixture.emulator.fault({
          kind: 'status',
          status,
          times: 0,
          body: `{"detail":"${leak}"}`,
          headers: { 'x-leak': leak },
        });
        results.push(await run(fixture, tool));
        fixture.emulator.clearFaults();
      }
      const said = JSON.stringify(results) + fixture.logged.join('\n');
      expect(said).not.toContain(SECRET);
      expect(said).not.toContain(fixture.emulator.token);
    }));

  test('lets no token that the service echoes into answers and logs', () =>
    withFixture(async (fixture) => {
      const { token } = fixture.emulator;
      const forms = [token, Buffer.from(token).toString('base64'), Buffer.from(`Token ${token}`).toString('base64')];
      const body = JSON.stringify({ data: [{ _id: 'a'.repeat(24), title: forms.join(' ') }], name: forms.join(' ') });
      fixture.emulator.fault({ kind: 'status', status: 200, times: 0, body });
      const said = JSON.stringify(await run(fixture, tool)) + fixture.logged.join('\n');
      for (const form of forms) expect(said).not.toContain(form.replace(/=+$/, ''));
    }));

  test.each(FAULTS)('answers %s with the code %s', (_label, code, fault) =>
    withFixture(
      async (fixture) => {
        fixture.emulator.fault({ times: 0, ...fault });
        const result = await run(fixture, tool);
        expectCode(result, code, tool);
        // A write may go on where a read fails: not every tenant serves the route that reads the tags of an app.
        expect(writesOf(fixture).length).toBeLessThanOrEqual(1);
      },
      { environment: environmentFor(fault) },
    ),
  );
});

describe.concurrent.each(WRITES)('%s, when the write itself meets', (_name, tool) => {
  test.each(FAULTS)('%s: sends it once, and reports no success', (_label, code, fault) =>
    withFixture(
      async (fixture) => {
        const before = stateOf(fixture);
        fixture.emulator.fault({ times: 0, ...fault, effect: 'write' });
        const result = await run(fixture, tool);
        expectSentOnce(fixture);
        expect(stateOf(fixture)).toEqual(before);
        if (result.isError) return expectCode(result, code, tool);
        expect(result.structuredContent?.status).not.toBe(await statusOfSuccess(tool));
      },
      { environment: environmentFor(fault) },
    ),
  );

  /** Faults that leave open whether the service has carried the write out. */
  const unsure = FAULTS.filter(([, code]) => !['unauthorized', 'forbidden', 'not_found', 'throttled'].includes(code));
  test.each(unsure)(
    '%s after it was carried out: sends it once, and reports the state that was read back',
    (_label, _code, fault) =>
      withFixture(
        async (fixture) => {
          fixture.emulator.fault({ ...fault, applied: true, effect: 'write' });
          const result = await run(fixture, tool);
          expectSentOnce(fixture);
          expect(result.isError, textOf(result)).toBeFalsy();
          expect(result.structuredContent?.status).toBe(await statusOfSuccess(tool));
        },
        { environment: environmentFor(fault) },
      ),
  );
});

const successes = new Map<string, unknown>();

/** The `status` of an answer when all went well. */
async function statusOfSuccess(tool: WriteTool): Promise<unknown> {
  if (!successes.has(tool.name)) {
    await withFixture(async (fixture) => {
      const result = await run(fixture, tool);
      successes.set(tool.name, result.structuredContent?.status);
    });
  }
  return successes.get(tool.name);
}

/** An error is text alone: code, reason, remedy, example, and whether a retry helps. */
function expectCode(result: CallToolResult, code: Code, tool: Tool): void {
  const text = textOf(result);
  expect(text.split(':')[0], text).toBe(code);
  expect(result.isError).toBe(true);
  expect(result.structuredContent).toBeUndefined();
  expect(text).toContain(CODES[code].meaning);
  expect(text).toContain(CODES[code].remedy);
  expect(text).toContain(JSON.stringify(tool.example));
  expect(text).toMatch(/^Retry: /m);
  // An example shows the form of an id in angle brackets.
  expect(text.replace(/^Valid example: .*$/mu, '')).not.toMatch(/<|at \w+ \(|node:/);
}

/** Where all that the example names is text, a text may be right. */
function isOfRightType(tool: Tool, value: unknown): boolean {
  const { properties } = faceOf(tool).inputSchema as { properties?: Record<string, { type?: unknown }> };
  const types = Object.keys(tool.example).map((key) => properties?.[key]?.type);
  return ['string', 'boolean'].includes(typeof value) && types.every((type) => type === typeof value);
}

type Node = Record<string, unknown>;

function nodesOf(schema: unknown): Node[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return [schema as Node, ...Object.values(schema).flatMap(nodesOf)];
}
