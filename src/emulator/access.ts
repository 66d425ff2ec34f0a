/** What a role may do (docs/defender-api.md 1.3). */
export type Right = 'read' | 'manage-alerts' | 'manage-policies' | 'tag-apps' | 'manage-ranges';

const ALL: readonly Right[] = ['read', 'manage-alerts', 'manage-policies', 'tag-apps', 'manage-ranges'];

/** The owner of a token. */
export interface Caller {
  /** UPN; becomes `handledByUser`. */
  upn: string;
  rights: readonly Right[];
}

/** The token of a Security reader, who may only read. */
export const READER_TOKEN = `DEMO${'0'.repeat(24)}ThisIsAReaderOnly${'0'.repeat(23)}DEMO`;

/** The caller, or the text of the 401. Accepts `Token` and `Bearer` in any case (docs/defender-api.md 1.2). */
export function authenticate(header: string | undefined, adminToken: string): Caller | string {
  if (header === undefined) return 'Authentication credentials were not provided.';
  const credential = /^(?:token|bearer) +(.+)$/i.exec(header)?.[1];
  if (credential === adminToken) {
    return { upn: 'morgan.analyst@contoso.com', rights: ALL };
  }
  if (credential === READER_TOKEN) return { upn: 'nico.reader@contoso.com', rights: ['read'] };
  return 'Invalid token';
}
