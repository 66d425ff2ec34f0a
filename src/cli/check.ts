import type { Tenant } from '../config/config.ts';
import { faultText, toFault } from '../core/errors.ts';
import type { App } from './app.ts';
import { toolList } from './tool_list.ts';

interface Checked {
  readonly ok: boolean;
  readonly text: string;
}

/** Reads the tenant once, the audit trail, and what is shared over Redis, for a person. `ok` decides the exit code. */
export async function check(app: App, tenant: Tenant): Promise<Checked> {
  const before = await app.redisReport?.();
  // No call would leave, and each would wait for a share in the budget first.
  if (before && !before.ok) return { ok: false, text: `FAILED: ${tenant.origin} was not asked.\n${before.text}` };
  const read = await checkTenant(app, tenant);
  // Only now is this process surely among those that share.
  const redis = await app.redisReport?.();
  const fault = await app.trailFault();
  const trail = fault && { ok: false, text: `Audit trail: FAILED. ${fault.detail} Every write is refused.` };
  const all = [read, trail, redis].filter((checked) => checked !== undefined);
  return { ok: all.every(({ ok }) => ok), text: all.map(({ text }) => text).join('\n') };
}

/** Longer than a code of Entra is good, ms: a person enters it meanwhile, and another start would show another code. */
const PERSON_MS = 1_000_000;

async function checkTenant(app: App, tenant: Tenant): Promise<Checked> {
  const { origin, entra } = tenant;
  const isPersonal = entra?.proof.kind === 'device';
  const signal = AbortSignal.timeout(isPersonal ? PERSON_MS : 60_000);
  try {
    if (isPersonal) await app.token?.(signal);
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
