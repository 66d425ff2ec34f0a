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
  /** A replica asks whether it may answer a request. It may if the client still waits, once. */
  go(call: string, nonce: string): void;
  /** Nothing more will come of an answer. */
  lose(call: string): void;
}

/** How often replicas that owe an answer are looked for, ms. */
const LOOK_MS = 1_000;
/** After which a replica is asked whether the rest of an answer is still to come, ms. */
const QUIET_MS = 3_000;

interface OpenCall {
  readonly replica: string;
  readonly take: (part: AnswerPart) => void;
  readonly fail: () => void;
  /** Since when nothing has come of what it was told. */
  quietSince: number;
  isAnswered: boolean;
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
    const now = performance.now();
    for (const [call, each] of open) {
      if (now - each.quietSince < QUIET_MS) continue;
      each.quietSince = now;
      void office.send(each.replica, { kind: 'open', call, from: own });
    }
  };
  setInterval(() => void look(), LOOK_MS).unref();
  return {
    take(part) {
      const call = open.get(part.call);
      if (call) call.quietSince = performance.now();
      call?.take(part);
    },
    go(name, nonce) {
      const call = open.get(name);
      if (!call || call.isAnswered) return;
      call.isAnswered = true;
      office.send(call.replica, { kind: 'go', nonce }).then((isTold) => isTold || call.fail());
    },
    lose: (call) => open.get(call)?.fail(),
    async ask(replica, method, { headers, identity, text }) {
      const call = randomUUID();
      const body = method === 'POST' ? await text() : undefined;
      const cancel = () => {
        open.delete(call);
        void office.send(replica, { kind: 'cancel', call });
      };
      const answer = createAnswer(cancel, () => open.delete(call));
      const waiting = { replica, ...answer, quietSince: Number.POSITIVE_INFINITY, isAnswered: false };
      open.set(call, waiting);
      const kept = Object.fromEntries([...headers].filter(([name]) => KEPT.has(name)));
      const message = { kind: 'request', call, from: own, method, headers: kept, identity, body } as const;
      const isTold = await office.send(replica, message);
      waiting.quietSince = performance.now();
      // What is answered there must not be done here as well.
      if (isTold || waiting.isAnswered) return answer.response;
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

/** How much may wait for a client that does not read, in bytes. */
const MAX_UNREAD = 4 * 1024 * 1024;

/** Puts the parts of one answer together. */
function createAnswer(onCancel: () => void, onEnd: () => void) {
  let next = 0;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let resolve: (response: Response) => void = () => {};
  const response = new Promise<Response>((resolver) => {
    resolve = resolver;
  });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      start: (own) => {
        controller = own;
      },
      cancel: onCancel,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD }),
  );
  /** What was begun breaks off, so that the client can tell it from an end. */
  const fail = () => {
    onEnd();
    resolve(httpError(503, 'The server that holds this session gave no whole answer; the outcome is unknown.'));
    controller?.error(new Error('the other replica has given no whole answer'));
  };
  return {
    response,
    fail,
    take(part: AnswerPart) {
      if (part.part < next) return;
      const isUnread = part.kind === 'chunk' && (controller?.desiredSize ?? 0) <= 0;
      // A part before it was lost, or the client does not read.
      if (part.part > next || isUnread) {
        onCancel();
        return fail();
      }
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
  };
}
