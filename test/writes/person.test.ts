import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Person, stateOf, textOf, withFixture } from '../fixture.ts';
import { argsFor, idsFor, openIds, WRITES } from '../samples.ts';
import { agrees, changedIds, expectSentOnce, phraseOf, writesOf } from './writing.ts';

afterEach(() => {
  vi.useRealTimers();
});

const CONFIRM = { environment: { MDCA_WRITES: 'confirm' } };

describe.each(WRITES)('%s, where the client can ask a person', (name, tool) => {
  test('is carried out once after the phrase has been typed, and read back', async () => {
    const asked: Parameters<Person>[0][] = [];
    const person: Person = (question, signal) => {
      asked.push(question);
      return agrees(question, signal);
    };
    await withFixture(
      async (fixture) => {
        const before = structuredClone(fixture.emulator.state);
        await fixture.call(name, argsFor(name));
        expectSentOnce(fixture);
        expect(changedIds(before, fixture.emulator.state)).toEqual(expect.arrayContaining(idsFor(tool)));
        expect(fixture.emulator.requests.at(-1)?.effect, 'the last request reads back').toBe('read');
      },
      { ...CONFIRM, person },
    );
    expect(asked).toHaveLength(1);
    // The phrase is a verb, then the number of targets or the end of the only id.
    const ids = idsFor(tool);
    const which = ids.length > 1 ? String(ids.length) : ids[0]?.slice(-4);
    expect(phraseOf(asked[0]?.message ?? '')).toMatch(new RegExp(`^[a-z]+ .*${which}(?:, \\d+ high)?$`));
    expect(asked[0]?.requestedSchema).toMatchObject({ type: 'object', required: ['phrase'] });
    expect(asked[0]?.requestedSchema.properties.phrase).not.toHaveProperty('default');
  });

  const refusals: readonly [string, Person, RegExp][] = [
    ['declines', () => ({ action: 'decline' }), /declined/],
    ['cancels', () => ({ action: 'cancel' }), /closed the question/],
    ['accepts by itself with nothing', () => ({ action: 'accept' }), /not the phrase/],
    ['accepts by itself with empty content', () => ({ action: 'accept', content: {} }), /not the phrase/],
    ['accepts with an empty phrase', () => ({ action: 'accept', content: { phrase: '' } }), /not the phrase/],
    ['types another phrase', () => ({ action: 'accept', content: { phrase: 'yes' } }), /not the phrase/],
    [
      'types it into another field',
      ({ message }) => ({ action: 'accept', content: { confirm: phraseOf(message) } }),
      /not the phrase/,
    ],
    ['says yes in another type', () => ({ action: 'accept', content: { phrase: true } }), /not the phrase/],
    [
      'fails',
      () => {
        throw new Error('no dialog here');
      },
      /could not put the question/,
    ],
    ['answers what is no answer', () => ({ action: 'maybe' }) as never, /could not put the question/],
  ];
  test('writes nothing where the client does anything else', async () => {
    let answer: Person = agrees;
    await withFixture(
      async (fixture) => {
        const args = argsFor(name);
        const before = stateOf(fixture);
        for (const [how, person, why] of refusals) {
          answer = person;
          const result = await fixture.call(name, args);
          expect(result.isError, how).toBeFalsy();
          expect(result.structuredContent, how).toMatchObject({
            status: 'declined',
            warning: expect.stringMatching(why),
          });
          expect(textOf(result)).toMatch(/^declined\. Nothing was written/);
        }
        expect(writesOf(fixture)).toEqual([]);
        expect(stateOf(fixture)).toEqual(before);
      },
      { ...CONFIRM, person: (question, signal) => answer(question, signal) },
    );
  });

  test('refuses a code, because none was given out', () =>
    withFixture(
      async (fixture) => {
        const result = await fixture.call(name, { ...argsFor(name), confirm: 'yes' });
        expect(textOf(result)).toMatch(/^confirm_refused: /);
        expect(fixture.emulator.requests).toEqual([]);
      },
      { ...CONFIRM, person: agrees },
    ));
});

test('a cancelled call withdraws its question, and nothing is written', async () => {
  let withdrawn = false;
  const person: Person = (question, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        withdrawn = true;
        resolve(agrees(question, signal));
      });
    });
  await withFixture(
    async (fixture) => {
      const name = 'mdca_close_alert_benign';
      const controller = new AbortController();
      const call = fixture.client.callTool({ name, arguments: argsFor(name) }, undefined, {
        signal: controller.signal,
      });
      await expect.poll(() => fixture.emulator.requests.length).toBe(1);
      setTimeout(() => controller.abort('enough'), 20);
      await expect(call).rejects.toThrow();
      await expect.poll(() => withdrawn).toBe(true);
      expect(writesOf(fixture)).toEqual([]);
    },
    { ...CONFIRM, person },
  );
});

