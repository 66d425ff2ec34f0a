import { expect, test } from 'vitest';
import { createEmulator } from '../../../src/emulator/emulator.ts';
import { JSON_HEADERS } from '../../door.ts';
import { tools } from '../../fixture.ts';
import { callOf, INITIALIZE, start } from '../../process.ts';
import { argsFor } from '../../samples.ts';

/** A span back from now would be another time in each call. */
const atFixedTime = (args: Record<string, unknown>) =>
  'since' in args ? { ...args, since: '2026-01-01T00:00:00Z' } : args;

/** Lists, reads and errors of every kind; no call that changes something, as that would be done twice. */
const REQUESTS: readonly object[] = [
  ...['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list', 'ping', 'nothing'].map((method) => ({
    jsonrpc: '2.0',
    method,
  })),
  ...['mdca://alerts/open', 'mdca://guides/classification', 'mdca://nothing'].map((uri) => ({
    jsonrpc: '2.0',
    method: 'resources/read',
    params: { uri },
  })),
  { jsonrpc: '2.0', method: 'prompts/get', params: { name: 'triage_queue' } },
  {
    jsonrpc: '2.0',
    method: 'completion/complete',
    params: { ref: { type: 'ref/prompt', name: 'triage_alert' }, argument: { name: 'alert_id', value: '' } },
  },
  { jsonrpc: '2.0', method: 'tools/call', params: 7 },
  // Answers that nothing has asked for, one with each kind of id.
  { jsonrpc: '2.0', result: {} },
  { jsonrpc: '2.0', result: {} },
  callOf(0, 'mdca_nothing'),
  ...tools
    .filter(({ effect, name }) => effect === 'read' && name !== 'mdca_wait_for_alerts')
    .map(({ name }) => callOf(0, name, atFixedTime(argsFor(name)))),
  ...tools.map(({ name }) => callOf(0, name, { nonsense: true })),
];

test('every answer over HTTP is byte for byte what stdio gives', async () => {
  const emulator = await createEmulator({ callsPerMinute: 0 });
  const environment = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, MDCA_CALLS_PER_MINUTE: '100000' };
  const stdio = start([], environment);
  const http = start(['--http', '0'], environment);
  await expect.poll(() => http.stderr()).toContain('"serving"');
  const { url } = JSON.parse(http.stderr().split('\n', 1).join());
  const send = async (message: object) => {
    const before = stdio.stdout().length;
    stdio.send(message);
    await expect.poll(() => stdio.stdout().slice(before), { interval: 5 }).toMatch(/\n$/);
    return stdio.stdout().slice(before).trimEnd();
  };
  const post = (message: object, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(message) });
  const begun = await post(INITIALIZE);
  expect(await begun.text()).toBe(await send(INITIALIZE));
  const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
  for (const [n, request] of REQUESTS.entries()) {
    const message = { ...request, id: n % 2 === 0 ? n : `id ${n}` };
    const answer = await post(message, session);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.text(), JSON.stringify(message)).toBe(await send(message));
  }
  for (const { child } of [stdio, http]) child.kill('SIGKILL');
  await emulator.close();
});
