import type { Log } from '../../core/log.ts';
import { cancelledId } from '../json_rpc.ts';
import type { Methods } from '../methods.ts';
import type { ValueTransport } from './value_transport.ts';

export interface LegacyLinesOptions {
  readonly methods: Methods;
  readonly transport: ValueTransport;
  readonly log: Log;
  readonly onFailed: (error: unknown) => void;
}

/** The messages of revisions before 2026-07-28 on a connection that others may use, too. */
export interface LegacyLines {
  take(value: unknown): void;
  /** Resolves when everything that was taken has been handed on. */
  settled(): Promise<unknown>;
}

/** What serves these messages is loaded with the first of them. */
export function createLegacyLines({ methods, transport, log, onFailed }: LegacyLinesOptions): LegacyLines {
  let loading: Promise<unknown> | undefined;
  /** What came while it is being loaded; undefined from then on. */
  let waiting: unknown[] | undefined = [];
  const connect = async () => {
    const { createLegacyServers } = await import('../legacy/server.ts');
    const server = createLegacyServers(methods)();
    // The content of a message is not logged.
    server.onerror = (error) => log.warn('protocol', { error });
    await server.connect(transport);
    for (const value of waiting ?? []) transport.onmessage?.(value);
    waiting = undefined;
  };
  return {
    settled: async () => loading,
    take(value) {
      // There is nothing to cancel yet.
      if (!loading && cancelledId(value) !== undefined) return;
      if (!waiting) return transport.onmessage?.(value);
      waiting.push(value);
      loading ??= connect().catch(onFailed);
    },
  };
}
