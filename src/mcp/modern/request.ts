import type { Identity } from '../../tool/caller.ts';
import { isObject, type JsonObject, presentMembers } from '../json_object.ts';
import { type ErrorAnswer, errorAnswer, type Id, idOf, RPC } from '../json_rpc.ts';
import { readParams } from '../read_params.ts';

/** The revision of the protocol that this folder serves. */
export const REVISION = '2026-07-28';

/** Members of `_meta` that the protocol defines. */
export const META = {
  revision: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** A request that says of itself all that is needed to answer it. */
export interface ModernRequest {
  readonly id: Id;
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: JsonObject;
  /** As the client names it; it may be one that this server does not know. */
  readonly revision: string;
  readonly capabilities: JsonObject;
}

/** What a door knows of a request besides the request. */
export interface Exchange {
  /** What the codes of a caller without a session are bound to. */
  readonly session: () => string;
  readonly identity?: Identity | undefined;
  /** Aborted when the client does not wait for the answer any more. */
  readonly signal: AbortSignal;
  /** Sends a notification before the answer. */
  readonly notify: (notification: object) => void;
}

/** Methods of earlier revisions that this one does not have. They are unknown, whatever their params are. */
const REMOVED: ReadonlySet<string> = new Set(['initialize', 'resources/subscribe', 'resources/unsubscribe']);

/** Reads a message of this era. @returns the error that answers it if it is not a whole request */
export function readRequest(value: unknown): { request: ModernRequest } | { refused: ErrorAnswer } {
  if (!isObject(value)) return refuse(undefined, RPC.invalidRequest, 'A message must be an object.');
  const { jsonrpc, id, method } = value;
  if (jsonrpc !== '2.0' || typeof method !== 'string') {
    return refuse(value, RPC.invalidRequest, 'A request needs "jsonrpc" as "2.0" and a method that is text.');
  }
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) {
    return refuse(value, RPC.invalidRequest, 'The id of a request must be text or a whole number below 2 to the 53.');
  }
  const asked = revisionOf(value);
  // A client of another revision is told which one is served, whatever else its messages have or leave out.
  if (asked !== undefined && asked !== REVISION) {
    return { request: { id: idOf(value) ?? '', method, params: {}, meta: {}, revision: asked, capabilities: {} } };
  }
  const read = readParams(REMOVED.has(method) ? '' : method, value.params);
  if ('wrong' in read) return refuse(value, RPC.invalidParams, read.wrong);
  const { _meta, ...params } = read.params ?? {};
  const meta = presentMembers(_meta);
  const { [META.revision]: revision } = meta;
  if (typeof revision !== 'string') return refuse(value, RPC.invalidParams, `_meta needs ${META.revision} as text.`);
  const { [META.clientCapabilities]: capabilities } = meta;
  if (!isObject(capabilities)) {
    return refuse(value, RPC.invalidParams, `_meta needs ${META.clientCapabilities} as an object.`);
  }
  return { request: { id: idOf(value) ?? '', method, params, meta, revision, capabilities } };
}

/** Whether a message speaks this era: it names the revision in `_meta`, or uses a method that only this era has. */
export function isModern(value: unknown): boolean {
  if (!isObject(value)) return false;
  return value.method === 'server/discover' || value.method === 'subscriptions/listen' || namesRevision(value);
}

/** The client has named a revision in the message, whichever and in whatever form. */
function namesRevision({ params }: JsonObject): boolean {
  return isObject(params) && isObject(params._meta) && META.revision in params._meta;
}

function revisionOf({ params }: JsonObject): string | undefined {
  const { [META.revision]: revision } = isObject(params) ? presentMembers(params._meta) : {};
  return typeof revision === 'string' ? revision : undefined;
}

function refuse(value: JsonObject | undefined, code: number, message: string): { refused: ErrorAnswer } {
  return { refused: errorAnswer(value && idOf(value), code, message) };
}
