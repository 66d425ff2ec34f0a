import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Answer, Caller } from '../call.ts';
import { CODES, type Code, toFault } from '../errors.ts';
import { callerOf } from './caller.ts';

/** What the resources show, each read afresh. @throws Fault */
export interface Resources {
  openAlerts(caller: Caller): Promise<Answer>;
  alert(alertId: string, caller: Caller): Promise<Answer>;
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
export function addResources(server: Server, resources: Resources, banner: string | undefined): void {
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [OPEN] }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [ALERT] }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const id = /^mdca:\/\/alerts\/([^/?#]+)$/.exec(uri)?.[1];
    if (id === undefined) throw unknown(uri);
    try {
      const caller = callerOf(extra);
      const { value } = id === 'open' ? await resources.openAlerts(caller) : await resources.alert(id, caller);
      const text = JSON.stringify(banner === undefined ? value : { notice: banner, ...value });
      return { contents: [{ uri, mimeType: 'application/json', text }] };
    } catch (error) {
      throw resourceError(error, uri);
    }
  });
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
