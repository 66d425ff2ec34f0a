import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { OpenAlerts } from '../../src/defender/alerts/read_alerts.ts';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { faceOf } from '../../src/mcp/tool_face.ts';
import { textOf, tools } from '../fixture.ts';
import { argumentsOf, shortestWaits } from '../injection/arguments.ts';
import { ROOT, serverOf } from '../process.ts';
import { type Args, argsFor, idsFor, WRITES } from '../samples.ts';
import { changedIds, codeOf } from '../writes/writing.ts';
import { formsOf, HOST_KEYS, PORTAL } from './forms.ts';

let emulator: Emulator;
let client: Client;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
  client = new Client({ name: 'lenient', version: '1.0.0' });
  const env = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, MDCA_CALLS_PER_MINUTE: '1000000' };
  await client.connect(new StdioClientTransport({ ...serverOf('mdca'), cwd: ROOT, env, stderr: 'ignore' }));
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

const call = async (name: string, args: Args) =>
  (await client.callTool({ name, arguments: { ...args } })) as CallToolResult;

/** The answer, without what no two answers share. */
async function answer(name: string, args: Args): Promise<unknown> {
  const result = await call(name, args);
  expect(result.isError, `${JSON.stringify(args)} ${textOf(result)}`).toBeFalsy();
  const { confirm, cursor: _position, ...value } = result.structuredContent ?? {};
  return confirm ? JSON.parse(JSON.stringify(value).replaceAll(String(confirm), 'CODE')) : value;
}

/** Arguments of the demo tenant in every form; each means the same. */
function variantsOf(tool: (typeof tools)[number]): Args[] {
  const args = { ...argsFor(tool.name), ...shortestWaits(tool) };
  const schemas = argumentsOf(tool);
  const spelled = Object.entries(args).flatMap(([name, value]) =>
    formsOf(name, schemas[name] ?? {}, value).map((form) => ({ ...args, [name]: form })),
  );
  const absent = Object.keys(schemas).filter((name) => !(name in args));
  const nulls = absent.map((name) => ({ ...args, [name]: null }));
  return [...spelled, ...nulls, ...HOST_KEYS.map((keys) => ({ ...args, ...keys }))];
}

test.each(tools.map((tool) => [tool.name, tool] as const))(
  '%s takes its arguments in every form that means the same, and answers the same',
  async (name, tool) => {
    const strict = await answer(name, { ...argsFor(name), ...shortestWaits(tool) });
    const variants = variantsOf(tool);
    expect(variants.length).toBeGreaterThanOrEqual(HOST_KEYS.length);
    for (const args of variants) expect(await answer(name, args), JSON.stringify(args)).toEqual(strict);
  },
);

test.each(WRITES)('%s: a code of a plan stands for the same call in another form', async (name, tool) => {
  const variants = variantsOf(tool);
  const [first, last] = [variants[0], variants.at(-1)];
  const before = structuredClone(emulator.state);
  const planned = await call(name, { ...first });
  const done = await call(name, { ...last, confirm: codeOf(planned) });
  expect(done.isError, textOf(done)).toBeFalsy();
  expect(done.structuredContent?.status).not.toBe('confirmation_required');
  expect(changedIds(before, emulator.state)).toEqual(idsFor(tool));
  Object.assign(emulator.state, before);
});

describe('one alert, by other names', () => {
  const CLOSE = 'mdca_close_alert_benign';
  const [one, two] = ['65f0a1b2c3d4e5f6a7b8c9d0', '65f0a1b2c3d4e5f6a7b8c9d1'];

  test.each([
    [[`${PORTAL}/#/alerts/${one}`]],
    [`${PORTAL}/#/alerts/${one}, ${PORTAL}/#/alerts/${two}`],
    [`${one},${PORTAL}/#/alerts/${two}`],
    [JSON.stringify([one, `${PORTAL}/#/alerts/${two}`])],
  ])('%j is read as its ids', async (alert_ids) => {
    const result = await call(CLOSE, { alert_ids });
    const expected = JSON.stringify(alert_ids).includes(two) ? [one, two] : [one];
    expect(result.structuredContent, textOf(result)).toMatchObject({ not_found: expected });
  });

  test('a link of our own answers is read as its id', async () => {
    const { structuredContent } = await call('mdca_get_open_alerts', { limit: 1 });
    const { link, alerts } = OpenAlerts.parse(structuredContent);
    const [alert] = alerts;
    const plan = await call(CLOSE, { alert_ids: link?.replace('{id}', alert?.id ?? '') });
    expect(plan.structuredContent).toMatchObject({
      status: 'confirmation_required',
      plan: expect.stringContaining(`${alert?.id} now open`),
    });
  });
});

