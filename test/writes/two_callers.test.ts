import { expect, test } from 'vitest';
import { type OpenDoor, withDoor } from '../door.ts';
import { callTool } from '../fixture.ts';
import { openIds } from '../samples.ts';

const BENIGN = 'mdca_close_alert_benign';
const TRUE_POSITIVE = 'mdca_close_alert_true_positive';

const closesAt = ({ emulator }: OpenDoor) => emulator.requests.filter(({ effect }) => effect !== 'read');
/** So that whatever is done side by side meets. */
const slow = { kind: 'slow', delayMs: 40, times: 0 } as const;

test('two callers who confirm changes of one alert in the same moment: one is carried out, the other finds it closed', () =>
  withDoor(async (door) => {
    const clients = [await door.connect(), await door.connect()];
    const alert_ids = openIds(door.emulator.state.alerts, 2);
    const calls = await Promise.all(
      clients.map(async (client, n) => {
        // Not the same call: they share one alert.
        const name = n === 0 ? BENIGN : TRUE_POSITIVE;
        const args = { alert_ids: n === 0 ? alert_ids : alert_ids.slice(1) };
        const { structuredContent } = await callTool(client, name, args);
        return () => callTool(client, name, { ...args, confirm: structuredContent?.confirm });
      }),
    );
    door.emulator.fault(slow);
    const answers = await Promise.all(calls.map((call) => call()));
    expect(answers.map(({ structuredContent }) => structuredContent?.status)).toEqual(['closed', 'unchanged']);
    expect(answers[1]?.structuredContent?.warning).toContain('Left out, because changed since the plan');
    expect(closesAt(door)).toHaveLength(1);
  }));

test('two calls that nobody has to confirm: one is carried out, too', () =>
  withDoor(
    async (door) => {
      const client = await door.connect();
      const args = { alert_ids: openIds(door.emulator.state.alerts, 1) };
      door.emulator.fault(slow);
      const answers = await Promise.all([BENIGN, TRUE_POSITIVE].map((name) => callTool(client, name, args)));
      expect(answers.map(({ structuredContent }) => structuredContent?.status)).toEqual(['closed', 'unchanged']);
      expect(closesAt(door)).toHaveLength(1);
    },
    { environment: { MDCA_WRITES: 'allow' } },
  ));

test('changes of different alerts do not wait for each other', () =>
  withDoor(async (door) => {
    const client = await door.connect();
    const calls = await Promise.all(
      openIds(door.emulator.state.alerts, 2).map(async (id) => {
        const args = { alert_ids: [id] };
        const { structuredContent } = await callTool(client, BENIGN, args);
        return () => callTool(client, BENIGN, { ...args, confirm: structuredContent?.confirm });
      }),
    );
    door.emulator.fault({ ...slow, delayMs: 300 });
    const from = door.emulator.requests.length;
    await Promise.all(calls.map((call) => call()));
    // Both read what they are to change before either has written.
    expect(door.emulator.requests.slice(from, from + 2).map(({ effect }) => effect)).toEqual(['read', 'read']);
  }));
