import { createHmac, timingSafeEqual } from 'node:crypto';

/** All that is needed to serve a session; its id holds this, so no process has to remember it. */
export interface SessionRecord {
  /** Unique to the session. */
  readonly session: string;
  /** `id` of the caller that opened it; empty where nobody has to sign in. */
  readonly caller: string;
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
  write(record: SessionRecord): string;
  /** Undefined for an id that was not signed with this key. */
  read(id: string): SessionRecord | undefined;
}

/** An id stands in a header of every request, so what a client says about itself is cut to so many characters. */
const MAX_LENGTH = 60;
/** Changes with the layout, so that an id of another layout is not read as one of this. */
const LAYOUT = 'mdca-session-1';

/** An id is its record as JSON and an HMAC-SHA256 over that, both in Base64. */
export function createSessionIds(key: Buffer): SessionIds {
  const macOf = (record: string) => createHmac('sha256', key).update(`${LAYOUT}.${record}`).digest();
  return {
    write({ session, caller, revision, canAsk, client, since }) {
      const [name, version] = [client.name, client.version].map((text) => text.slice(0, MAX_LENGTH));
      const record = JSON.stringify([session, caller, revision, canAsk, name, version, since]);
      const encoded = Buffer.from(record).toString('base64url');
      return `${encoded}.${macOf(encoded).toString('base64url')}`;
    },
    read(id) {
      const [encoded = '', mac = ''] = id.split('.');
      const own = macOf(encoded);
      const given = Buffer.from(mac, 'base64url');
      if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined;
      const [session, caller, revision, canAsk, name, version, since] = JSON.parse(
        Buffer.from(encoded, 'base64url').toString(),
      );
      return { session, caller, revision, canAsk, client: { name, version }, since };
    },
  };
}
