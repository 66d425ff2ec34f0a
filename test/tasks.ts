import { expect } from 'vitest';
import { callTool, type House } from './house.ts';
import { codeOf, openIds } from './writes/writing.ts';

const APP = 35845;

async function done(house: House, name: string, args: object): Promise<Record<string, unknown>> {
  const { isError, structuredContent } = await house.call(name, { ...args });
  expect(isError, name).toBeFalsy();
  return structuredContent ?? {};
}

/** The same call twice from a client that cannot ask: for the plan and its code, and to carry it out. */
async function withCode(house: House, name: string, args: object): Promise<void> {
  const client = await house.connect();
  const confirm = codeOf(await callTool(client, name, args));
  const { isError } = await callTool(client, name, { ...args, confirm });
  expect(isError, name).toBeFalsy();
}

/** What analysts ask for, as an agent does it, in a house that has a write confirmed. */
export const TASKS: Readonly<Record<string, (house: House) => Promise<void>>> = {
  'what is open': async (house) => {
    await done(house, 'mdca_get_open_alerts', {});
  },
  'read the resource': async (house) => {
    await house.client.readResource({ uri: 'mdca://alerts/open' });
  },
  'anything new': async (house) => {
    const { cursor } = await done(house, 'mdca_wait_for_alerts', { wait_seconds: 0 });
    await done(house, 'mdca_wait_for_alerts', { wait_seconds: 0, cursor });
  },
  'triage one alert, the person confirms': async (house) => {
    const { alerts } = await done(house, 'mdca_get_open_alerts', { limit: 20 });
    const [alert] = Array.isArray(alerts) ? alerts.filter(({ users }) => users.length > 0) : [];
    await done(house, 'mdca_get_activities', { user_id: alert.users[0].id });
    await done(house, 'mdca_get_policy', { policy_id: alert.policy.id });
    const verdict = { comment: 'Both addresses are ours.', reason: 'alert_is_not_accurate' };
    const closed = await done(house, 'mdca_close_alert_false_positive', { alert_ids: [alert.id], ...verdict });
    expect(closed).toMatchObject({ status: 'closed', closed: 1 });
  },
  'close all open alerts of the demo tenant, with a code': async (house) => {
    const alert_ids = openIds(house.emulator.state.alerts, 100);
    await withCode(house, 'mdca_dismiss_alert', { alert_ids, comment: 'Exercise' });
  },
  'switch a policy off, the person confirms': async (house) => {
    const policy_id = house.emulator.state.policies.find(({ enabled }) => enabled)?._id;
    await done(house, 'mdca_disable_policy', { policy_id });
  },
  'unsanction an app, with a code': (house) => withCode(house, 'mdca_tag_app_unsanctioned', { app_id: APP }),
};
