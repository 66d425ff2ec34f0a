import { expect, test } from 'vitest';
import { AlertDetail } from '../../src/defender/alerts/alert_detail.ts';
import { OpenAlerts } from '../../src/defender/alerts/read_alerts.ts';
import { type Fixture, withFixture } from '../fixture.ts';

async function read({ client }: Fixture, uri: string): Promise<Record<string, unknown>> {
  const [content] = (await client.readResource({ uri })).contents;
  expect(content).toMatchObject({ uri, mimeType: 'application/json' });
  const value: unknown = JSON.parse(content && 'text' in content ? String(content.text) : '');
  return uri.endsWith('/open') ? OpenAlerts.parse(value) : AlertDetail.parse(value);
}

test('the open alerts are the 20 latest, read again each time', () =>
  withFixture(async (fixture) => {
    const listed = await fixture.client.listResources();
    expect(listed.resources.map(({ uri }) => uri)).toContain('mdca://alerts/open');
    const first = (await read(fixture, 'mdca://alerts/open')) as { alerts: { id: string }[]; returned: number };
    expect(first.returned).toBe(20);
    await fixture.call('mdca_close_alert_benign', { alert_ids: [first.alerts[0]?.id] });
    const second = (await read(fixture, 'mdca://alerts/open')) as typeof first;
    expect(second.alerts[0]?.id).toBe(first.alerts[1]?.id);
  }));

test('a single alert is read in full', () =>
  withFixture(async (fixture) => {
    const { resourceTemplates } = await fixture.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain('mdca://alerts/{alert_id}');
    const alert_id = String(fixture.emulator.state.alerts[0]?._id);
    const alert = await read(fixture, `mdca://alerts/${alert_id}`);
    expect(alert).toMatchObject({ id: alert_id, status: 'open', categories: ['threat_detection'] });
    expect(alert.description).toMatch(/\S/);
    expect(fixture.emulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /api/v1/alerts/${alert_id}/`,
    ]);
  }));

test.each(['b'.repeat(24), 'a'.repeat(23), `${'a'.repeat(24)} `, '', 7, null, { $oid: 'a'.repeat(24) }, undefined])(
  'a reply with an alert whose id is %j, which was not asked for, is unreadable',
  (_id) =>
    withFixture(async (fixture) => {
      const body = JSON.stringify({ _id, title: 'Other', resolutionStatusValue: 4 });
      fixture.emulator.fault({ kind: 'status', status: 200, body });
      const reading = fixture.client.readResource({ uri: `mdca://alerts/${'a'.repeat(24)}` });
      await expect(reading).rejects.toMatchObject({ data: { code: 'unreadable' } });
    }),
);

test('an id in capitals is the same alert, and is answered as it was asked for', () =>
  withFixture(async (fixture) => {
    const id = 'ab'.repeat(12);
    fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify({ _id: id.toUpperCase() }), times: 2 });
    for (const asked of [id, id.toUpperCase()]) {
      expect(await read(fixture, `mdca://alerts/${asked}`)).toMatchObject({ id, url: expect.stringContaining(id) });
    }
  }));

test.each([
  ['mdca://alerts/nonsense', -32602, 'invalid_input'],
  [`mdca://alerts/${'f'.repeat(24)}`, -32002, 'not_found'],
])('%s is a JSON-RPC error with the code and remedy of a tool', (uri, code, name) =>
  withFixture(async (fixture) => {
    await expect(fixture.client.readResource({ uri })).rejects.toMatchObject({ code, data: { uri, code: name } });
  }),
);

test.each(['mdca://policies/open', 'file:///etc/passwd', 'mdca://alerts/', 'mdca://alerts/open/more', ''])(
  '%j is not a resource',
  (uri) =>
    withFixture(async (fixture) => {
      await expect(fixture.client.readResource({ uri })).rejects.toMatchObject({ code: -32002 });
      expect(fixture.emulator.requests).toEqual([]);
    }),
);

test('a service that fails is a JSON-RPC error without its body', () =>
  withFixture(async (fixture) => {
    fixture.emulator.fault({ kind: 'status', status: 500, body: 'stack trace of the service' });
    const read = fixture.client.readResource({ uri: 'mdca://alerts/open' });
    await expect(read).rejects.toMatchObject({ code: -32603, data: { code: 'service_error' } });
    await expect(read).rejects.not.toThrow('stack trace');
  }));
