import type { Methods } from '../../src/mcp/methods.ts';
import { readRequest } from '../../src/mcp/modern/request.ts';
import { createModernServer } from '../../src/mcp/modern/server.ts';
import type { Identity } from '../../src/tool/caller.ts';
import { JSON_HEADERS } from '../door.ts';
import { phraseOf } from '../writes/writing.ts';

export const REVISION = '2026-07-28';
const PREFIX = 'io.modelcontextprotocol/';

/** The `_meta` of a request. */
export function metaOf(capabilities: object = {}, more: object = {}) {
  return {
    [`${PREFIX}protocolVersion`]: REVISION,
    [`${PREFIX}clientCapabilities`]: capabilities,
    [`${PREFIX}clientInfo`]: { name: 'wire', version: '1' },
    ...more,
  };
}

export const ASKS = { elicitation: { form: {} } };

export interface Answered {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message?: string; readonly data?: unknown };
}

interface SendOptions {
  readonly capabilities?: object;
  readonly meta?: object;
  readonly identity?: Identity;
  readonly signal?: AbortSignal;
  readonly notify?: (message: object) => void;
}

/** The server of revision 2026-07-28 in this process, without a door. */
export function createWire(methods: Methods) {
  const server = createModernServer(methods);
  let last = 0;
  const send = async (method: string, params: object = {}, options: SendOptions = {}): Promise<Answered> => {
    const { capabilities, meta, identity, signal = new AbortController().signal, notify = () => {} } = options;
    const message = { jsonrpc: '2.0', id: ++last, method, params: { ...params, _meta: metaOf(capabilities, meta) } };
    const read = readRequest(JSON.parse(JSON.stringify(message)));
    if ('refused' in read) return read.refused;
    const session = () => `none ${identity?.id ?? ''}`;
    // As JSON, so that the test sees what the client would.
    return JSON.parse(JSON.stringify(await server.answer(read.request, { session, identity, signal, notify })));
  };
  const call = (name: string, args: object, more: object = {}, options: SendOptions = {}) =>
    send('tools/call', { name, arguments: args, ...more }, { capabilities: ASKS, ...options });
  return { server, send, call };
}

/** The question of an answer, and what answers it. */
export function questionOf({ result }: Answered) {
  const { resultType, inputRequests, requestState } = result ?? {};
  const message = (inputRequests as { confirmation: { params: { message: string } } })?.confirmation.params.message;
  const phrase = phraseOf(message ?? '');
  const accept = (content: unknown) => ({ confirmation: { action: 'accept', content } });
  return { resultType, requestState: String(requestState), accept, agreed: accept({ phrase }) };
}

/** Calls a tool at a door over HTTP, as a client that can put a question to a person. */
export async function postModern(url: string, name: string, args: object, more = {}, headers = {}): Promise<Answered> {
  const params = { name, arguments: args, ...more, _meta: metaOf(ASKS) };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const own = { 'mcp-protocol-version': REVISION, 'mcp-method': 'tools/call', 'mcp-name': name };
  const response = await fetch(url, { method: 'POST', headers: { ...JSON_HEADERS, ...own, ...headers }, body });
  return JSON.parse((await response.text()).replace(/^.*?data: /s, ''));
}
