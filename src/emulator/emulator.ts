import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isIPv6 } from 'node:net';
import { READER_TOKEN } from './access.ts';
import { createAlertSource } from './control/alerts.ts';
import { createControl } from './control/control.ts';
import type { InjectedFault } from './faults/injected_fault.ts';
import { createFaultQueue } from './faults/queue.ts';
import { createListener } from './listener.ts';
import { type EmulatorOptions, type Settings, toSettings } from './options.ts';
import type { RecordedRequest } from './requests.ts';
import { createService } from './service.ts';
import type { State } from './state.ts';
import type { Raise } from './tenant/raise.ts';
import { createTenant } from './tenant/tenant.ts';

export type { EmulatorOptions, InjectedFault };

/** How long an idle connection is kept, ms: longer than clients keep theirs, so that they do not use a closed one. */
const KEEP_ALIVE = 60_000;

/** A running emulator of the MDCA REST service (docs/defender-api.md). */
export interface Emulator {
  /** Without a trailing slash. */
  url: string;
  /** May do everything. */
  token: string;
  /** May only read; writes answer 403. */
  readerToken: string;
  /** Its throttle; 0: none. */
  callsPerMinute: number;
  /** The tenant, live and mutable. */
  state: State;
  /** Every request to the API, in order of arrival. */
  requests: RecordedRequest[];
  /** Queues a fault. The first that matches a request is applied to it, before token and throttle are checked. */
  fault(fault: InjectedFault): void;
  clearFaults(): void;
  /** Stops at once, hanging requests included. */
  close(): Promise<void>;
}

/** Starts an emulator whose tenant's times are relative to the start. Rejects when it cannot listen. */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = toSettings(options);
  const { now, host, port, token } = settings;
  const { state, raise } = createTenant(now(), settings);
  const faults = createFaultQueue();
  const requests: RecordedRequest[] = [];
  const closing = new AbortController();
  startArrivals(settings, raise, closing.signal);
  const control = createControl({ state, raise, faults, requests, now });
  const api = createService(settings, state);
  const server = createServer(createListener({ api, control, faults, requests, now, signal: closing.signal }));
  server.keepAliveTimeout = KEEP_ALIVE;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: toUrl(server, host),
    token,
    readerToken: READER_TOKEN,
    callsPerMinute: settings.callsPerMinute,
    state,
    requests,
    fault: faults.add,
    clearFaults: faults.clear,
    async close() {
      closing.abort();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Raises an alert every `alertEvery` ms until the signal is aborted; the timers do not keep the process alive. */
function startArrivals({ alertEvery, now }: Settings, raise: Raise, signal: AbortSignal): void {
  if (alertEvery === 0) return;
  const raiseAlert = createAlertSource(raise, now);
  const schedule = (ms: number) => {
    const timer = setTimeout(() => {
      raiseAlert('');
      schedule(alertEvery);
    }, ms).unref();
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  schedule(alertEvery / 10);
}

function toUrl(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
