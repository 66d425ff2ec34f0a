import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'vitest';
import { CODES, type Code } from '../../src/core/codes.ts';
import type { InjectedFault } from '../../src/emulator/emulator.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { type Fixture, textOf } from '../fixture.ts';
import { argsFor } from '../samples.ts';

export const run = (fixture: Fixture, tool: Tool) => fixture.call(tool.name, argsFor(tool.name));

const SILENT: readonly InjectedFault['kind'][] = ['hang', 'drip'];

/** A short timeout where a fault gives no answer; longer than what comes before it takes on a busy machine. */
export const environmentFor = ({ kind }: InjectedFault, seconds: number): Record<string, string> =>
  SILENT.includes(kind) ? { MDCA_REQUEST_TIMEOUT_SECONDS: String(seconds) } : {};

// A pause of more than a minute is not waited for, so the answer comes at once.
const THROTTLED = { kind: 'status', status: 429, headers: { 'retry-after': '90' } } as const;

export const FAULTS: readonly [string, Code, InjectedFault][] = [
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

/** An error is text alone: code, reason, remedy, example, and whether a retry helps. */
export function expectCode(result: CallToolResult, code: Code, tool: Tool): void {
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
