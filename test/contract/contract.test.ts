import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { faceOf } from '../../src/mcp/tool_face.ts';
import type { Tool } from '../../src/tool/tool.ts';
import * as register from '../../tools/index.ts';
import { stateOf, textOf, tools, withFixture } from '../fixture.ts';
import { expectCode, run } from './faults.ts';

const SECRET = 'PLANTED-SECRET-7f3a';
describe('the register', () => {
  test('has each file of tools/ under its own name, which the tool has too', () => {
    const files = readdirSync(new URL('../../tools/', import.meta.url)).filter((file) => file !== 'index.ts');
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
    await expect(`${JSON.stringify(face, null, 2)}\n`).toMatchFileSnapshot(`../faces/${name}.json`);
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
});

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
