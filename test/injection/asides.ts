import { MARK } from './envelope.ts';
import { ALERT, POLICY } from './ids.ts';
import { type Findings, judge } from './judge.ts';
import { PAYLOADS } from './payloads.ts';
import { type Room, resourceReply, toolReply } from './surfaces.ts';
import { openFirst } from './tenant.ts';

/** The agent writes a comment, as it was told to; a plan quotes it. */
export async function tryWords(room: Room, found: Findings): Promise<void> {
  const { fixture, asking, asked } = room;
  const origin = fixture.emulator.url;
  const [alert] = openFirst(fixture.emulator.state);
  const name = 'mdca_close_alert_false_positive';
  const ask = async (text: string) => {
    // No more is taken.
    const args = { alert_ids: [alert?._id], comment: text.slice(-4000) };
    const plan = await toolReply(fixture.client, name, args);
    return [plan, await toolReply(asking, name, args), asked()];
  };
  const harmless = await ask(`${MARK}0`);
  for (const { id, text } of PAYLOADS) {
    judge({ where: `comment of the agent, ${id}`, harmless, replies: await ask(text), origin }, found);
  }
}

const inJson = (text: string) => JSON.stringify({ detail: text, error: text, message: text });
const BODIES: readonly (readonly [status: number, toBody: (text: string) => string])[] = [
  ...[200, 400, 403, 404, 500].map((status) => [status, (text: string) => text] as const),
  [200, inJson],
  [409, inJson],
  [200, (text) => JSON.stringify({ _id: text, name: text, title: text })],
];

/** What the service says beside an error, or instead of what was asked for. */
export async function tryBodies(room: Room, found: Findings): Promise<void> {
  const { emulator, client } = room.fixture;
  const origin = emulator.url;
  for (const [turn, [status, toBody]] of BODIES.entries()) {
    const read = async (text: string) => {
      const answers = { kind: 'status', status, body: toBody(text) } as const;
      emulator.fault(answers);
      const policy = await toolReply(client, 'mdca_get_policy', { policy_id: POLICY });
      emulator.fault(answers);
      return [policy, await resourceReply(client, `mdca://alerts/${ALERT}`)];
    };
    const harmless = await read(`${MARK}0`);
    if (status !== 200 && JSON.stringify(harmless).includes(MARK)) found.forged.push(`The body of ${status} is shown.`);
    // A quarter of the payloads each: what is not read cannot depend on what it is.
    for (const { id, text } of PAYLOADS.filter((_payload, n) => n % 4 === turn % 4)) {
      judge({ where: `status ${status}, ${id}`, harmless, replies: await read(text), origin }, found);
    }
  }
}

/** What the service says of a close. */
export async function tryReplies(room: Room, found: Findings): Promise<void> {
  const { emulator, client } = room.fixture;
  const origin = emulator.url;
  const close = async (text: string) => {
    const body = JSON.stringify({ closed_benign: 0, alertsNotFound: [text], message: text });
    emulator.fault({ kind: 'status', status: 200, body, path: 'close_benign' });
    const [alert] = openFirst(emulator.state);
    return [await toolReply(client, 'mdca_close_alert_benign', { alert_ids: [alert?._id], comment: 'x' })];
  };
  const harmless = await close(`${MARK}0`);
  for (const { id, text } of PAYLOADS) {
    judge({ where: `reply to a close, ${id}`, harmless, replies: await close(text), origin }, found);
  }
}