const ID = '65f0a1b2c3d4e5f6a7b8c9d0';
const USER = '9e6f4bda-0812-4274-a2f4-2a10b3a56faf';
const IDS_REFUSED: readonly unknown[] = [
  ...[[], '', ' ', {}, null, 'all', '*', 'open', 'null', 'undefined', '[]', '[""]', '[[]]', '{}', '[', 'true', 0, 5],
  ...[[[]], [null], [{}], [''], ['*'], ['all'], [5], [true], [[ID]], { 0: ID }, { id: ID }, [{ id: ID }]],
  ...[`${ID},`, `,${ID}`, `${ID},,${ID}`, `${ID} ${ID}`, `${ID};${ID}`, `${ID},all`, `${ID}, *`, `[${ID}]`],
  ...[`[["${ID}"]]`, `{"id":"${ID}"}`, `["${ID}",null]`, `["${ID}"] ["${ID}"]`, ID.slice(1), `${ID}0`, `0x${ID}`],
  ...[`{${ID}}`, `<${ID}>`, `#/alerts/${ID}`, `alerts/${ID}`, `${ID.slice(0, 12)} ${ID.slice(12)}`, `${ID}\u200b`],
];
/** Links to where none of this tenant's alerts can be. */
const ELSEWHERE: readonly string[] = [
  `https://evil.example/#/alerts/${ID}`,
  `https://contoso.us2.portal.cloudappsecurity.com.evil.example/#/alerts/${ID}`,
  `https://evilportal.cloudappsecurity.com/#/alerts/${ID}`,
  `http://contoso.us2.portal.cloudappsecurity.com/#/alerts/${ID}`,
  `https://contoso.us2.portal.cloudappsecurity.com:8443/#/alerts/${ID}`,
];
const LINKS_REFUSED: readonly string[] = [
  `https://evil.example/${PORTAL}/#/alerts/${ID}`,
  `https://user:pass@contoso.us2.portal.cloudappsecurity.com/#/alerts/${ID}`,
  `ftp://contoso.us2.portal.cloudappsecurity.com/#/alerts/${ID}`,
  `javascript://contoso.us2.portal.cloudappsecurity.com/#/alerts/${ID}`,
  `${PORTAL}/#/policy/${ID}`,
  `${PORTAL}/#/alerts/`,
  `${PORTAL}/#/alerts/${ID}0`,
  `${PORTAL}/#/alerts/${ID}/${ID}`,
  `${PORTAL}/#/alerts?id=${ID}`,
  `${PORTAL}/alerts/${ID}`,
  `${PORTAL}/other/#/alerts/${ID}`,
  `${PORTAL}/#/alerts/${ID.slice(1)}%30`,
  `${PORTAL}/#/alerts/all`,
  `${PORTAL}/#/alerts/${ID} ${PORTAL}/#/alerts/${ID}`,
  `${PORTAL}/#/alerts/${ID}?a=1, ${PORTAL}/#/alerts/all`,
  `${PORTAL}/#/alerts/${ID}?a=1;${PORTAL}/#/alerts/${ID}`,
  `${PORTAL}/#/alerts/${ID}?a=1|${PORTAL}/#/alerts/${ID}`,
];
const WHOLE_REFUSED = [
  '1.5',
  '1e3',
  '0x10',
  '+5',
  '020',
  '5 6',
  '1,000',
  '٥',
  '5px',
  '',
  ' ',
  'ten',
  [5],
  ['5'],
  {},
  true,
];

