/** Scopes, and app roles of the same names. The second includes the first. */
export const SCOPES = { read: 'Alerts.Read', write: 'Alerts.Write' } as const;

/** Where the metadata of a protected resource stand (RFC 9728, section 3.1); those of `/mcp` below it, too. */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';

/** Scopes as a client asks Entra for them: without the resource before it, Entra takes a scope for one of Graph. */
export function scopesOf(audience: string): string[] {
  const resource = /^[\da-f-]{36}$/i.test(audience) ? `api://${audience}` : audience;
  return Object.values(SCOPES).map((scope) => `${resource.replace(/\/$/, '')}/${scope}`);
}
