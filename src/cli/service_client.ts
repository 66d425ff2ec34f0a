import type { Config, Tenant } from '../config/config.ts';
import { isLoopback } from '../config/tenant_url.ts';
import type { Metrics } from '../core/metrics.ts';
import { createAuth } from '../http/auth.ts';
import { createBudget } from '../http/budget/budget.ts';
import { createLocalGate } from '../http/budget/local_gate.ts';
import { createClient, type ServiceClient } from '../http/client.ts';
import { compose } from '../http/layers.ts';
import { createMeter } from '../http/meter.ts';
import { createRetry } from '../http/retry.ts';
import { createSender, type Sender } from '../http/send.ts';
import { createRoutes } from '../http/undocumented_routes.ts';
import type { Shared } from '../redis/shared.ts';
import type { LateSignIn } from './late_sign_in.ts';

export interface ServiceClientOptions {
  readonly config: Config;
  readonly tenant: Tenant;
  readonly shared?: Shared | undefined;
  readonly metrics?: Metrics | undefined;
}

export function createSenderTo(origin: string, { requestTimeoutMs }: Config): Sender {
  return createSender({ origin, timeoutMs: requestTimeoutMs, proxy: !isLoopback(new URL(origin).hostname) });
}

/** All that a request to the service passes. */
export function createServiceClient(
  { config, tenant, shared, metrics }: ServiceClientOptions,
  sender: Sender,
  signIn: LateSignIn | undefined,
): ServiceClient {
  const { origin, token } = tenant;
  const credential = signIn?.credential ?? (async () => ({ scheme: 'Token', secret: token }) as const);
  const budget = createBudget(shared?.gate ?? createLocalGate(config.callsPerMinute));
  // Nothing waits in the queue, or takes a slot of the budget, for a token.
  const signedIn = signIn ? [signIn.layer] : [];
  const meter = metrics && meterOf(metrics);
  const budgeted = meter ? [meter.outer, budget, meter.inner] : [budget];
  const layers = [createRetry(), ...signedIn, ...budgeted, createAuth(credential)];
  return createClient({ origin, send: compose(layers, sender.send), routes: createRoutes(config.routes) });
}

function meterOf({ count, waited }: Metrics): ReturnType<typeof createMeter> {
  return createMeter({
    onAnswer: (status) => count('mdca_service_requests_total', { status: String(status ?? 'none') }),
    onWaited: waited,
  });
}
