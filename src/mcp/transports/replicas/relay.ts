import { randomUUID } from 'node:crypto';
import type { McpRequest } from '../http/mcp_request.ts';
import { httpError } from '../http/read_request.ts';
import type { AnswerPart, RelayedRequest } from './messages.ts';
import type { PostOffice } from './post_office.ts';

/** Has other replicas answer requests that this one was sent. */
export interface Relay {
  /** @returns 'gone' if that replica does not listen */
  ask(replica: string, method: RelayedRequest['method'], request: McpRequest): Promise<Response | 'gone'>;
  /** Takes a part of an answer. */
  take(part: AnswerPart): void;
}

/** How often replicas that owe an answer are looked for, ms. */
const LOOK_MS = 1_000;

interface OpenCall {
  readonly replica: string;
  readonly take: (part: AnswerPart) => void;
  readonly fail: () => void;
}

/** @param own id of this replica */
export function createRelay(office: PostOffice, own: string): Relay {
  const open = new Map<string, OpenCall>();
  const look = async () => {
    for (const replica of new Set([...open.values()].map((call) => call.replica))) {
      // Without Redis, no answer can come any more.
      const isThere = await office.isThere(replica).catch(() => false);
      if (!isThere) for (const call of [...open.values()]) if (call.replica === replica) call.fail();
    }
  };
  setInterval(() => void look(), LOOK_MS).unref();
  return {
    take: (part) => open.get(part.call)?.take(part),
    async ask(replica, method, { headers, identity, text }) {
      const call = randomUUID();
      const body = method === 'POST' ? await text() : undefined;
      const cancel = () => {
        open.delete(call);
        void office.send(replica, { kind: 'cancel', call });
      };
      const answer = createAnswer(cancel, () => open.delete(call));
      open.set(call, { replica, ...answer });
      const kept = Object.fromEntries([...headers].filter(([name]) => KEPT.has(name)));
      const message = { kind: 'request', call, from: own, method, headers: kept, identity, body } as const;
      if (await office.send(replica, message)) return answer.response;
      open.delete(call);
      return 'gone';
    },
  };
}

/** All other headers have been dealt with here, such as the credential of the caller. */
const KEPT: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'last-event-id',
  'mcp-protocol-version',
  'mcp-session-id',
]);

/** Puts the parts of one answer together. */
function createAnswer(onCancel: () => void, onEnd: () => void) {
  let next = 0;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let resolve: (response: Response) => void = () => {};
  const response = new Promise<Response>((resolver) => {
    resolve = resolver;
  });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (own) => {
      controller = own;
    },
    cancel: onCancel,
  });
  return {
    response,
    take(part: AnswerPart) {
      if (part.part !== next) return;
      next++;
      if (part.kind === 'head') {
        const hasBody = part.status !== 204 && part.status !== 202;
        resolve(new Response(hasBody ? body : null, { status: part.status, headers: part.headers }));
      } else if (part.kind === 'chunk') controller?.enqueue(encoder.encode(part.text));
      else {
        onEnd();
        controller?.close();
      }
    },
    /** What was begun breaks off, so that the client can tell it from an end. */
    fail() {
      onEnd();
      resolve(httpError(503, 'The server that held this session has ended; the outcome of the request is unknown.'));
      controller?.error(new Error('the other replica has ended'));
    },
  };
}
