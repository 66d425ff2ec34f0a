import { createHmac, timingSafeEqual } from 'node:crypto';

/** All that is needed to serve a session; its id holds this, so no process has to remember it. */
export interface SessionRecord {
  /** Unique to the session. */
  readonly session: string;
  /** Of the protocol. */
  readonly revision: string;
  /** The client can put a question to a person. */
  readonly canAsk: boolean;
  readonly client: { readonly name: string; readonly version: string };
  /** When it was opened, ms since the epoch. */
  readonly since: number;
}

/** Writes and reads the ids that clients send as `Mcp-Session-Id`. */
export interface SessionIds {
  /** @param caller `id` of the caller that opened the session; empty where nobody has to sign in */
  write(record: SessionRecord, caller: string): string;
  /** Undefined for an id that was not signed with this key for this caller. */
  read(id: string, caller: string): SessionRecord | undefined;
}

/** An id stands in a header of every request, so what a client says about itself is cut to so many characters. */
const MAX_LENGTH = 60;
/** How many good ids are remembered. */
const MAX_CHECKED = 1_000;
/** Changes with the layout, so that an id of another layout is not read as one of this. */
const LAYOUT = 'mdca-session-2';

/**
 * An id is its record as JSON in Base64, and an HMAC-SHA256 over that and the caller. The caller does not stand in it,
 * because ids stand in the logs of proxies.
 */
export function createSessionIds(key: Buffer): SessionIds {
  const macOf = (record: string, caller: string) =>
    createHmac('sha256', key).update(`${LAYOUT}.${record}.${caller}`).digest('base64url');
  const check = (id: string, caller: string): SessionRecord | undefined => {
    const [encoded = ''] = id.split('.', 1);
    // The texts are compared, because several texts are the same bytes in Base64.
    const [given, own] = [id, `${encoded}.${macOf(encoded, caller)}`].map((text) => Buffer.from(text));
    if (!given || !own || given.length !== own.length || !timingSafeEqual(given, own)) return undefined;
    const [session, revision, canAsk, name, version, since] = JSON.parse(Buffer.from(encoded, 'base64url').toString());
    return { session, revision, canAsk, client: { name, version }, since };
  };
  /** A check takes a tenth of a call. */
  const checked = new Map<string, SessionRecord>();
  return {
    write({ session, revision, canAsk, client, since }, caller) {
      const [name, version] = [client.name, client.version].map((text) => text.slice(0, MAX_LENGTH));
      const record = JSON.stringify([session, revision, canAsk, name, version, since]);
      const encoded = Buffer.from(record).toString('base64url');
      return `${encoded}.${macOf(encoded, caller)}`;
    },
    read(id, caller) {
      const given = `${caller}\n${id}`;
      const record = checked.get(given) ?? check(id, caller);
      if (record) checked.set(given, record);
      const [oldest = ''] = checked.keys();
      if (checked.size > MAX_CHECKED) checked.delete(oldest);
      return record;
    },
  };
}
