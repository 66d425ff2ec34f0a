/** Scopes, and app roles of the same names. The second includes the first. */
export const SCOPES = { read: 'Alerts.Read', write: 'Alerts.Write' } as const;

/** Where the metadata of a protected resource stand (RFC 9728, section 3.1). */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';
