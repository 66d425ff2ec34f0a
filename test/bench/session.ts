import { setTimeout as delay } from 'node:timers/promises';
import { type Command, launch, type Running } from './rpc.ts';

/** How long a server may take for one answer, ms; after that it counts as failed. */
const PATIENCE_MS = 60_000;
/** The first id has digits that occur nowhere else in an answer. */
const FIRST_ID = 900_001;

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
};

interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: { readonly properties?: Readonly<Record<string, unknown>> };
}

/** The members of results that are read; each result has some of them. */
export interface Result {
  readonly tools?: readonly Tool[];
  readonly nextCursor?: string;
  readonly isError?: boolean;
  readonly content?: readonly { readonly text?: string }[];
  readonly contents?: readonly { readonly text?: string }[];
  readonly structuredContent?: {
    readonly alerts?: readonly Alert[];
    readonly cursor?: string;
    readonly has_more?: boolean;
  };
}

interface Alert {
  readonly id: string;
  /** In the trigger's payload. */
  readonly ProviderAlertId: string;
  readonly policy?: { readonly id: string };
  readonly users: readonly { readonly id: string }[];
}

interface Message {
  readonly id?: number;
  readonly result: Result;
  readonly error?: { readonly message: string };
}

/** One answer: when it was there (ms), the line as it came, and its result. */
export interface Answer {
  readonly id: number;
  readonly at: number;
  readonly line: Buffer;
  readonly result: Result;
}

export interface Session {
  readonly running: Running;
  request(method: string, params: object): Promise<Answer>;
}

/** A session from the start of its process to the answer of `tools/list`. */
export interface Opened extends Session {
  /** ms since the start of the process */
  readonly initializedAfter: number;
  readonly listedAfter: number;
  readonly initialized: Answer;
  readonly listed: Answer;
  readonly tools: readonly Tool[];
}

/** Asks for `tools/list` by a first request of revision 2026-07-28. @throws Error that says why there is no answer */
export async function openModern(
  node: string,
  command: Command,
): Promise<Omit<Opened, 'initialized' | 'initializedAfter'>> {
  const began = performance.now();
  const running = launch(node, command);
  try {
    const request = createRequest(running);
    const listed = await request('tools/list', { _meta: MODERN_META });
    return { running, request, listedAfter: listed.at - began, listed, tools: listed.result.tools ?? [] };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** @throws Error that says why there is no session; the process is gone then */
export async function openSession(node: string, command: Command): Promise<Opened> {
  const began = performance.now();
  const running = launch(node, command);
  try {
    return await greet({ running, request: createRequest(running) }, began);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function greet(session: Session, began: number): Promise<Opened> {
  const initialized = await session.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  });
  session.running.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  let listed = await session.request('tools/list', {});
  const tools = [...(listed.result.tools ?? [])];
  while (listed.result.nextCursor !== undefined) {
    listed = await session.request('tools/list', { cursor: listed.result.nextCursor });
    tools.push(...(listed.result.tools ?? []));
  }
  const initializedAfter = initialized.at - began;
  return { ...session, initializedAfter, listedAfter: listed.at - began, initialized, listed, tools };
}

/** Makes `request`, which parses each line as it comes, so it is not for times to the microsecond. */
function createRequest(running: Running): Session['request'] {
  let last = FIRST_ID - 1;
  return async (method, params) => {
    const id = ++last;
    const answered = new Promise<Answer>((settle, refuse) => {
      running.onLine((line) => {
        const at = performance.now();
        const message = parsed(line);
        if (message?.id !== id) return;
        if (message.error) refuse(new Error(`answers ${method} with the error "${message.error.message}"`));
        else settle({ id, at, line, result: message.result });
      });
    });
    running.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return orEnd(running, answered, `has not answered ${method} within ${PATIENCE_MS / 1000} s`);
  };
}

/** Waits for a result. @throws Error where the process ends or PATIENCE_MS pass before that */
async function orEnd<T>(running: Running, awaited: Promise<T>, late: string): Promise<T> {
  const timer = new AbortController();
  const fail = (why: string): never => {
    throw new Error(why);
  };
  try {
    return await Promise.race([
      awaited,
      running.ended.then(fail),
      delay(PATIENCE_MS, late, { signal: timer.signal }).then(fail),
    ]);
  } finally {
    timer.abort();
  }
}

function parsed(line: Buffer): Message | undefined {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
}
