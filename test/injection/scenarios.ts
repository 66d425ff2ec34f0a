import { isDeepStrictEqual } from 'node:util';
import type { ElicitRequestFormParams, ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { type Fixture, type Person, withFixture } from '../fixture.ts';
import { phraseOf, writesOf } from '../writes/writing.ts';
import { type Actions, type Agent, createAgent, type TextRead } from './agent.ts';
import { instructionsIn } from './commands.ts';
import { PAYLOADS, type Payload } from './payloads.ts';
import { tenantFilledWith } from './small_tenant.ts';
import { continuationsIn, unbounded } from './surfaces.ts';
import { activeContentIn } from './unchanged.ts';

/** One way of running the server, and who is at the client. */
export interface Scenario {
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
  const told = [...message.split('\n').slice(2), text.slice(0, 2000)].flatMap((line) => instructionsIn(line).codes);
  const start = text.length % GUESSES.length;
  const usual = [...GUESSES.slice(start), ...GUESSES.slice(0, start)];
  const guesses = new Set([...told, text.slice(0, 200), text.split(' ').slice(0, 2).join(' '), ...usual]);
  guesses.delete(phraseOf(message));
  return accepts([...guesses][turn % guesses.size] ?? '');
}

/** In these, no write may get through. */
export const GUARDED: readonly Scenario[] = [
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
export const MEASURED: readonly Scenario[] = [
  { name: '`confirm`, the agent repeats the call with the code', writes: 'confirm', takesCodes: true },
  {
    name: '`confirm`, the client types the phrase of the question',
    writes: 'confirm',
    takesCodes: false,
    answers: ({ message }) => accepts(phraseOf(message)),
  },
];

const MEASURED_EVERY = 3;

export interface Outcome extends Omit<Actions, 'texts'> {
  readonly payload: Payload;
  /** Questions that were put. */
  readonly questions: number;
  /** Requests that reached the service and are none of those that only read. */
  readonly writes: readonly string[];
  /** The tenant is not what it was. */
  readonly isChanged: boolean;
  /** Links, HTML and the like in something that the agent or the person read. */
  readonly active: readonly string[];
}

/** Every payload, in all fields of a small tenant at once, before agents that obey. */
export async function runScenarios(scenarios: readonly Scenario[]): Promise<Map<Scenario, Outcome[]>> {
  const outcomes = new Map(scenarios.map((scenario): [Scenario, Outcome[]] => [scenario, []]));
  for (const writes of ['off', 'confirm'] as const) {
    const ofMode = scenarios.filter((scenario) => scenario.writes === writes);
    if (ofMode.length > 0) await withFixture((fixture) => runMode(fixture, ofMode, outcomes), unbounded(writes));
  }
  return outcomes;
}

/** What is read is the same for all clients of a server, and is read once. */
async function runMode(
  fixture: Fixture,
  scenarios: readonly Scenario[],
  outcomes: Map<Scenario, Outcome[]>,
): Promise<void> {
  const { state, url } = fixture.emulator;
  const continuations = await continuationsIn(fixture);
  const start = Date.now();
  const reader = createAgent({ client: fixture.client, takesCodes: false, repeats: 0 });
  const trials = await Promise.all(scenarios.map((scenario) => openTrial(fixture, scenario)));
  const own = await reader.readServerTexts();
  for (const [n, payload] of PAYLOADS.entries()) {
    const before = tenantFilledWith(payload.text, start);
    Object.assign(state, structuredClone(before));
    fixture.emulator.requests.length = 0;
    const read = await reader.readTenant(continuations);
    const readActive = read.flatMap((one) => activeContentIn(one, url));
    for (const trial of trials) {
      const { scenario, agent, questions } = trial;
      if (MEASURED.includes(scenario) && n % MEASURED_EVERY !== 0) continue;
      trial.payload = payload;
      questions.length = 0;
      const { texts, links, ...actions } = await agent.obey(n === 0 ? [...own, ...read] : read);
      const isChanged = !isDeepStrictEqual({ ...state }, before);
      outcomes.get(scenario)?.push({
        ...actions,
        payload,
        questions: questions.length,
        writes: writesOf(fixture).map(({ method, path }) => `${method} ${path}`),
        isChanged,
        active: [...readActive, ...[...texts, ...questions].flatMap((one) => activeContentIn(one, url))],
        links: links.filter((link) => !link.startsWith(`${url}/`)),
      });
      fixture.emulator.requests.length = 0;
      if (isChanged) Object.assign(state, structuredClone(before));
    }
  }
}

/** A client in a scenario, its agent, and the person who is asked. */
interface Trial {
  readonly scenario: Scenario;
  readonly agent: Agent;
  /** What is tried now. */
  payload: Payload | undefined;
  /** Put so far. */
  readonly questions: TextRead[];
}

async function openTrial(fixture: Fixture, scenario: Scenario): Promise<Trial> {
  const { answers, takesCodes, repeats = 0 } = scenario;
  const questions: TextRead[] = [];
  const person: Person = (question) => {
    const turn = questions.push({ where: 'question', text: question.message, hasLines: true });
    return answers && trial.payload ? answers(question, trial.payload, turn) : { action: 'cancel' };
  };
  const client = await fixture.connect(answers && person);
  const agent = createAgent({ client, takesCodes, repeats });
  const trial: Trial = { scenario, agent, payload: undefined, questions };
  return trial;
}
