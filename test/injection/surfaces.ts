import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { callTool, type Fixture, textOf } from '../fixture.ts';
import { ALERT, APP, POLICY, USER } from './ids.ts';
import { parsed } from './json.ts';
import type { Collection } from './tenant.ts';

/** What a client is given at once: words, a value, or both. */
export interface Reply {
  readonly text: string;
  readonly value?: unknown;
}

/** A fixture with two sessions: of a client that cannot ask, and of one whose person declines. */
export interface Room {
  readonly fixture: Fixture;
  readonly asking: Client;
  /** The last question that was put, the form with it. */
  readonly asked: () => Reply;
  /** From before any alert was there. */
  readonly cursor: string;
}

/** One way in which records reach an agent or a person. */
export interface Surface {
  readonly name: string;
  readonly collection: Collection;
  /** Shows many records at once, in words. */
  readonly isList: boolean;
  /** Differs in its verb alone from another, so that one field will do. */
  readonly isLikeAnother?: boolean;
  /** Needs a server that writes at once. */
  readonly writes?: boolean;
  ask(room: Room): Promise<Reply[]>;
}

/** Most alerts of one answer of the tool that waits. */
const WAITED = 100;

const COMMENT = 'Known to the owner';

export async function toolReply(client: Client, name: string, args: object): Promise<Reply> {
  const result = await callTool(client, name, args);
  return { text: textOf(result), value: result.structuredContent };
}

export async function resourceReply(client: Client, uri: string): Promise<Reply> {
  try {
    const { contents } = await client.readResource({ uri });
    return { text: '', value: contents.map((content) => ('text' in content ? parsed(content.text) : undefined)) };
  } catch (error) {
    if (error instanceof McpError) return { text: error.message };
    throw error;
  }
}

/** What a tool answers to a client that cannot ask, and what a person is asked by one that can. */
function tool(surface: Omit<Surface, 'ask'>, args: (fixture: Fixture) => object): Surface {
  const name = surface.name.replace(/,.*$/u, '');
  return { ...surface, ask: async ({ fixture }) => [await toolReply(fixture.client, name, args(fixture))] };
}

function question(surface: Omit<Surface, 'ask'>, args: (fixture: Fixture) => object): Surface {
  const name = surface.name.replace(/,.*$/u, '');
  return {
    ...surface,
    ask: async ({ fixture, asking, asked }) => [await toolReply(asking, name, args(fixture)), asked()],
  };
}

const allAlerts = ({ emulator }: Fixture) => ({
  alert_ids: emulator.state.alerts.map(({ _id }) => _id),
  comment: COMMENT,
});
const ALERTS = { collection: 'alerts', isList: true } as const;
const onePolicy = () => ({ policy_id: POLICY });
const oneApp = () => ({ app_id: APP });

export const SURFACES: readonly Surface[] = [
  tool({ name: 'mdca_get_open_alerts', collection: 'alerts', isList: true }, () => ({
    limit: 1000,
    detail: 'full',
  })),
  { name: 'mdca_wait_for_alerts', collection: 'alerts', isList: true, ask: arrivals },
  {
    name: 'mdca://alerts/open',
    collection: 'alerts',
    isList: false,
    ask: async ({ fixture }) => [await resourceReply(fixture.client, 'mdca://alerts/open')],
  },
  {
    name: 'mdca://alerts/{alert_id}',
    collection: 'alerts',
    isList: false,
    ask: async ({ fixture }) => [await resourceReply(fixture.client, `mdca://alerts/${ALERT}`)],
  },
  tool({ name: 'mdca_close_alert_benign, plan', ...ALERTS }, allAlerts),
  tool({ name: 'mdca_close_alert_false_positive, plan', ...ALERTS, isLikeAnother: true }, allAlerts),
  tool({ name: 'mdca_resolve_alert, plan', ...ALERTS, isLikeAnother: true }, allAlerts),
  question({ name: 'mdca_close_alert_true_positive, question', ...ALERTS }, allAlerts),
  question({ name: 'mdca_dismiss_alert, question', ...ALERTS, isLikeAnother: true }, allAlerts),
  tool({ name: 'mdca_get_activities', collection: 'activities', isList: true }, () => ({ user_id: USER, limit: 1000 })),
  tool({ name: 'mdca_get_policy', collection: 'policies', isList: false }, onePolicy),
  tool({ name: 'mdca_disable_policy, plan', collection: 'policies', isList: false }, onePolicy),
  question({ name: 'mdca_disable_policy, question', collection: 'policies', isList: false }, onePolicy),
  tool({ name: 'mdca_enable_policy, unchanged', collection: 'policies', isList: false }, onePolicy),
  tool({ name: 'mdca_disable_policy, done', collection: 'policies', isList: false, writes: true }, onePolicy),
  tool({ name: 'mdca_tag_app_sanctioned, plan', collection: 'apps', isList: false }, oneApp),
  question({ name: 'mdca_tag_app_unsanctioned, question', collection: 'apps', isList: false }, oneApp),
  tool({ name: 'mdca_tag_app_sanctioned, done', collection: 'apps', isList: false, writes: true }, oneApp),
];

async function arrivals({ fixture, cursor }: Room): Promise<Reply[]> {
  const replies: Reply[] = [];
  let from: unknown = cursor;
  for (let left = fixture.emulator.state.alerts.length; left > 0; left -= WAITED) {
    const args = { cursor: from, limit: WAITED, wait_seconds: 0 };
    const result = await callTool(fixture.client, 'mdca_wait_for_alerts', args);
    from = result.structuredContent?.cursor;
    replies.push({ text: textOf(result), value: { ...result.structuredContent, cursor: '' } });
  }
  return replies;
}
