import { readdirSync } from 'node:fs';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../src/emulator/emulator.ts';
import { CODES, type Code } from '../src/errors.ts';
import { faceOf } from '../src/mcp/schema.ts';
import type { Tool } from '../src/tool.ts';
import * as register from '../tools/index.ts';
import { type House, inHouse, textOf, tools } from './house.ts';

const SECRET = 'PLANTED-SECRET-7f3a';
const SILENT: readonly Fault['kind'][] = ['hang', 'drip'];

const run = (house: House, tool: Tool) => house.call(tool.name, tool.example);
const stateOf = ({ emulator }: House) => structuredClone(emulator.state);

// A pause that is longer than a client waits, so that the answer comes at once.
const THROTTLED = { kind: 'status', status: 429, headers: { 'retry-after': '90' } } as const;

const FAULTS: readonly [string, Code, Fault][] = [
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
  ).map(([status, code]): [string, Code, Fault] => [`HTTP ${status}`, code, { kind: 'status', status }]),
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
  test('every file in tools/ is registered under its own name, and the tool carries that name', () => {
    const files = readdirSync(new URL('../tools/', import.meta.url)).filter((file) => file !== 'index.ts');
    expect(files.map((file) => file.replace('.ts', ''))).toEqual(Object.keys(register));
    for (const [file, tool] of Object.entries(register)) expect(tool.name).toBe(`mdca_${file}`);
  });
});

describe.concurrent.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  test('face', async () => {
    const face = faceOf(tool);
    await expect(`${JSON.stringify(face, null, 2)}\n`).toMatchFileSnapshot(`faces/${name}.json`);
    expect(name).toMatch(/^[a-z0-9_]{1,64}$/);
    expect(face.title.length).toBeGreaterThan(0);
    expect(face.description.length).toBeLessThan(1024);
    expect(Object.values(face.annotations).every((hint) => typeof hint === 'boolean')).toBe(true);
    expect(Object.keys(face.annotations)).toHaveLength(4);
    const derived = face._meta.operationId.replace('MCAS_', 'mdca_').toLowerCase();
    expect(name).toBe(derived === 'mdca_on_alert_generated' ? 'mdca_wait_for_alerts' : derived);
  });

  test('schemas hold nothing that a host refuses, and describe every property', () => {
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

  test('an unknown argument is refused by name before any call', () =>
    inHouse(async (house) => {
      const result = await house.call(name, { ...tool.example, [SECRET]: 1 });
      expectCode(result, 'invalid_input', tool);
      expect(textOf(result)).toContain(Object.keys(tool.input.shape).join(', '));
      expect(house.emulator.requests).toEqual([]);
    }));

  test('values of the wrong type are refused, never converted', () =>
    inHouse(async (house) => {
      for (const wrong of [null, 'x', '5', -1, 1.5, [], [''], {}, true]) {
        const args = Object.fromEntries(Object.keys(tool.example).map((key) => [key, wrong]));
        expectCode(await house.call(name, args), 'invalid_input', tool);
      }
      expect(house.emulator.requests).toEqual([]);
    }));

  test('its example works against the emulator and the answer stands in text too', () =>
    inHouse(async (house) => {
      const result = await run(house, tool);
      expect(textOf(result), textOf(result)).not.toMatch(/^\w+: .*\nWhy:/);
      expect(result.isError).toBeFalsy();
      expect(tool.output.safeParse(result.structuredContent).error).toBeUndefined();
      expect(house.emulator.requests.length).toBeGreaterThan(0);
      for (const { headers, path } of house.emulator.requests) {
        expect(headers.authorization).toBe(`Token ${house.emulator.token}`);
        expect(headers['content-type']).toBe('application/json');
        expect(path.endsWith('/')).toBe(true);
      }
    }));

  test(tool.effect === 'read' ? 'changes nothing' : 'twice leaves the same state as once', () =>
    inHouse(async (house) => {
      const before = stateOf(house);
      await run(house, tool);
      const once = stateOf(house);
      if (tool.effect === 'read') return expect(once).toEqual(before);
      const second = await run(house, tool);
      expect(second.isError).toBeFalsy();
      expect(stateOf(house)).toEqual(once);
    }),
  );

  test('nothing undeclared and no secret leaves, in success or failure', () =>
    inHouse(async (house) => {
      const { alerts, activities, policies, apps } = house.emulator.state;
      for (const record of [alerts, activities, policies, apps].flat()) Object.assign(record, { internalNote: SECRET });
      const results = [await run(house, tool)];
      for (const status of [400, 401, 403, 500]) {
        const leak = `${SECRET} Token ${house.emulator.token}`;
        house.emulator.fault({
          kind: 'status',
          status,
          times: 0,
          body: `{"detail":"${leak}"}`,
          headers: { 'x-leak': leak },
        });
        results.push(await run(house, tool));
        house.emulator.clearFaults();
      }
      const said = JSON.stringify(results) + house.logged.join('\n');
      expect(said).not.toContain(SECRET);
      expect(said).not.toContain(house.emulator.token);
    }));

  test('a service that echoes the token does not make us pass it on', () =>
    inHouse(async (house) => {
      const { token } = house.emulator;
      const forms = [token, Buffer.from(token).toString('base64'), Buffer.from(`Token ${token}`).toString('base64')];
      const body = JSON.stringify({ data: [{ _id: 'a'.repeat(24), title: forms.join(' ') }], name: forms.join(' ') });
      house.emulator.fault({ kind: 'status', status: 200, times: 0, body });
      const said = JSON.stringify(await run(house, tool)) + house.logged.join('\n');
      for (const form of forms) expect(said).not.toContain(form.replace(/=+$/, ''));
    }));

  test.each(FAULTS)('%s becomes %s', (_label, code, fault) =>
    inHouse(
      async (house) => {
        house.emulator.fault({ times: 0, ...fault });
        const result = await run(house, tool);
        // These writes answer nothing, so an empty answer is a success; that it cannot be verified is said.
        const emptyIsFine = fault.kind === 'empty' && /policy|tag/.test(name) && tool.effect !== 'read';
        if (emptyIsFine) return expect(result.structuredContent).toMatchObject({ status: 'unverified' });
        expectCode(result, code, tool);
        const writes = house.emulator.requests.filter(isWrite);
        expect(writes.length).toBeLessThanOrEqual(1);
      },
      { environment: SILENT.includes(fault.kind) ? { MDCA_REQUEST_TIMEOUT_SECONDS: '1' } : {} },
    ),
  );
});

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
  expect(text).not.toMatch(/<|at \w+ \(|node:/);
}

function isWrite({ path }: { path: string }): boolean {
  return /close_|dismiss_bulk|resolve|enable|disable|add_tag/.test(path);
}

type Node = Record<string, unknown>;

function nodesOf(schema: unknown): Node[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return [schema as Node, ...Object.values(schema).flatMap(nodesOf)];
}