test('a question that nobody answers within two minutes is declined and withdrawn', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  let withdrawn = false;
  const person: Person = async (question, signal) => {
    signal.addEventListener('abort', () => {
      withdrawn = true;
    });
    await vi.advanceTimersByTimeAsync(119_000);
    expect(withdrawn).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    return agrees(question, signal);
  };
  await withFixture(
    async (fixture) => {
      const name = 'mdca_close_alert_benign';
      const result = await fixture.client.callTool({ name, arguments: argsFor(name) }, undefined, {
        timeout: 600_000,
      });
      expect(result.structuredContent).toMatchObject({
        status: 'declined',
        warning: expect.stringMatching(/nobody answered within 2 minutes/),
      });
      expect(withdrawn).toBe(true);
      expect(writesOf(fixture)).toEqual([]);
    },
    { ...CONFIRM, person },
  );
});

test('the question says what will happen: facts first, then text that others wrote', async () => {
  let message = '';
  const person: Person = (question) => {
    message = question.message;
    return { action: 'decline' };
  };
  await withFixture(
    async (fixture) => {
      const [first = '', second = '', closed = ''] = openIds(fixture.emulator.state.alerts, 3);
      const alerts = fixture.emulator.state.alerts;
      const alert = alerts.find(({ _id }) => _id === first);
      if (alert) Object.assign(alert, { title: 'Close "everything"\n3. now\u202e <b>harmless</b>', severityValue: 2 });
      for (const each of alerts) if (each._id === closed) each.resolutionStatusValue = 4;
      const args = { alert_ids: [first, second, closed, 'f'.repeat(24)], comment: 'Ann said so' };
      await fixture.call('mdca_close_alert_false_positive', { ...args, reason: 'alert_is_not_accurate' });
    },
    { ...CONFIRM, person },
  );
  const lines = message.split('\n');
  expect(lines[0]).toBe('Type "close 2, 1 high" to confirm; anything else leaves everything as it is.');
  expect(lines[2]).toMatch(
    /^Close 2 of 4 alerts as false positive \(reason alert_is_not_accurate\): 1 high, 1 \w+; 2 users;/,
  );
  expect(lines[4]).toMatch(/^Left out, already closed \(benign\): [0-9a-f]{24}$/);
  expect(lines[5]).toBe(`Left out, not found: ${'f'.repeat(24)}`);
  expect(lines[7]).toBe('comment of the agent "Ann said so"');
  expect(lines[8]).toMatch(
    /^[0-9a-f]{24} now open high, \d+ \w+ old: user ".*", ip ".*", title "Close \\"everything\\" 3\. now harmless", policy "/,
  );
  expect(lines[9]).toMatch(/^[0-9a-f]{24} now open \w+, \d+ \w+ old: user "/);
});

test('the question names state and open alerts of a policy, and tag and name of an app to block', async () => {
  const messages: string[] = [];
  const person: Person = (question) => {
    messages.push(question.message);
    return { action: 'decline' };
  };
  await withFixture(
    async (fixture) => {
      const { state } = fixture.emulator;
      const policy = state.policies.find(
        ({ enabled, _id }) => enabled && state.alerts.some((a) => a.policy.id === _id && a.resolutionStatusValue === 0),
      );
      const open = state.alerts.filter((a) => a.policy.id === policy?._id && a.resolutionStatusValue === 0).length;
      await fixture.call('mdca_disable_policy', { policy_id: policy?._id });
      expect(messages[0]).toContain(`now enabled, open alerts: ${open}`);
      expect(messages[0]).toContain(`name ${JSON.stringify(policy?.name)}, type "${policy?.policyType}"`);
      expect(fixture.emulator.requests).toHaveLength(2);
      await fixture.call('mdca_tag_app_unsanctioned', { app_id: 35845 });
      expect(messages[1]).toMatch(/block it for everyone/);
      expect(messages[1]).toMatch(/35845 now untagged/);
      expect(messages[1]).toContain('name "TikTok"');
      expect(fixture.emulator.requests).toHaveLength(4);
    },
    { ...CONFIRM, person },
  );
});

test.each([
  ['mdca_close_alert_benign', 'unchanged'],
  ['mdca_disable_policy', 'already_disabled'],
  ['mdca_tag_app_sanctioned', 'already_tagged'],
])('%s asks nobody where there is nothing to do', (name, status) =>
  withFixture(
    async (fixture) => {
      const { alerts, policies, apps } = fixture.emulator.state;
      for (const alert of alerts) alert.resolutionStatusValue = 5;
      for (const policy of policies) policy.enabled = false;
      for (const app of apps) app.tags = ['Sanctioned'];
      const args = name.includes('alert') ? { alert_ids: [alerts[0]?._id] } : argsFor(name);
      const policyArgs = name.includes('policy') ? { policy_id: policies[0]?._id } : args;
      expect((await fixture.call(name, policyArgs)).structuredContent).toMatchObject({ status });
      expect(writesOf(fixture)).toEqual([]);
    },
    { ...CONFIRM, person: () => Promise.reject(new Error('asked')) },
  ),
);
