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

/** A process of its own, so that client, server and service do not share an event loop. It ends with this one. */
export async function startService(alerts: number): Promise<Loopback> {
  const child = fork(compiled('service'), [String(alerts)]);
  const { origin } = await told<{ origin: string }>(child);
  return {
    origin,
    seen() {
      const seen = told<Seen>(child);
      child.send('seen');
      return seen;
    },
    stop: () => child.disconnect(),
  };
}

async function told<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message');
  return message;
}
