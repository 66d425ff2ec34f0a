import { mayBePortalOf } from '../config/tenant_url.ts';

/** The id in a portal link of an alert; `elsewhere` is true for a link to another portal than that of the tenant. */
export interface AlertLink {
  readonly id: string;
  readonly elsewhere: boolean;
}

/** What stands behind a `?` does not count. It cannot hold what parts two links, so that no second link hides in it. */
const QUERY = String.raw`(?:\?[\w.~%=&+-]*)?`;
const HOST = String.raw`(?:[\w.-]+|\[::1\])(?::\d+)?`;
const LINK = new RegExp(`^(https?://${HOST})/?${QUERY}#/alerts/([0-9a-f]{24})/?${QUERY}$`, 'i');

/**
 * Reads `https://<portal>/#/alerts/<id>` (docs/defender-api.md 4.2).
 * @param origin of the tenant; a link to another tenant's portal names that tenant's alert
 * @returns undefined for text that is no such link
 */
export function readAlertLink(text: string, origin: string): AlertLink | undefined {
  const [, base = '', id] = LINK.exec(text) ?? [];
  if (id === undefined || !URL.canParse(base)) return undefined;
  const url = new URL(base);
  const isPortal =
    url.protocol === 'https:' && url.port === '' && mayBePortalOf(new URL(origin).hostname, url.hostname);
  return { id, elsewhere: url.origin !== origin && !isPortal };
}