const REFUSED: readonly (readonly [string, Args])[] = [
  ...[...IDS_REFUSED, ...LINKS_REFUSED, [PORTAL]].map(
    (alert_ids) => ['mdca_close_alert_benign', { alert_ids }] as const,
  ),
  ['mdca_close_alert_benign', {}],
  ['mdca_close_alert_benign', { alert_id: ID }],
  ['mdca_close_alert_benign', { ids: [ID] }],
  ['mdca_close_alert_benign', { arguments: { alert_ids: [ID] } }],
  ['mdca_close_alert_benign', { alert_ids: [ID], reason: 'Benign' }],
  ['mdca_close_alert_benign', { alert_ids: [ID], reason: '' }],
  ['mdca_close_alert_benign', { alert_ids: [ID], comment: {} }],
  ['mdca_close_alert_benign', { alert_ids: [ID], coment: null }],
  ...[...WHOLE_REFUSED, 1.5, -1, 0, '0', '-1', '1001'].map((limit) => ['mdca_get_open_alerts', { limit }] as const),
  ...['toolCallID', 'tool_call_id', 'taskProgress', 'session', 'sessionId', 'action', '__proto__x'].map(
    (key) => ['mdca_get_open_alerts', { limit: 1, [key]: 'x' }] as const,
  ),
  ['mdca_get_open_alerts', { limit: 1, action: 'close', chatInput: 'x' }],
  ['mdca_get_open_alerts', { detail: 'everything' }],
  ...[...WHOLE_REFUSED, null, 'Slack', 1.5, 0].map((app_id) => ['mdca_tag_app_unsanctioned', { app_id }] as const),
  ...[null, '', 'all', ID.slice(2), `${PORTAL}/#/alerts/${ID}`, [ID], 5, {}].map(
    (policy_id) => ['mdca_disable_policy', { policy_id }] as const,
  ),
  ...[`{${USER}`, `${USER}}`, `(${USER})`, `{{${USER}}}`, 'Ada', null, '', [USER]].map(
    (user_id) => ['mdca_get_activities', { user_id }] as const,
  ),
  ...[
    USER.replace('-', ''),
    `${USER.replaceAll('-', '')}0`,
    USER.replaceAll('-', ' '),
    `${PORTAL}/#/users/${USER}`,
  ].map((user_id) => ['mdca_get_activities', { user_id }] as const),
];

test.each(REFUSED)('%s refuses %j before any call, and says what to do', async (name, args) => {
  const before = emulator.requests.length;
  const result = await call(name, args);
  expect(result.isError, textOf(result)).toBe(true);
  expect(textOf(result)).toMatch(/^invalid_input: /u);
  expect(textOf(result)).toContain(`Arguments of ${name}: `);
  expect(emulator.requests).toHaveLength(before);
});

test.each(tools.map((tool) => [tool.name, tool] as const))(
  '%s refuses null where it needs a value',
  async (name, tool) => {
    for (const required of z.array(z.string()).optional().parse(faceOf(tool).inputSchema.required) ?? []) {
      const before = emulator.requests.length;
      const result = await call(name, { ...argsFor(name), [required]: null });
      expect(textOf(result)).toMatch(new RegExp(`^invalid_input: ${required}: `, 'u'));
      expect(emulator.requests).toHaveLength(before);
    }
  },
);

test.each(ELSEWHERE)('an alert is not taken from a link to another portal: %s', async (link) => {
  const before = emulator.requests.length;
  for (const alert_ids of [link, [link], `${ID}, ${link}`, [ID, link]]) {
    const text = textOf(await call('mdca_close_alert_benign', { alert_ids }));
    expect(text).toMatch(/^invalid_input: alert_ids: a link leads to another portal/u);
  }
  expect(emulator.requests).toHaveLength(before);
});

test('a typing error is named with its suggestion, also beside what a host added', async () => {
  const result = await call('mdca_get_open_alerts', { limt: 5, toolCallId: 'c1', detail: null });
  expect(textOf(result)).toContain('Unknown argument "limt"; did you mean limit?');
  expect(textOf(result)).not.toContain('toolCallId');
});

test('an error names what is wrong after the forms are undone', async () => {
  const text = textOf(await call('mdca_close_alert_benign', { alert_ids: `${ID}, all`, toolCallId: 'c1' }));
  expect(text).toMatch(/^invalid_input: alert_ids\[1\]: an alert id has 24 hex digits; .*\. Arguments of/u);
  expect(textOf(await call('mdca_get_open_alerts', { limit: '5000' }))).toContain('limit: Too big');
});
