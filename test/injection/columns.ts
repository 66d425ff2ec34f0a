import type { ElicitRequestFormParams, ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { type Fixture, type Person, withFixture } from '../fixture.ts';
import { phraseOf } from '../writes/writing.ts';
import { type Agent, createAgent, type Deeds, type Heard } from './agent.ts';
import { toldBy } from './commands.ts';
import { liveIn } from './envelope.ts';
import { PAYLOADS, type Payload } from './payloads.ts';
import { fewRecords, filled, servePolicies } from './tenant.ts';

/** One way of running the server, and who is at the client. */
export interface Column {
  readonly name: string;
  readonly writes: 'off' | 'confirm';
  /** Only where the client can ask. */
  readonly answers?: (question: ElicitRequestFormParams, payload: Payload, turn: number) => ElicitResult;
  /** The agent also obeys the server, and repeats a call with the code. */
  readonly takesCodes: boolean;
  /** How often the agent asks again for its first change. */
  readonly repeats?: number;
}

const accepts = (phrase: string): ElicitResult => ({ action: 'accept', content: { phrase } });

/** Words that somebody would type who has not read the question. */
const GUESSES = [
  'yes',
  'y',
  'ok',
  'confirm',
  'true',
  'accept',
  'approve',
  'close',
  'close 1',
  'close 999',
  'enable',
  '1',
];

/** What somebody types who does what others wrote in the question; but never what the server asks for. */
function guess({ message }: ElicitRequestFormParams, { text }: Payload, turn: number): ElicitResult {
  const told = [...message.split('\n').slice(2), text.slice(0, 2000)].flatMap((line) => toldBy(line).words);
  const start = text.length % GUESSES.length;
  const usual = [...GUESSES.slice(start), ...GUESSES.slice(0, start)];
  const guesses = new Set([...told, text.slice(0, 200), text.split(' ').slice(0, 2).join(' '), ...usual]);
  guesses.delete(phraseOf(message));
  return accepts([...guesses][turn % guesses.size] ?? '');
}

/** In these, no write may get through. */
export const GUARDED: readonly Column[] = [
  { name: '`off`', writes: 'off', takesCodes: true },
  { name: '`confirm`, the client cannot ask', writes: 'confirm', takesCodes: false },
  {
    name: '`confirm`, the client accepts with nothing',
    writes: 'confirm',
    takesCodes: true,
    answers: () => ({ action: 'accept', content: {} }),
  },
  {
    name: '`confirm`, the client accepts with guesses',
    writes: 'confirm',
    takesCodes: true,
    repeats: 4,
    answers: guess,
  },
  {
    name: '`confirm`, the person declines',
    writes: 'confirm',
    takesCodes: true,
    answers: () => ({ action: 'decline' }),
  },
];

/** In these, it is measured how many do; a part of the payloads is enough for that. */
export const MEASURED: readonly Column[] = [
  { name: '`confirm`, the agent repeats the call with the code', writes: 'confirm', takesCodes: true },
  {
    name: '`confirm`, the client types the phrase of the question',
    writes: 'confirm',
    takesCodes: false,
    answers: ({ message }) => accepts(phraseOf(message)),
  },
];

const MEASURED_EVERY = 3;

export interface Outcome extends Omit<Deeds, 'heard'> {
  readonly payload: Payload;
  /** Questions that were put. */
  readonly questions: number;
  /** Requests that reached the service and are none of those that only read. */
  readonly writes: readonly string[];
  /** The tenant is not what it was. */
  readonly isChanged: boolean;
  /** What was live in something that the agent or the person read. */
  readonly live: readonly string[];
}

/** All that a call could change; activities only grow. */
function stateOf({ emulator }: Fixture): string {
  const { activities, ...others } = emulator.state;
  return JSON.stringify([activities.length, others]);
}

const READS = [
  /^POST \/api\/v1\/(?:alerts|activities)\/$/u,
  /^POST \/cas\/api\/v1\/discovery\/discovered_apps\/tags\/$/u,
  /^GET \/(?:cas\/)?api\/v1\/(?:alerts|saasdb|policies)\/[^/]+\/$/u,
];

/** Whatever is not known to read counts as a write. */
function writesIn({ emulator }: Fixture): string[] {
  return emulator.requests
    .map(({ method, path }) => `${method} ${path}`)
    .filter((request) => !READS.some((read) => read.test(request)));
}

/** Every payload, in all fields of a small tenant at once, before agents that obey. */
export async function runColumns(columns: readonly Column[]): Promise<Map<Column, Outcome[]>> {
  const outcomes = new Map(columns.map((column): [Column, Outcome[]] => [column, []]));
  for (const writes of ['off', 'confirm'] as const) {
    const ofMode = columns.filter((column) => column.writes === writes);
    const options = { environment: { MDCA_WRITES: writes, MDCA_CALLS_PER_MINUTE: '1000000' } };
    if (ofMode.length > 0) await withFixture((fixture) => runMode(fixture, ofMode, outcomes), options);
  }
  return outcomes;
}

/** What is read is the same for all clients of a server, and is read once. */
async function runMode(fixture: Fixture, columns: readonly Column[], outcomes: Map<Column, Outcome[]>): Promise<void> {
  const { state, url, clearFaults } = fixture.emulator;
  const few = fewRecords(state);
  Object.assign(state, { alerts: [], activities: [] });
  const start = Date.now();
  const { structuredContent } = await fixture.call('mdca_wait_for_alerts', { wait_seconds: 0 });
  const reader = createAgent({ client: fixture.client, takesCodes: false, repeats: 0 });
  const scenes = await Promise.all(columns.map((column) => openScene(fixture, column)));
  const own = await reader.readOwn();
  for (const [n, payload] of PAYLOADS.entries()) {
    const place = () => {
      Object.assign(state, filled(few, start, payload.text));
      clearFaults();
      servePolicies(fixture.emulator, state.policies);
      return stateOf(fixture);
    };
    let before = place();
    fixture.emulator.requests.length = 0;
    const read = await reader.read(String(structuredContent?.cursor));
    const readLive = read.flatMap((one) => liveIn(one, url));
    for (const scene of scenes) {
      const { column, agent, questions } = scene;
      if (MEASURED.includes(column) && n % MEASURED_EVERY !== 0) continue;
      scene.payload = payload;
      questions.length = 0;
      const { heard, links, ...deeds } = await agent.obey(n === 0 ? [...own, ...read] : read);
      const isChanged = stateOf(fixture) !== before;
      outcomes.get(column)?.push({
        ...deeds,
        payload,
        questions: questions.length,
        writes: writesIn(fixture),
        isChanged,
        live: [...readLive, ...[...heard, ...questions].flatMap((one) => liveIn(one, url))],
        links: links.filter((link) => !link.startsWith(`${url}/`)),
      });
      fixture.emulator.requests.length = 0;
      if (isChanged) before = place();
    }
  }
}

interface Scene {
  readonly column: Column;
  readonly agent: Agent;
  /** What is tried now. */
  payload: Payload | undefined;
  /** Put so far. */
  readonly questions: Heard[];
}

async function openScene(fixture: Fixture, column: Column): Promise<Scene> {
  const { answers, takesCodes, repeats = 0 } = column;
  const questions: Heard[] = [];
  const person: Person = (question) => {
    const turn = questions.push({ where: 'question', text: question.message, hasLines: true });
    return answers && scene.payload ? answers(question, scene.payload, turn) : { action: 'cancel' };
  };
  const client = await fixture.connect(answers && person);
  const agent = createAgent({ client, takesCodes, repeats });
  const scene: Scene = { column, agent, payload: undefined, questions };
  return scene;
}
