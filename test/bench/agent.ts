import { countSecondAttempts } from '../agent/mistakes.ts';
import { type Prices, priceOfAnswers } from '../agent/price.ts';
import { type HostPrice, priceOfTriage, type TriagePrice } from '../agent/triage.ts';
import { withFixture } from '../fixture.ts';
import type { AgentRow, Bench } from './report.ts';

type Forms = AgentRow['now'];

/** No call waits for the budget, and every change has to be confirmed. */
const OPTIONS = {
  environment: { MDCA_CALLS_PER_MINUTE: '1000000', MDCA_WRITES: 'confirm' },
  emulator: { ordinaryWork: true },
};

/** Works through the demo tenant by a fixed policy, in this process, and through the wrong first calls. */
export async function measureAgent({ note }: Bench): Promise<AgentRow[]> {
  const rows: AgentRow[] = [];
  await withFixture(async (fixture) => {
    note('agent: every alert of the demo tenant');
    const triage = await priceOfTriage(fixture);
    const prices = await priceOfAnswers(fixture);
    note('agent: wrong first calls');
    const { work, mistakes, failed } = await countSecondAttempts(fixture);
    for (const why of failed) note(`agent: ${why}`);
    rows.push(...triageRows(triage), ...answerRows(prices), {
      what: `wrong first calls, of ${mistakes}, that work at the second attempt`,
      before: NONE,
      now: [work, work, work],
      bound: `${mistakes}`,
    });
  }, OPTIONS);
  return rows;
}

const NONE: Forms = [null, null, null];

/** Figures of before there were the triage tools, over the 56 alerts with a user that the demo tenant had then. */
function triageRows({ hosts, alerts, oneFormOnly, undecidable }: TriagePrice): AgentRow[] {
  const now = (of: (price: HostPrice) => number): Forms => {
    const [text, value, both] = hosts.map((price) => Number(of(price).toFixed(2)));
    return [text ?? null, value ?? null, both ?? null];
  };
  const facts = oneFormOnly.length;
  const none = undecidable.length;
  return [
    { what: 'tool calls for an alert', before: [2.4, 2.4, null], now: now(({ calls }) => calls), bound: '≤ 1.1' },
    { what: 'most tool calls for an alert', before: NONE, now: now(({ mostCalls }) => mostCalls), bound: '' },
    {
      what: 'most calls to the service for an alert',
      before: NONE,
      now: now((price) => price.serviceCalls),
      bound: '≤ 4',
    },
    {
      what: 'tokens of an alert',
      before: [7_500, 19_400, null],
      now: now(({ mean }) => Math.round(mean)),
      bound: '≤ 350, 500',
    },
    {
      what: 'tokens of the worst alert',
      before: [null, 57_200, null],
      now: now(({ worst }) => worst),
      bound: '≤ 1,500',
    },
    {
      what: `alerts, of ${alerts}, that cannot be decided`,
      before: [1, 1, null],
      now: now(({ undecided }) => undecided.length),
      bound: '0',
    },
    { what: 'facts that only one form shows', before: NONE, now: [facts, facts, 0], bound: '0' },
    {
      what: `alerts for which no API exists (${undecidable.join(', ')})`,
      before: NONE,
      now: [none, none, none],
      bound: '',
    },
  ];
}

function answerRows({ list, listSeen, longestTool, alerts, activities }: Prices): AgentRow[] {
  const forms = ({ text, value }: Prices['alerts']): Forms => [text, value, text + value];
  const all = (tokens: number): Forms => [tokens, tokens, tokens];
  return [
    { what: 'tokens of 20 alerts', before: [null, 4_031, 5_807], now: forms(alerts), bound: '≤ 1,900, 2,800' },
    { what: 'tokens of 20 activities', before: NONE, now: forms(activities), bound: '≤ 550, 1,700' },
    { what: 'tokens of `tools/list`, whole', before: NONE, now: all(list), bound: '≤ 9,000' },
    { what: 'tokens of `tools/list` as a model sees it', before: NONE, now: all(listSeen), bound: '≤ 3,500' },
    { what: 'tokens of the longest tool as a model sees it', before: NONE, now: all(longestTool), bound: '≤ 450' },
  ];
}
