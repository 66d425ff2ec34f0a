import { quoteField, quoteId } from '../../text/sanitize.ts';
import type { Alert } from './alert.ts';

/** Most members of a kind named in a line, so that 20 alerts stay under 2,000 tokens; the value itself has them all. */
const MOST = { user: 2, app: 2, ip: 1 };

/**
 * Alerts in as few tokens as an agent can work with: days as headings, a line for each alert, and a short sign for each
 * policy, user and app that comes again, because their ids are most of the text.
 */
export function alertLines(alerts: readonly Alert[]): string[] {
  const [first] = alerts;
  if (!first) return [];
  const policies = createSigns('P', alerts, ({ policy }) => (policy ? [policy] : []));
  const users = createSigns('U', alerts, (alert) => alert.users);
  const apps = createSigns('A', alerts, (alert) => alert.apps);
  const lineOf = (alert: Alert) => {
    const { id, severity, title, created, policy } = alert;
    const links = [
      policy && `policy ${policies({ id: policy.id, name: policy.name === title ? undefined : policy.name })}`,
      few('user', alert.users, users),
      few('app', alert.apps, apps),
      few('ip', alert.ips, quoteId),
      alert.countries.map(quoteId).join(' '),
    ];
    const head = [quoteId(id), created?.slice(11, 16), severity, title && quoteField(title, 60)]
      .filter(Boolean)
      .join(' ');
    const line = [head, links.filter(Boolean).join(' ')].filter(Boolean).join(', ');
    return alert.description ? `${line}\n  description ${JSON.stringify(alert.description)}` : line;
  };
  const lines: string[] = [];
  let day: string | undefined;
  for (const alert of alerts) {
    const own = alert.created?.slice(0, 10) ?? 'undated';
    if (own !== day) lines.push(`${own} UTC`);
    day = own;
    lines.push(lineOf(alert));
  }
  return [...lines, `Link: ${first.url.replace(encodeURIComponent(first.id), '{id}')}`];
}

function few<T>(what: keyof typeof MOST, items: readonly T[], write: (item: T) => string): string {
  if (items.length === 0) return '';
  const more = items.length - MOST[what];
  return `${what} ${items.slice(0, MOST[what]).map(write).join(' ')}${more > 0 ? ` +${more}` : ''}`;
}

interface Named {
  readonly id: string | number;
  readonly name?: string | undefined;
}

/** Writes an item in full where it stands first, as `U1=id name` if it comes again, and as `U1` from then on. */
function createSigns(
  letter: string,
  alerts: readonly Alert[],
  itemsOf: (alert: Alert) => readonly Named[],
): (item: Named) => string {
  const counts = new Map<Named['id'], number>();
  for (const alert of alerts) for (const { id } of itemsOf(alert)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const signs = new Map<Named['id'], string>();
  return ({ id, name }) => {
    const known = signs.get(id);
    if (known) return known;
    const full = name ? `${quoteId(String(id))} ${quoteField(name, 40)}` : quoteId(String(id));
    if (counts.get(id) === 1) return full;
    const sign = `${letter}${signs.size + 1}`;
    signs.set(id, sign);
    return `${sign}=${full}`;
  };
}
