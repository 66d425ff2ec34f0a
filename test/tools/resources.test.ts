import { expect, test } from 'vitest';
import { openAlerts, readAlert } from '../../src/defender/alerts.ts';
import { type House, inHouse } from '../house.ts';

async function read({ client }: House, uri: string): Promise<Record<string, unknown>> {
  const [content] = (await client.readResource({ uri })).contents;
  expect(content).toMatchObject({ uri, mimeType: 'application/json' });
  const value: unknown = JSON.parse(content && 'text' in content ? String(content.text) : '');
  return uri.endsWith('/open') ? openAlerts.output.parse(value) : readAlert.output.parse(value);
}

test('the open alerts: the 20 latest, fresh at each read', () =>
  inHouse(async (house) => {
    const listed = await house.client.listResources();
    expect(listed.resources.map(({ uri }) => uri)).toEqual(['mdca://alerts/open']);
    const first = (await read(house, 'mdca://alerts/open')) as { alerts: { id: string }[]; returned: number };
    expect(first.returned).toBe(20);
    await house.call('mdca_close_alert_benign', { alert_ids: [first.alerts[0]?.id] });
    const second = (await read(house, 'mdca://alerts/open')) as typeof first;
    expect(second.alerts[0]?.id).toBe(first.alerts[1]?.id);
  }));

test('one alert in full', () =>
  inHouse(async (house) => {
    const { resourceTemplates } = await house.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['mdca://alerts/{alert_id}']);
    const alert_id = String(house.emulator.state.alerts[0]?._id);
    const alert = await read(house, `mdca://alerts/${alert_id}`);
    expect(alert).toMatchObject({ id: alert_id, status: 'open', categories: ['threat_detection'] });
    expect(alert.description).toMatch(/\S/);
    expect(house.emulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /api/v1/alerts/${alert_id}/`,
    ]);
  }));

test.each([
  ['mdca://alerts/nonsense', -32602, 'invalid_input'],
  [`mdca://alerts/${'f'.repeat(24)}`, -32002, 'not_found'],
])('%s is a JSON-RPC error with the code and remedy of a tool', (uri, code, name) =>
  inHouse(async (house) => {
    await expect(house.client.readResource({ uri })).rejects.toMatchObject({ code, data: { uri, code: name } });
  }),
);

test.each(['mdca://policies/open', 'file:///etc/passwd', 'mdca://alerts/', 'mdca://alerts/open/more', ''])(
  '%j is no resource',
  (uri) =>
    inHouse(async (house) => {
      await expect(house.client.readResource({ uri })).rejects.toMatchObject({ code: -32002 });
      expect(house.emulator.requests).toEqual([]);
    }),
);

test('a service that fails is a JSON-RPC error without its body', () =>
  inHouse(async (house) => {
    house.emulator.fault({ kind: 'status', status: 500, body: 'stack trace of the service' });
    const read = house.client.readResource({ uri: 'mdca://alerts/open' });
    await expect(read).rejects.toMatchObject({ code: -32603, data: { code: 'service_error' } });
    await expect(read).rejects.not.toThrow('stack trace');
  }));
