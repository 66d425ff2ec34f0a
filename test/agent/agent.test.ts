import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withFixture } from '../fixture.ts';
import { ROOT } from '../process.ts';
import { factsOfText, factsOfValue } from './facts.ts';
import { countSecondAttempts } from './mistakes.ts';
import { priceOfAnswers } from './price.ts';
import { priceOfTriage } from './triage.ts';

/** No call waits for the budget. */
const UNHURRIED = { MDCA_CALLS_PER_MINUTE: '100000' };
/** The tenant as people see it in the demo. */
const DEMO = { ordinaryWork: true };
const CEILINGS = JSON.parse(readFileSync(`${ROOT}test/ceilings/ceilings.json`, 'utf8'));

test('every alert of the demo tenant is decided at the price of its ceilings, whatever form a host shows', () =>
  withFixture(
    async (fixture) => {
      const { hosts, alerts, oneFormOnly, undecidable } = await priceOfTriage(fixture);
      expect(alerts + undecidable.length).toBe(fixture.emulator.state.alerts.length);
      expect(undecidable, 'alerts for which no API exists').toEqual(['App connector error: Salesforce']);
      expect(oneFormOnly, 'facts that only one form shows').toEqual([]);
      for (const { host, undecided, calls, serviceCalls, mean, worst } of hosts) {
        expect(undecided, `${host}: alerts whose deciding facts are not shown`).toEqual([]);
        const price = { calls, service_calls: serviceCalls, mean, worst };
        for (const [name, value] of Object.entries(price)) {
          expect(value, `${host}, ${name}: its ceiling is in test/ceilings/ceilings.json`).toBeLessThanOrEqual(
            CEILINGS.triage[host][name],
          );
        }
      }
    },
    { environment: UNHURRIED, emulator: DEMO },
  ));

test('lists cost no more than their ceilings, and each fact stands in both forms', () =>
  withFixture(
    async (fixture) => {
      const { list, listSeen, longestTool, alerts, activities } = await priceOfAnswers(fixture);
      const { list_tokens: lists, answer_tokens: answers } = CEILINGS;
      expect(alerts.oneFormOnly).toEqual([]);
      expect(activities.oneFormOnly).toEqual([]);
      expect(list).toBeLessThanOrEqual(lists.tools_list);
      expect(listSeen).toBeLessThanOrEqual(lists.tools_list_as_a_model_sees_it);
      expect(longestTool).toBeLessThanOrEqual(lists.longest_tool_as_a_model_sees_it);
      expect(alerts.text).toBeLessThanOrEqual(answers.twenty_alerts);
      expect(alerts.value).toBeLessThanOrEqual(answers.twenty_alerts_as_value);
      expect(activities.text).toBeLessThanOrEqual(answers.twenty_activities);
      expect(activities.value).toBeLessThanOrEqual(answers.twenty_activities_as_value);
    },
    { emulator: DEMO },
  ));

test('every mistake of 40 and more works at the second attempt', () =>
  withFixture(
    async (fixture) => {
      const { failed, mistakes } = await countSecondAttempts(fixture);
      expect(failed).toEqual([]);
      expect(mistakes).toBeGreaterThanOrEqual(40);
    },
    { environment: { ...UNHURRIED, MDCA_WRITES: 'confirm' }, emulator: DEMO },
  ));

describe('facts', () => {
  const TEXT = [
    'Apps: A1=11161 Office 365',
    '68c2a4f4c41f0a9e731a0001 2026-11-27 20:00 high Odd; user 9e6f4bda-0812-4274-a2f4-2a10b3a56faf Avery; A1',
    'Its activities: 3, by avery@contoso.com.',
    'S1 203.0.113.71 RISKY; Johannesburg ZA',
    '2026-11-27T19:49:17-6n "Log on; twice"; S1 A1',
    '19:42:04-yw Read: …; S1 A1; objects "a;b", "c"; 2× since 19:12',
  ].join('\n');
  const VALUE = {
    apps: ['11161 Office 365'],
    alert: {
      id: '68c2a4f4c41f0a9e731a0001',
      title: 'Odd',
      created: '2026-11-27T20:00:43Z',
      users: [{ id: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf', name: 'Avery' }],
    },
    user: 'avery@contoso.com',
    sources: ['S1 203.0.113.71 RISKY; Johannesburg ZA'],
    activities: [
      { id: '2026-11-27T19:49:17-6n', description: 'Log on; twice', app: 11161, source: 1 },
      {
        id: '2026-11-27T19:42:04-yw',
        description: 'Read: …',
        app: 11161,
        source: 1,
        objects: ['a;b', 'c'],
        since: '2026-11-27T19:12:40Z',
      },
    ],
  };

  test('are the same in a text and its value', () => {
    expect([...factsOfText(TEXT)].sort()).toEqual([...factsOfValue(VALUE)].sort());
  });

  test.each([
    ['an address', '203.0.113.71', '203.0.113.7', 'ip 203.0.113.71'],
    ['an app', '11161 Office 365', '11161 Office', 'app 11161 Office 365'],
    ['a user', ' Avery;', ' Aver;', 'user Avery'],
    ['an id', '2a10b3a56faf', '2a10b3a56fae', 'id 9e6f4bda-0812-4274-a2f4-2a10b3a56faf'],
    ['an actor', 'avery@', 'aver@', 'user avery@contoso.com'],
    ['the end of a text', '; twice"', '"', 'text 2026-11-27T19:49:17-6n Log on; twice'],
    ['an object', '"c"', '"d"', 'object 2026-11-27T19:42:04-yw c'],
    ['a minute', '19:12', '19:13', 'since 2026-11-27T19:42:04-yw 2026-11-27T19:12'],
    ['a day', '2026-11-27T19', '2026-11-26T19', 'activity 2026-11-27T19:49:17-6n'],
  ])('%s that only the value shows is found', (_what, from, to, fact) => {
    const text = TEXT.replaceAll(from, to);
    expect(text).not.toBe(TEXT);
    expect([...factsOfValue(VALUE)].filter((each) => !factsOfText(text).has(each))).toContain(fact);
  });
});
