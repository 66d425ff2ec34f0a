import { VERDICTS } from '../../src/defender/alerts/verdicts.ts';
import { tools } from '../fixture.ts';
import { freeTextsOf, widestArgs } from './arguments.ts';
import { type Findings, judge } from './judge.ts';
import { PAYLOADS } from './payloads.ts';
import { smallTenant } from './small_tenant.ts';
import { type Server, SURFACES, toolReply } from './surfaces.ts';
import { MARK } from './unchanged.ts';

const WRITES = tools.filter(({ effect }) => effect !== 'read');

/** The agent writes what it was told to into an argument, such as a comment; a plan quotes it. */
export async function tryComments({ fixture, asking, lastQuestion }: Server, found: Findings): Promise<void> {
  const origin = fixture.emulator.url;
  Object.assign(fixture.emulator.state, smallTenant(Date.now()));
  for (const tool of WRITES) {
    for (const [argument, most] of freeTextsOf(tool)) {
      const ask = async (text: string) => {
        const args = { ...widestArgs(tool), [argument]: text.slice(-most) };
        const plan = await toolReply(fixture.client, tool.name, args);
        return [plan, await toolReply(asking, tool.name, args), lastQuestion()];
      };
      const harmless = await ask(`${MARK}0`);
      for (const { id, text } of PAYLOADS) {
        judge({ where: `${tool.name}, ${argument} ${id}`, harmless, replies: await ask(text), origin }, found);
      }
    }
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
export async function tryErrorBodies(server: Server, found: Findings): Promise<void> {
  const { emulator } = server.fixture;
  const reading = SURFACES.filter(({ isReading }) => isReading);
  for (const [turn, [status, toBody]] of BODIES.entries()) {
    for (const surface of reading) {
      const read = (text: string) => {
        emulator.clearFaults();
        emulator.fault({ kind: 'status', status, body: toBody(text) });
        return surface.ask(server);
      };
      const harmless = await read(`${MARK}0`);
      // An error of the service is JSON; any other is that of a gateway, and told as such.
      const harmlessJson = await read(`{"text":"${MARK}0"}`);
      const isTold = status !== 200 && JSON.stringify([harmless, harmlessJson]).includes(MARK);
      if (isTold) found.forged.push(`${surface.name} shows the body of ${status}.`);
      // A quarter of the payloads each: what is not read cannot depend on what it is.
      for (const { id, text } of PAYLOADS.filter((_payload, n) => n % 4 === turn % 4)) {
        const where = `${surface.name}, status ${status}, ${id}`;
        const expected = isJson(toBody(text)) === isJson(toBody(`${MARK}0`)) ? harmless : harmlessJson;
        judge({ where, harmless: expected, replies: await read(text), origin: emulator.url }, found);
      }
    }
  }
  emulator.clearFaults();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What the service says of a write. Each payload is tried on every third tool. */
export async function tryWriteReplies({ fixture }: Server, found: Findings): Promise<void> {
  const { emulator, client } = fixture;
  const counts = Object.fromEntries(Object.values(VERDICTS).map(({ counter }) => [counter, 0]));
  for (const [turn, tool] of WRITES.entries()) {
    const write = async (text: string) => {
      Object.assign(emulator.state, smallTenant(Date.now()));
      const body = JSON.stringify({ ...counts, alertsNotFound: [text], message: text, name: text });
      emulator.clearFaults();
      emulator.fault({ kind: 'status', status: 200, body, effect: 'write' });
      return [await toolReply(client, tool.name, widestArgs(tool))];
    };
    const harmless = await write(`${MARK}0`);
    for (const { id, text } of PAYLOADS.filter((_payload, n) => n % 3 === turn % 3)) {
      judge({ where: `${tool.name}, reply ${id}`, harmless, replies: await write(text), origin: emulator.url }, found);
    }
  }
  emulator.clearFaults();
}
