import type { McpRoute } from '../http/mcp_route.ts';
import type { AnswerPart, RelayedRequest } from './messages.ts';
import type { PostOffice } from './post_office.ts';

/** Answers requests that clients have sent to other replicas. */
export interface Answerer {
  answer(request: RelayedRequest): Promise<void>;
  /** The client has gone. */
  cancel(call: string): void;
}

export function createAnswerer(route: McpRoute, office: PostOffice): Answerer {
  const open = new Map<string, AbortController>();
  return {
    cancel: (call) => open.get(call)?.abort(),
    async answer({ call, from, method, headers, identity, body }) {
      const gone = new AbortController();
      open.set(call, gone);
      try {
        const request = {
          headers: new Headers(headers),
          identity,
          text: async () => body,
          gone: () => gone.signal,
        };
        const response = await route[method](request);
        await sendParts(partsOf(call, response, gone.signal), (part) => office.send(from, part));
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
