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
  const name = textOf(payload.app_displayname);
  const id = textOf(payload.appid) || textOf(payload.azp);
  return {
    granted: grantedBy(payload),
    application: name && id ? `${name} (${id})` : name || id,
    person: textOf(payload.upn) || textOf(payload.preferred_username) || textOf(payload.unique_name) || undefined,
    tenant: textOf(payload.tid),
  };
}

type Payload = Readonly<Record<string, unknown>>;

/** Of a claim that is neither a list nor a text, nobody can say what it grants. */
function grantedBy({ roles, scp, aud }: Payload): readonly string[] | undefined {
  const lists = [roles, scp].filter((claim) => claim !== undefined && claim !== null).map(entriesOf);
  const isTold = lists.length > 0 ? !lists.includes(undefined) : textOf(aud).includes(RESOURCE);
  const names = lists.flatMap((list) => list ?? []).filter((name) => typeof name === 'string');
  return isTold ? names.filter((name) => /^[\w.]{1,80}$/.test(name)) : undefined;
}

function entriesOf(claim: unknown): readonly unknown[] | undefined {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim : undefined;
}

/** So many permissions are named; the service has fewer. */
const MAX_NAMED = 20;

/** For messages. */
export function namesOf(granted: readonly string[]): string {
  const more = granted.length > MAX_NAMED ? ` and ${granted.length - MAX_NAMED} more` : '';
  return granted.length === 0 ? 'none' : granted.slice(0, MAX_NAMED).join(', ') + more;
}

function payloadOf(token: string): Payload {
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
