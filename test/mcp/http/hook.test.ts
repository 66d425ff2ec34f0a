import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { describe, expect, test } from 'vitest';
import type { TriggerAlert } from '../../../src/defender/trigger/trigger_alert.ts';
import { HOOK_SECRET, type OpenDoor, withDoor } from '../../door.ts';
import { callTool } from '../../fixture.ts';

const ID = '60edead2cdbeaf0b87e13377';
const payload = (own: object = {}) => ({
  Version: '3.0',
  VendorName: 'Microsoft',
  AlertType: 'MCAS_ALERT_ANUBIS_DETECTION_VELOCITY',
  TimeGenerated: new Date().toISOString(),
  Severity: 'Medium',
  ProviderAlertId: ID,
  AlertDisplayName: 'Impossible travel',
  RemediationSteps: [],
  Metadata: { MCASDC: 'EU2', MCASTenantId: null },
  ExtendedProperties: { 'IP Addresses': '192.0.2.1' },
  Entities: [{ Type: 'ip', Address: '192.0.2.1', $id: '1' }],
  ExtendedLinks: [],
  Unknown: { passed: 'over' },
  ...own,
});

function deliver({ url }: Pick<OpenDoor, 'url'>, body: unknown, headers: Record<string, string> = {}) {
  return fetch(new URL('/hooks/alert-generated', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hook-secret': HOOK_SECRET, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

interface Arrived {
  readonly alerts: TriggerAlert[];
  readonly cursor: string;
}

async function wait(client: Client, args: object): Promise<Arrived> {
  const { structuredContent } = await callTool(client, 'mdca_wait_for_alerts', args);
  return structuredContent as unknown as Arrived;
}

const idsOf = ({ alerts }: Arrived) => alerts.map(({ ProviderAlertId }) => ProviderAlertId);

test('a delivered alert reaches who waits at once and at no call, and once, over polls and restarts', () =>
  withDoor(async (open) => {
    const { emulator } = open;
    const client = await open.connect();
    const { cursor } = await wait(client, { wait_seconds: 0 });
    const waiting = wait(client, { cursor, wait_seconds: 40 });
    // It waits for the next poll, which is a minute away, once its first look has ended.
    const count = emulator.requests.length;
    await expect.poll(() => emulator.requests.length).toBe(count + 1);
    const calls = emulator.requests.length;
    expect(await (await deliver(open, payload())).json()).toEqual({ status: 'accepted' });
    const first = await waiting;
    expect(first.alerts).toMatchObject([{ ProviderAlertId: ID, Entities: [{ Type: 'ip', Address: '192.0.2.1' }] }]);
    // One who asks later, with the cursor from before, gets it at no call too.
    expect(idsOf(await wait(client, { cursor, wait_seconds: 0 }))).toEqual([ID]);
    expect(emulator.requests.length).toBe(calls);
    expect(await (await deliver(open, payload())).json()).toEqual({ status: 'known' });
    // The service shows the same alert.
    const [alert] = emulator.state.alerts;
    emulator.state.alerts.unshift({ ...alert, _id: ID, timestamp: Date.now() } as never);
    expect(idsOf(await wait(client, { cursor: first.cursor, wait_seconds: 0 }))).toEqual([]);
    // A process that has just been started knows no deliveries, but the cursor does.
    await withDoor(async (restarted) => {
      expect(await (await deliver(restarted, payload())).json()).toEqual({ status: 'accepted' });
    });
    expect(open.logged.join()).not.toContain(HOOK_SECRET);
  }));

describe('a delivery is refused', () => {
  test.each<[string, number, unknown, Record<string, string>]>([
    ['without the secret', 401, payload(), { 'x-hook-secret': '' }],
    ['with another', 401, payload(), { 'x-hook-secret': `${HOOK_SECRET}x` }],
    ['by a page of elsewhere', 403, payload(), { origin: 'https://elsewhere.example' }],
    ['that is not called JSON', 415, payload(), { 'content-type': 'text/plain' }],
    ['that is no JSON', 400, '{', {}],
    ['of more than 256 kB', 413, payload({ Description: 'x'.repeat(256 * 1024) }), {}],
    ['with another id than the API has', 400, payload({ ProviderAlertId: 'x' }), {}],
    ['with a wrong type', 400, payload({ Severity: 3 }), {}],
    ['with a time that is none', 400, payload({ TimeGenerated: 'soon' }), {}],
    ['that is a list', 400, [payload()], {}],
  ])('%s', async (_what, status, body, headers) => {
    await withDoor(async (open) => {
      const answer = await deliver(open, body, headers);
      expect(answer.status).toBe(status);
      expect(await answer.text()).not.toMatch(/Canary|Impossible/);
    });
  });

  test('where nobody has set a secret up', () =>
    withDoor(async (open) => expect((await deliver(open, payload())).status).toBe(404), { hook: undefined }));

  test('by name of the member, and nothing of its value', () =>
    withDoor(async (open) => {
      const answer = await deliver(open, payload({ Severity: 3, Entities: [{ Type: ['canary'] }] }));
      expect(await answer.json()).toEqual({
        error: 'Severity has the wrong type; Entities.0.Type has the wrong type.',
      });
    }));
});
