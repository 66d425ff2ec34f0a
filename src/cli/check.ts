import type { Tenant } from '../config/config.ts';
import { faultText, toFault } from '../core/errors.ts';
import type { App } from './app.ts';
import { toolList } from './tool_list.ts';

interface Checked {
  readonly ok: boolean;
  readonly text: string;
}

/** One read of the tenant, and what is shared over Redis, told to a person. `ok` decides the exit code. */
export async function check(app: App, tenant: Tenant): Promise<Checked> {
  const before = await app.redisReport?.();
  // No call would leave, and each would wait for a share in the budget first.
  if (before && !before.ok) return { ok: false, text: `FAILED: ${tenant.origin} was not asked.\n${before.text}` };
  const read = await checkTenant(app, tenant);
  // Only now is this process surely among those that share.
  const redis = await app.redisReport?.();
  return redis ? { ok: read.ok && redis.ok, text: `${read.text}\n${redis.text}` } : read;
}

async function checkTenant(app: App, tenant: Tenant): Promise<Checked> {
  const { origin } = tenant;
  const signal = AbortSignal.timeout(60_000);
  try {
    const content = await app.readResource('mdca://alerts/open', {}, { signal, progress: () => {} });
    const total = typeof content === 'object' ? content.total : undefined;
    const open = total === undefined ? '' : ` ${total} alerts are open.`;
    const rest = (await signInOf(app, tenant, signal)) ?? UNKNOWN_RIGHTS;
    return { ok: true, text: `OK: ${origin} answers, accepts the token, and lets it read alerts.${open}\n${rest}` };
  } catch (error) {
    const fault = toFault(error);
    const hasToken = fault.code !== 'sign_in_failed';
    const rest = hasToken ? await signInOf(app, tenant, signal).catch(() => undefined) : undefined;
    return { ok: false, text: [`FAILED: ${origin}`, faultText(fault), rest ?? ''].join('\n').trimEnd() };
  }
}

const UNKNOWN_RIGHTS = 'Whether the token may close alerts, change policies or tag apps shows only when it is used.';

/** As whom the server signs in by Entra, and what that permits; undefined where it uses an API token. */
async function signInOf({ token }: App, { entra }: Tenant, signal: AbortSignal): Promise<string | undefined> {
  if (!token || !entra) return undefined;
  const { signInReport } = await import('../entra/report.ts');
  const names = toolList.map(({ name }) => name);
  return signInReport(await token(signal), entra, names);
}
