import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { compiled } from './paths.ts';

/** What the service has seen since it was last asked. */
export interface Seen {
  /** When requests came, ms. */
  readonly arrivals: readonly number[];
  /** The first of all. */
  readonly request:
    | {
        readonly method: string;
        readonly path: string;
        readonly headers: Readonly<Record<string, string | string[] | undefined>>;
        readonly body: string;
      }
    | undefined;
}

export interface Loopback {
  readonly origin: string;
  seen(): Promise<Seen>;
  stop(): void;
}

/** Starts the service in another process, so that it shares no event loop with this one. It ends with this process. */
export async function startService(alerts: number): Promise<Loopback> {
  const child = fork(compiled('service'), [String(alerts)]);
  const { origin } = await messageOf<{ origin: string }>(child);
  return {
    origin,
    seen() {
      const seen = messageOf<Seen>(child);
      child.send('seen');
      return seen;
    },
    stop: () => child.disconnect(),
  };
}

async function messageOf<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message');
  return message;
}
