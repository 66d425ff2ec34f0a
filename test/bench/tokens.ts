import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { PRODUCT } from './paths.ts';
import type { AnswerRow, Bench, TokenRow } from './report.ts';
import { launch, type Running } from './rpc.ts';
import { openSession, type Result, type Session } from './session.ts';
import { ours, peers, type Subject } from './subjects.ts';

const tokensOf = (value: unknown) => countTokens(JSON.stringify(value));

/** Counts the tokens of each server's list, which every conversation pays. */
export async function measureLists({ node, note }: Bench, origin: string): Promise<TokenRow[]> {
  const rows: TokenRow[] = [];
  for (const subject of [ours(origin), ...peers()]) {
    note(`tokens: ${subject.name}`);
    rows.push(await listOf(node, subject));
  }
  const cost = (row: TokenRow) => ('tokens' in row ? row.tokens / row.tools : Number.POSITIVE_INFINITY);
  return rows.sort((a, b) => cost(a) - cost(b));
}

async function listOf(node: string, subject: Subject): Promise<TokenRow> {
  const { name, version } = subject;
  try {
    const { running, tools } = await openSession(node, subject);
    await running.stop();
    const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    return { name, version, tools: tools.length, tokens: tokensOf({ tools }), shown: tokensOf({ tools: shown }) };
  } catch (error) {
    return { name, version, failed: error instanceof Error ? error.message : String(error) };
  }
}

/** Counts the tokens of our answers in one triage of the emulated tenant. */
export async function measureAnswers({ node, note }: Bench): Promise<AnswerRow[]> {
  note('tokens: answers');
  const emulator = launch(node, { args: [PRODUCT, 'emulator'] });
  try {
    const session = await openSession(node, ours('', await settingsOf(emulator)));
    const rows = await triage(session);
    await session.running.stop();
    return rows;
  } finally {
    await emulator.stop();
  }
}

async function triage({ request }: Session): Promise<AnswerRow[]> {
  const rows: AnswerRow[] = [];
  const ask = async (name: string, method: string, params: object) => {
    const { result, line } = await request(method, params);
    if (result.isError) throw new Error(`${name} fails: ${line}`);
    rows.push({ name, text: countTokens(textOf(result)), whole: tokensOf(result) });
    return result;
  };
  const tool = (name: string, args: object) => ask(name, 'tools/call', { name, arguments: args });
  const read = (uri: string, name = uri) => ask(name, 'resources/read', { uri });
  const alerts = (await tool('mdca_get_open_alerts', {})).structuredContent?.alerts ?? [];
  const ids = alerts.map(({ id }) => id);
  const user = alerts.flatMap(({ users }) => users).find(({ id }) => /^[0-9a-f-]{36}$/i.test(id))?.id;
  await tool('mdca_get_activities', { user_id: user });
  await tool('mdca_get_policy', { policy_id: alerts.find(({ policy }) => policy)?.policy?.id });
  await tool('mdca_wait_for_alerts', { wait_seconds: 0 });
  await tool('mdca_close_alert_benign', { alert_ids: ids.slice(0, 3), comment: 'Travel confirmed by the user' });
  await read('mdca://alerts/open');
  await read(`mdca://alerts/${ids[0]}`, 'mdca://alerts/{alert_id}');
  return rows;
}

/** The settings that the emulator prints when it is ready. */
function settingsOf(emulator: Running): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  return new Promise((settle, refuse) => {
    emulator.ended.then((how) => refuse(new Error(`the emulator ${how}`)));
    emulator.onLine((line) => {
      const [name = '', value = ''] = line.toString().split('=', 2);
      if (name.startsWith('MDCA_')) settings[name] = value;
      if (settings.MDCA_API_URL && settings.MDCA_API_TOKEN) settle(settings);
    });
  });
}

function textOf({ content = [], contents = [] }: Result): string {
  return [...content, ...contents].map(({ text = '' }) => text).join('\n');
}
