import { randomUUID } from 'node:crypto';
import type { McpRoute } from '../http/mcp_route.ts';
import type { AnswerPart, RelayedRequest } from './messages.ts';
import type { PostOffice } from './post_office.ts';

/** Answers requests that clients have sent to other replicas. */
export interface Answerer {
  /** Asks the replica that has told of a request whether it still holds: Redis may tell it late, or somebody again. */
  receive(request: RelayedRequest): void;
  /** Answers the request that was asked about so, once. */
  answer(nonce: string): Promise<void>;
  /** The client has gone. */
  cancel(call: string): void;
  /** Tells a replica that waits for an answer if none will come: what is told while a connection ends can be lost. */
  sayIfOver(call: string, to: string): void;
}

/** How long a request waits for a word that it still holds, ms. */
const WAIT_MS = 10_000;

export function createAnswerer(route: McpRoute, office: PostOffice): Answerer {
  const open = new Map<string, AbortController>();
  const waiting = new Map<string, RelayedRequest>();
  return {
    receive(request) {
      const { call, from } = request;
      if (open.has(call)) return;
      const nonce = randomUUID();
      waiting.set(nonce, request);
      open.set(call, new AbortController());
      const forget = () => waiting.delete(nonce) && open.delete(call);
      setTimeout(forget, WAIT_MS).unref();
      void office.send(from, { kind: 'ready', call, nonce });
    },
    cancel: (call) => open.get(call)?.abort(),
    sayIfOver(call, to) {
      if (!open.has(call)) void office.send(to, { kind: 'over', call });
    },
    async answer(nonce) {
      const request = waiting.get(nonce);
      if (!request) return;
      waiting.delete(nonce);
      const { call, from, method, headers, identity, body } = request;
      const { signal } = open.get(call) ?? new AbortController();
      try {
        const response = await route[method]({
          headers: new Headers(headers),
          identity,
          text: async () => body,
          gone: () => signal,
        });
        await sendParts(partsOf(call, response, signal), (part) => office.send(from, part));
      } finally {
        open.delete(call);
      }
    },
  };
}

async function* partsOf(call: string, response: Response, gone: AbortSignal): AsyncGenerator<AnswerPart> {
  const { status } = response;
  yield { kind: 'head', call, part: 0, status, headers: Object.fromEntries(response.headers) };
  let part = 1;
  const reader = response.body?.getReader();
  const cancel = () => void reader?.cancel().catch(() => {});
  gone.addEventListener('abort', cancel);
  if (gone.aborted) cancel();
  const decoder = new TextDecoder();
  try {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      yield { kind: 'chunk', call, part: part++, text: decoder.decode(read.value, { stream: true }) };
    }
    yield { kind: 'end', call, part };
  } finally {
    // The replica that the client had reached does not listen any more.
    cancel();
  }
}

async function sendParts(parts: AsyncIterable<AnswerPart>, send: (part: AnswerPart) => Promise<boolean>) {
  for await (const part of parts) if (!(await send(part))) return;
}
