import { isObject } from '../json_object.ts';
import { awaitedId, cancelledId, type ErrorAnswer, errorAnswer, RPC } from '../json_rpc.ts';
import type { Methods } from '../methods.ts';
import { isModern, readRequest } from '../modern/request.ts';
import type { ModernServer } from '../modern/server.ts';

/** The messages of revision 2026-07-28 on a connection that others may use, too. */
export interface ModernLines {
  /** @returns false for a message of an earlier revision, and for one that may concern those as well */
  take(value: unknown): boolean;
  /** The error for a message of this revision that stands in a batch, which the revision does not have. */
  refusalOfMember(value: unknown): ErrorAnswer | undefined;
  /** Answers subscriptions, which would go on otherwise. */
  end(): void;
  /** Resolves when everything that was taken has begun. */
  settled(): Promise<unknown>;
}

/** What serves these messages is loaded with the first of them. */
export function createModernLines(methods: Methods, write: (message: object) => void): ModernLines {
  let loading: Promise<ModernServer> | undefined;
  const session = createSessionId();
  // A client that uses an id again while it is in use cancels all that have it.
  const open = new Set<{ readonly id: unknown; readonly controller: AbortController }>();
  const load = () => {
    loading ??= import('../modern/server.ts').then(({ createModernServer }) => createModernServer(methods));
    return loading;
  };
  const begin = (value: unknown) => {
    const read = readRequest(value);
    if ('refused' in read) return write(read.refused);
    const { request } = read;
    const controller = new AbortController();
    const { signal } = controller;
    const entry = { id: request.id, controller };
    open.add(entry);
    const exchange = { session, signal, notify: (message: object) => void (signal.aborted || write(message)) };
    void load()
      .then((server) => server.answer(request, exchange))
      .catch(() => errorAnswer(request.id, RPC.internalError, 'This revision cannot be served now.'))
      .then((answer) => {
        open.delete(entry);
        if (!signal.aborted) write(answer);
      });
  };
  return {
    settled: async () => loading,
    end: () => void loading?.then((server) => server.end()),
    refusalOfMember: (value) =>
      isModern(value)
        ? errorAnswer(awaitedId(value), RPC.invalidRequest, 'A batch is of earlier revisions.')
        : undefined,
    take(value) {
      const id = cancelledId(value);
      const cancelled = id === undefined ? [] : [...open].filter((entry) => entry.id === id);
      for (const entry of cancelled) {
        open.delete(entry);
        entry.controller.abort();
      }
      if (!isModern(value)) return false;
      // There is no other notification in this revision that a server must know.
      if (isObject(value) && value.id !== undefined) begin(value);
      return true;
    },
  };
}

/** An id of this connection, created on first use, because that loads much of node:crypto. */
function createSessionId(): () => string {
  let id: string | undefined;
  return () => {
    id ??= crypto.randomUUID();
    return id;
  };
}
