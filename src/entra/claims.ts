import { RESOURCE } from './resource.ts';

/** What a token says about itself. It is ours, so nobody has to prove it here; the service does. */
export interface Claims {
  /** Application permissions (`roles`) or delegated ones (`scp`); undefined if the token does not tell. */
  readonly granted: readonly string[] | undefined;
  /** For `check`. */
  readonly application: string;
  readonly person: string | undefined;
  readonly tenant: string;
}

/** Reads the payload of an access token. A token that is no JWT tells nothing. */
export function readClaims(token: string): Claims {
  const payload = payloadOf(token);
  const lists = [payload.roles, typeof payload.scp === 'string' ? payload.scp.split(' ') : undefined];
  const isTold = lists.some(Array.isArray) || textOf(payload.aud).includes(RESOURCE);
  const granted = lists.flat().filter((name): name is string => typeof name === 'string' && /^[\w.]+$/.test(name));
  const name = textOf(payload.app_displayname);
  const id = textOf(payload.appid) || textOf(payload.azp);
  return {
    granted: isTold ? granted : undefined,
    application: name && id ? `${name} (${id})` : name || id,
    person: textOf(payload.upn) || textOf(payload.preferred_username) || textOf(payload.unique_name) || undefined,
    tenant: textOf(payload.tid),
  };
}

function payloadOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Printable characters only: it may be shown at a terminal. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[^\x20-\x7e]/g, '').slice(0, 120) : '';
}
