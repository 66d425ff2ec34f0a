import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { callTool, type Fixture, tools, withFixture } from '../fixture.ts';
import { callOf, INITIALIZE, messagesOf, start } from '../process.ts';
import { argsFor } from '../samples.ts';
import { agrees } from '../writes/writing.ts';

const TOKEN = 'R2Vuz0LkQ+x/8aYt0123456789abcdefghijklmnopqrstuvwxyz0123456789AB==';
const letters = (write: (letter: string) => string) => [...TOKEN].map(write).join('');
const halves = (between: string) => `${TOKEN.slice(0, 9)}${between}${TOKEN.slice(9, 30)}${between}${TOKEN.slice(30)}`;

/** The token as a text that holds it nowhere, until it is made plain. */
const SPLIT: Readonly<Record<string, string>> = {
  'by tags': halves('<b></b>'),
  'by comments': halves('<!-- x -->'),
  'by hidden elements': halves('<script>x</script>'),
  'by zero-width characters': letters((letter) => `${letter}\u200b`),
  'by soft hyphens': halves('\u00ad'),
  'by terminal sequences': halves('\u001b[0m'),
  'by controls': halves('\u0007'),
  'as entities': letters((letter) => `&#${letter.charCodeAt(0)};`),
  'as entities of entities': letters((letter) => `&amp;#x${letter.charCodeAt(0).toString(16)};`),
  'as entities in tags': letters((letter) => `<i>&#${letter.charCodeAt(0)};</i>`),
};

/** Where texts are cut, at each of which a token may be cut in two. */
const PADDINGS = [0, 20, 60, 100, 180, 280, 350, 370];

const TEXTS = /^(title|description|name|username|label|comment|displayName|instance|userName)$/i;

/** Puts a text into every field of the records that holds text of people. */
function plant(record: unknown, text: string): void {
  if (typeof record !== 'object' || record === null) return;
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === 'string' && TEXTS.test(key)) Reflect.set(record, key, text);
    else plant(value, text);
  }
}

/** All that a client hears when it reads everything, and makes every change by a person and by a code. */
async function hearAll(fixture: Fixture): Promise<string> {
  const heard: unknown[] = [(await fixture.client.readResource({ uri: 'mdca://alerts/open' })).contents];
  const asked = await fixture.connect((question) => {
    heard.push(question);
    return { action: 'decline' };
  });
  for (const { name, effect } of tools) {
    const args = name === 'mdca_wait_for_alerts' ? { wait_seconds: 0 } : argsFor(name);
    heard.push(await callTool(fixture.client, name, args));
    if (effect !== 'read') heard.push(await callTool(asked, name, args));
  }
  return JSON.stringify(heard);
}

function expectWithheld(heard: string): void {
  const lower = heard.toLowerCase();
  const runs = Array.from({ length: TOKEN.length - 15 }, (_, at) => TOKEN.slice(at, at + 16).toLowerCase());
  expect(runs.filter((run) => lower.includes(run))).toEqual([]);
}

const OPTIONS = {
  emulator: { token: TOKEN },
  environment: { MDCA_WRITES: 'confirm', MDCA_CALLS_PER_MINUTE: '100000' },
};

test.each(Object.entries(SPLIT))('a token that was taken apart %s leaves in no answer and no question', (_how, text) =>
  withFixture(async (fixture) => {
    plant(fixture.emulator.state, text);
    const heard = await hearAll(fixture);
    expectWithheld(heard);
    expect(heard).toContain('[withheld]');
  }, OPTIONS),
);

test.each(['by tags', 'as entities'])('no part of it leaves where the text was cut inside it, taken apart %s', (how) =>
  withFixture(async (fixture) => {
    for (const padding of PADDINGS) {
      plant(fixture.emulator.state, `${'x'.repeat(padding)} ${SPLIT[how]} and more`);
      for (const name of ['mdca_get_open_alerts', 'mdca_get_policy', 'mdca_get_activities']) {
        expectWithheld(JSON.stringify(await fixture.call(name, argsFor(name))));
      }
    }
  }, OPTIONS),
);

test('an answer with the token keeps its id and its form, also over stdio', async () => {
  const emulator = await createEmulator({ token: TOKEN, callsPerMinute: 0 });
  plant(emulator.state, SPLIT['by tags'] ?? '');
  const running = start([], { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: TOKEN });
  running.send(INITIALIZE);
  running.send({ ...callOf(2, 'mdca_get_open_alerts', { limit: 3 }), id: TOKEN });
  await expect.poll(() => messagesOf(running)).toHaveLength(2);
  running.child.stdin.end();
  expect(await running.ended).toBe(0);
  const [, answer] = messagesOf(running);
  expect(answer?.id).toBe(TOKEN);
  expect(answer?.result).toMatchObject({ structuredContent: { alerts: [{ title: '[withheld]' }, {}, {}] } });
  expectWithheld(JSON.stringify(answer?.result));
  expectWithheld(running.stderr());
  await emulator.close();
});

test('a token with quotation marks and backslashes breaks no answer', () => {
  const token = 'x"],"has_more":true,\\\\"0123456789';
  return withFixture(
    async (fixture) => {
      plant(fixture.emulator.state, `${token.slice(0, 12)}<b></b>${token.slice(12)}`);
      const { structuredContent } = await fixture.call('mdca_get_open_alerts', { limit: 3 });
      expect(structuredContent).toMatchObject({ alerts: [{ title: '[withheld]' }, {}, {}] });
    },
    { emulator: { token }, person: agrees },
  );
});
