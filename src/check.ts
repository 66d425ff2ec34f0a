import type { App } from './app.ts';
import { faultText, toFault } from './errors.ts';

/** One read of the tenant, told to a person. `ok` decides the exit code. */
export async function check(app: App, origin: string): Promise<{ ok: boolean; text: string }> {
  try {
    const { value } = await app.probe(AbortSignal.timeout(60_000));
    const open = value.total === undefined ? '' : ` ${value.total} alerts are open.`;
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
