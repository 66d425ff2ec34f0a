import { expect, test } from 'vitest';
import { createMetrics } from '../../../src/core/metrics.ts';
import { createSignIn } from '../../../src/mcp/transports/sign_in/sign_in.ts';
import { HOOK_SECRET, withDoor } from '../../door.ts';
import { callTool } from '../../fixture.ts';
import { openIds } from '../../samples.ts';

const METRICS = '/metrics';
/** A comment, or a series with labels from fixed sets and a number. */
const LINE = /^(?:# (?:HELP|TYPE) .+|[a-z_]+(?:\{[a-z]+="[\w.+-]+"(?:,[a-z]+="[\w.+-]+")*\})? [\d.e+-]+)$/i;

async function read(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(METRICS, url), { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

test(
  'calls, requests, waits, 429s, faults by code, deliveries and sessions are counted',
  () =>
    withDoor(async ({ url, emulator, connect }) => {
      const client = await connect();
      await callTool(client, 'mdca_get_open_alerts');
      emulator.fault({ kind: 'status', status: 429, headers: { 'retry-after': '1' } });
      await callTool(client, 'mdca_get_open_alerts');
      await callTool(client, 'mdca_get_alert', { alert_id: 'f'.repeat(24) });
      await callTool(client, 'mdca_close_alert_benign', { alert_ids: openIds(emulator.state.alerts, 1) });
      await fetch(new URL('/hooks/alert-generated', url), { method: 'POST' });
      await fetch(new URL('/mcp', url), { method: 'POST', headers: { origin: 'https://elsewhere.example' } });
      const { status, type, text } = await read(url);
      expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
      const lines = text.trimEnd().split('\n');
      expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
      expect(lines).toEqual(
        expect.arrayContaining([
          'mdca_calls_total{tool="mdca_get_open_alerts",code="ok"} 2',
          'mdca_calls_total{tool="mdca_get_alert",code="not_found"} 1',
          'mdca_service_requests_total{status="429"} 1',
          'mdca_refused_total{why="delivery"} 1',
          'mdca_refused_total{why="Origin"} 1',
          'mdca_sessions 1',
        ]),
      );
      const value = (series: string) => Number(lines.find((line) => line.startsWith(`${series} `))?.split(' ')[1]);
      expect(value('mdca_budget_wait_seconds_count')).toBe(emulator.requests.length);
      expect(value('mdca_budget_wait_seconds_sum')).toBeGreaterThan(0.5);
      for (const secret of [emulator.token, HOOK_SECRET]) expect(text).not.toContain(secret);
    }),
  20_000,
);

test('they are shown to callers that may come in, and to nobody else', () => {
  const check = async ({ text }: { text: string }) =>
    text === 'canary-key' ? { id: 'key:a', name: 'canary-name', mayWrite: false } : undefined;
  return withDoor(
    async ({ url }) => {
      expect((await read(url)).status).toBe(401);
      expect((await read(url, { 'x-api-key': 'canary-other' })).status).toBe(401);
      const shown = await read(url, { 'x-api-key': 'canary-key' });
      expect(shown.status).toBe(200);
      expect(shown.text).toContain('mdca_refused_total{why="sign_in"} 2');
      expect(shown.text).not.toContain('canary');
      expect((await read(url, { 'x-api-key': 'canary-key', origin: 'https://elsewhere.example' })).status).toBe(403);
    },
    { signIn: createSignIn([check]) },
  );
});

test('a label that is not from a fixed set is not shown', () => {
  const metrics = createMetrics();
  metrics.count('mdca_calls_total', { tool: 'a"} 1\nmdca_sessions', code: 'secret with spaces' });
  expect(metrics.text(0)).toContain('mdca_calls_total{tool="other",code="other"} 1');
});
