import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../src/emulator/emulator.ts';
import { DOORS, type Reached } from './doors.ts';
import { connectModern, LEGACY, MODERN, type Place } from './era_clients.ts';
import { tools } from './fixture.ts';
import { argsFor } from './samples.ts';
import { agrees } from './writes/writing.ts';

const WAYS = DOORS.flatMap(([door, reach]) => [LEGACY, MODERN].map((era) => [era.name, door, reach, era] as const));

describe.each(WAYS)('through a client of %s, over %s, as mcp.json starts it', (_era, _door, reach, era) => {
  /** Runs a case with a server of its own, before an emulator of its own unless it is the demo. */
  const withServer = async (
    run: (server: Reached, own: Emulator) => Promise<void>,
    env: Record<string, string> = {},
  ) => {
    const own = await createEmulator({ callsPerMinute: 0 });
    const server = await reach('mdca', { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token, ...env });
    await run(server, own);
    await server.close();
    await own.close();
  };
  const openAlerts = ({ state }: Emulator) =>
    state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0);
  const CLOSE = 'mdca_close_alert_benign';

  test('mdca lists every tool that is defined, and each answers', () =>
    withServer(async (server) => {
      const client = await server.connect(undefined, era);
      expect(await client.toolNames()).toEqual(tools.map(({ name }) => name));
      for (const { name } of tools) {
        const good = await client.call(name, argsFor(name));
        expect(good.isError, name).toBeFalsy();
        expect(good.structuredContent).toBeTypeOf('object');
        const bad = await client.call(name, { nonsense: true });
        expect(bad).toMatchObject({ isError: true });
      }
      await expect(client.call('mdca_nothing')).rejects.toMatchObject({ code: -32602 });
    }));

  test('a change is confirmed by a person where the client can ask, else by the same call with its code', () =>
    withServer(async (server, own) => {
      const [one, two, three] = openAlerts(own);
      const asking = await server.connect(agrees, era);
      const asked = await asking.call(CLOSE, { alert_ids: [one?._id] });
      expect(asked.structuredContent).toMatchObject({ status: 'closed', closed_ids: [one?._id] });

      const refusing = await server.connect(() => ({ action: 'decline' }), era);
      const refused = await refusing.call(CLOSE, { alert_ids: [three?._id] });
      expect(refused.structuredContent).toMatchObject({ status: 'declined' });
      expect(three?.resolutionStatusValue).toBe(0);

      const plain = await server.connect(undefined, era);
      const first = await plain.call(CLOSE, { alert_ids: [two?._id] });
      expect(first.structuredContent).toMatchObject({ status: 'confirmation_required' });
      expect(two?.resolutionStatusValue).toBe(0);
      const { confirm } = first.structuredContent as { confirm: string };
      const second = await plain.call(CLOSE, { alert_ids: [two?._id], confirm });
      expect(second.structuredContent).toMatchObject({ status: 'closed', closed_ids: [two?._id] });
    }));

  test('progress arrives before the answer where it was asked for', () =>
    withServer(async (server) => {
      const client = await server.connect(undefined, era);
      const request = ['mdca_list_activities', { app_id: 11161, limit: 1000 }] as const;
      const told: string[] = [];
      const onprogress = ({ message = '' }) => void told.push(message);
      expect((await client.call(...request)).isError).toBeFalsy();
      expect((await client.call(...request, { onprogress })).isError).toBeFalsy();
      expect(told).toContainEqual(expect.stringMatching(/^Read 100 of \d+/));
    }));

  test('a cancelled call ends down to the socket', async () => {
    let closed = 0;
    const service = createServer((req) => void req.socket.on('close', () => closed++));
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    const address = service.address();
    const port = typeof address === 'object' ? address?.port : '';
    const asked = once(service, 'request');
    const server = await reach('mdca', { MDCA_API_URL: `http://127.0.0.1:${port}`, MDCA_API_TOKEN: 'x' });
    const client = await server.connect(undefined, era);
    const controller = new AbortController();
    const call = client.call('mdca_get_open_alerts', {}, { signal: controller.signal });
    await asked;
    controller.abort('enough');
    await expect(call).rejects.toThrow();
    await expect.poll(() => closed).toBe(1);
    await server.close();
    service.closeAllConnections();
    service.close();
  });

  test('a question to a person is withdrawn when its call is cancelled', () =>
    withServer(async (server, own) => {
      let isAsked = false;
      let isWithdrawn = false;
      const client = await server.connect(
        (_question, signal) =>
          new Promise((resolve) => {
            isAsked = true;
            signal.addEventListener('abort', () => {
              isWithdrawn = true;
              resolve({ action: 'cancel' });
            });
          }),
        era,
      );
      const controller = new AbortController();
      const args = { alert_ids: [openAlerts(own)[0]?._id] };
      const call = client.call(CLOSE, args, { signal: controller.signal });
      await expect.poll(() => isAsked).toBe(true);
      controller.abort('enough');
      await expect(call).rejects.toThrow();
      await expect.poll(() => isWithdrawn).toBe(true);
      expect(own.requests.every(({ effect }) => effect === 'read')).toBe(true);
    }));

  test('who subscribes to a resource hears of its changes, until it unsubscribes', () =>
    withServer(
      async (server, own) => {
        const client = await server.connect(undefined, era);
        const heard: string[] = [];
        const uri = 'mdca://alerts/open';
        const end = await client.listen(uri, (changed) => heard.push(changed));
        const [alert] = openAlerts(own);
        if (alert) alert.resolutionStatusValue = 2;
        await expect.poll(() => heard).toEqual([uri]);
        await end();
      },
      { MDCA_POLL_SECONDS: '5' },
    ));

  test('resources, prompts and completions are there, and errors say what is wrong', () =>
    withServer(async (server, own) => {
      const client = await server.connect(undefined, era);
      const uris = await client.resourceUris();
      expect(uris.length).toBeGreaterThan(1);
      for (const uri of uris) expect(await client.read(uri)).toHaveLength(1);
      const uri = `mdca://alerts/${openAlerts(own)[0]?._id}`;
      expect(await client.read(uri)).toMatchObject([{ uri }]);
      expect((await client.promptNames()).length).toBeGreaterThan(1);
      expect((await client.complete('mdca://alerts/{alert_id}', 'alert_id')).length).toBeGreaterThan(1);
      await expect(client.read('mdca://nothing')).rejects.toMatchObject({ code: era.noSuchResource });
      await expect(client.getPrompt('nothing')).rejects.toMatchObject({ code: -32602 });
      own.fault({ kind: 'status', status: 403 });
      expect(await client.call('mdca_get_open_alerts')).toMatchObject({ isError: true });
    }));

  test('mdca-demo needs no tenant, and says in every answer that it is demo data', async () => {
    const server = await reach('mdca-demo');
    const client = await server.connect(undefined, era);
    expect(client.instructions).toMatch(/^DEMO DATA/);
    expect(client.server).toMatchObject({
      name: 'defender-cloud-apps',
      title: 'Microsoft Defender for Cloud Apps',
    });
    for (const { name } of tools) {
      for (const args of [argsFor(name), { nonsense: true }]) {
        const { content } = await client.call(name, args);
        expect(content).toMatchObject([{ text: expect.stringMatching(/^DEMO DATA/) }]);
      }
    }
    const [open] = await client.read('mdca://alerts/open');
    expect(open).toMatchObject({ text: expect.stringContaining('DEMO DATA') });
    await server.close();
  });
});

test.each(DOORS)(
  'a client of SDK v2 over %s chooses 2026-07-28 by itself, and can be told to be older',
  async (_door, reach) => {
    const server = await reach('mdca-demo');
    const auto = { ...MODERN, connect: (place: Place) => connectModern('auto', place) };
    const old = { ...LEGACY, connect: (place: Place) => connectModern('legacy', place) };
    for (const era of [auto, old]) {
      const client = await server.connect(undefined, era);
      expect((await client.call('mdca_get_open_alerts', { limit: 1 })).isError).toBeFalsy();
      await expect(client.read('mdca://nothing')).rejects.toMatchObject({ code: -32_602 });
      expect(client.revision).toBe(era === auto ? '2026-07-28' : '2025-11-25');
    }
    await server.close();
  },
);
