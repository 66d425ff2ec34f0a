import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Answer } from '../call.ts';
import type { Caller } from '../caller.ts';
import { CODES, type Code, toFault } from '../errors.ts';
import { callerOf, type Session } from './caller.ts';

/** What the resources show, each read afresh. @throws Fault */
export interface Resources {
  openAlerts(caller: Caller): Promise<Answer>;
  alert(alertId: string, caller: Caller): Promise<Answer>;
  /** Calls back on each change of `open` or of an alert; resolves to the end of it. */
  subscribe(what: string, changed: () => void): Promise<() => void>;
}

const OPEN = {
  uri: 'mdca://alerts/open',
  name: 'open-alerts',
  title: 'Latest open alerts',
  description: 'The 20 latest open alerts as JSON, read from the tenant each time.',
  mimeType: 'application/json',
};

const ALERT = {
  uriTemplate: 'mdca://alerts/{alert_id}',
  name: 'alert',
  title: 'One alert in full',
  description: 'One alert by its id as JSON, with description, state, evidence codes and who closed it.',
  mimeType: 'application/json',
};

/** Not in the SDK's list: the protocol's own code for a resource that is not there (specification 2025-11-25). */
const RESOURCE_NOT_FOUND = -32002;

/** Resource errors are JSON-RPC errors; `data` has the same code and remedy that a tool would give. */
export function addResources(session: Session, load: () => Promise<Resources>, banner: string | undefined): void {
  const { server } = session;
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [OPEN] }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [ALERT] }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const what = partOf(uri);
    try {
      const caller = callerOf(extra, session);
      const resources = await load();
      const { value } = what === 'open' ? await resources.openAlerts(caller) : await resources.alert(what, caller);
      const text = JSON.stringify(banner === undefined ? value : { notice: banner, ...value });
      return { contents: [{ uri, mimeType: 'application/json', text }] };
    } catch (error) {
      throw resourceError(error, uri);
    }
  });
  addSubscriptions(server, load);
}

/** Subscriptions live as long as their session. */
function addSubscriptions(server: Server, load: () => Promise<Resources>): void {
  const subscribed = new Map<string, Promise<() => void>>();
  const leave = async (uri: string) => {
    const left = subscribed.get(uri);
    subscribed.delete(uri);
    (await left)?.();
  };
  server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }) => {
    const what = partOf(uri);
    if (what !== 'open' && !ALERT_ID.test(what))
      throw new McpError(ErrorCode.InvalidParams, 'Not an alert id.', { uri });
    // A session that has closed hears no more, and that is no error.
    const changed = () => void server.sendResourceUpdated({ uri }).catch(() => {});
    if (!subscribed.has(uri)) {
      subscribed.set(
        uri,
        load().then(({ subscribe }) => subscribe(what.toLowerCase(), changed)),
      );
    }
    await subscribed.get(uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, async ({ params: { uri } }) => {
    await leave(uri);
    return {};
  });
  const closed = server.onclose;
  server.onclose = () => {
    for (const uri of subscribed.keys()) void leave(uri);
    closed?.();
  };
}

const ALERT_ID = /^[0-9a-f]{24}$/i;

/** `open` or an alert id. @throws McpError for a URI that is none of ours */
function partOf(uri: string): string {
  const part = /^mdca:\/\/alerts\/([^/?#]+)$/.exec(uri)?.[1];
  if (part === undefined) throw unknown(uri);
  return part;
}

function unknown(uri: string): McpError {
  const detail = `There is no such resource. Resources: ${OPEN.uri}, ${ALERT.uriTemplate}.`;
  return new McpError(RESOURCE_NOT_FOUND, detail, { uri });
}

const RPC_CODES: Partial<Record<Code, number>> = {
  invalid_input: ErrorCode.InvalidParams,
  not_found: RESOURCE_NOT_FOUND,
};

function resourceError(error: unknown, uri: string): McpError {
  const { code, detail, retryAfter } = toFault(error);
  const data = { uri, code, remedy: CODES[code].remedy, retry_after_seconds: retryAfter };
  return new McpError(RPC_CODES[code] ?? ErrorCode.InternalError, `${code}: ${detail}`, data);
}
