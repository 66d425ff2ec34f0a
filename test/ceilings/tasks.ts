import { expect } from 'vitest';
import { callTool, type Fixture } from '../fixture.ts';
import { openIds } from '../samples.ts';
import { codeOf } from '../writes/writing.ts';

const APP = 35845;

async function done(fixture: Fixture, name: string, args: object): Promise<Record<string, unknown>> {
  const { isError, structuredContent } = await fixture.call(name, { ...args });
  expect(isError, name).toBeFalsy();
  return structuredContent ?? {};
}

/** Calls twice from a client that cannot ask a person: for the plan with its code, then with that code. */
async function withCode(fixture: Fixture, name: string, args: object): Promise<void> {
  const client = await fixture.connect();
  const confirm = codeOf(await callTool(client, name, args));
  const { isError } = await callTool(client, name, { ...args, confirm });
  expect(isError, name).toBeFalsy();
}

/** Tasks of analysts as an agent carries them out, in a fixture where every write has to be confirmed. */
export const TASKS: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'what is open': async (fixture) => {
    await done(fixture, 'mdca_get_open_alerts', {});
  },
  'read the resource': async (fixture) => {
    await fixture.client.readResource({ uri: 'mdca://alerts/open' });
  },
  'anything new': async (fixture) => {
    const { cursor } = await done(fixture, 'mdca_wait_for_alerts', { wait_seconds: 0 });
    await done(fixture, 'mdca_wait_for_alerts', { wait_seconds: 0, cursor });
  },
  'triage one alert, the person confirms': async (fixture) => {
    const { alerts } = await done(fixture, 'mdca_get_open_alerts', { limit: 20 });
    const [alert] = Array.isArray(alerts) ? alerts.filter(({ users }) => users?.length > 0) : [];
    await done(fixture, 'mdca_get_alert', { alert_id: alert.id });
    const verdict = { comment: 'Both addresses are ours.', reason: 'alert_is_not_accurate' };
    const closed = await done(fixture, 'mdca_close_alert_false_positive', { alert_ids: [alert.id], ...verdict });
    expect(closed).toMatchObject({ status: 'closed', closed: 1 });
  },
  'close all open alerts of the demo tenant, with a code': async (fixture) => {
    const alert_ids = openIds(fixture.emulator.state.alerts, 100);
    await withCode(fixture, 'mdca_dismiss_alert', { alert_ids, comment: 'Exercise' });
  },
  'switch a policy off, the person confirms': async (fixture) => {
    const policy_id = fixture.emulator.state.policies.find(({ enabled }) => enabled)?._id;
    await done(fixture, 'mdca_disable_policy', { policy_id });
  },
  'unsanction an app, with a code': (fixture) => withCode(fixture, 'mdca_tag_app_unsanctioned', { app_id: APP }),
};
