import { faultText, toFault } from '../core/errors.ts';
import type { App } from './app.ts';

/** One read of the tenant, told to a person. `ok` decides the exit code. */
export async function check(app: App, origin: string): Promise<{ ok: boolean; text: string }> {
  try {
    const caller = { signal: AbortSignal.timeout(60_000), progress: () => {} };
    const content = await app.readResource('mdca://alerts/open', {}, caller);
    const total = typeof content === 'object' ? content.total : undefined;
    const open = total === undefined ? '' : ` ${total} alerts are open.`;
    return {
      ok: true,
      text:
        `OK: ${origin} answers, accepts the token, and lets it read alerts.${open}\n` +
        'Whether the token may close alerts, change policies or tag apps shows only when it is used.',
    };
  } catch (error) {
    return { ok: false, text: `FAILED: ${origin}\n${faultText(toFault(error))}` };
  }
}
