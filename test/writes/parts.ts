import * as z from 'zod';
import type { Entry, Trail } from '../../src/audit/trail.ts';
import { createLog } from '../../src/core/log.ts';
import { path } from '../../src/core/path.ts';
import type { ReadApi, ServiceClient, WriteApi } from '../../src/http/client.ts';
import { createRoutes } from '../../src/http/undocumented_routes.ts';
import type { Ask, Caller, Reply } from '../../src/tool/caller.ts';
import type { Plan, Target } from '../../src/tool/plan.ts';
import type { WriteTool } from '../../src/tool/tool.ts';

/** What happened, in the order in which it did: the parts below write into one such list. */
export type Events = string[];

export function targetOf(id: string, state = 'open', more: Partial<Target> = {}): Target {
  return { id, state, untrusted: {}, ...more };
}

export function planOf(targets: readonly Target[], more: Partial<Plan> = {}): Plan {
  return {
    phrase: `close ${targets.length}`,
    does: 'Close things.',
    targets,
    leftOut: [],
    current: { status: 'unchanged' },
    ...more,
  };
}

/** A tool whose plan has one target and whose commit sends one request. */
export function toolOf(overrides: Partial<WriteTool> = {}): WriteTool {
  return {
    name: 'mdca_close',
    group: 'manage',
    title: 'Close',
    description: 'Closes.',
    effect: 'write',
    input: z.object({}),
    output: z.object({}),
    example: {},
    targets: 'ids',
    plan: async () => planOf([targetOf('a')]),
    async commit({ targets }, _input, api) {
      await api.write(path`/close/`, z.unknown(), { ids: targets.map(({ id }) => id) });
      return { status: 'closed' };
    },
    after: ({ status }) => ({ a: String(status) }),
    ...overrides,
  };
}

export function createFakeTrail(events: Events, fails: (entry: Entry) => Error | undefined = () => undefined) {
  const entries: Entry[] = [];
  const trail: Trail = {
    async check() {
      events.push('check');
    },
    async append(entry) {
      // Not at once: what does not wait for the line is found out.
      await new Promise((resolve) => setImmediate(resolve));
      events.push(entry.event);
      const failure = fails(entry);
      if (failure) throw failure;
      entries.push(entry);
    },
  };
  return { trail, entries };
}

/** A client that answers every write with one status, or with a failure. */
export function createFakeClient(events: Events, status: number | Error = 200) {
  const bodies: object[] = [];
  const approved: (readonly string[])[] = [];
  const reader: ReadApi = {
    origin: 'https://tenant.example',
    routes: createRoutes(),
    progress: () => {},
    read: async (_path, schema) => schema.parse(undefined),
  };
  const client: ServiceClient = {
    reader: () => reader,
    writer(binding): WriteApi {
      approved.push([...binding.approved]);
      return {
        ...reader,
        async write(_path, schema, body) {
          events.push('sent');
          bodies.push(body);
          if (status instanceof Error) throw status;
          binding.onWritten(status);
          return schema.parse(undefined);
        },
      };
    },
  };
  return { client, reader, bodies, approved };
}

export function callerOf(more: Partial<Caller> = {}): Caller {
  return {
    signal: new AbortController().signal,
    progress: () => {},
    client: { session: 's1', name: 'inspector', version: '1.2' },
    ...more,
  };
}

/** A person who gives one answer, and what was shown to them. */
export function personWho(reply: Reply): { readonly ask: Ask; readonly asked: [message: string, field: string][] } {
  const asked: [string, string][] = [];
  const ask: Ask = async (message, field) => {
    asked.push([message, field]);
    return reply;
  };
  return { ask, asked };
}

/** A log, and its lines. */
export function createTestLog() {
  const lines: string[] = [];
  return { log: createLog('debug', (line) => lines.push(line)), lines };
}
