import { quoteField, quoteId } from '../../text/sanitize.ts';
import type { Alert } from './alert.ts';

/** The most users, apps and IPs in a line, so that 20 alerts stay under 2,000 tokens; the value has more. */
const MAX_PER_LINE = { user: 2, app: 2, ip: 1 };

/**
 * Alerts as text that costs an agent few tokens: days as headings, a line for each alert, and a short alias such as
 * `U1` for each policy, user and app that occurs more than once, because ids make up most of the text.
 */
export function alertLines(alerts: readonly Alert[]): string[] {
  const [first] = alerts;
  if (!first) return [];
  const policies = createAliases('P', alerts, ({ policy }) => (policy ? [policy] : []));
  const users = createAliases('U', alerts, (alert) => alert.users);
  const apps = createAliases('A', alerts, (alert) => alert.apps);
  const lineOf = (alert: Alert) => {
    const { id, severity, title, created, policy } = alert;
    const links = [
      policy && `policy ${policies({ id: policy.id, name: policy.name === title ? undefined : policy.name })}`,
      shortList('user', alert.users, alert.more_users, users),
      shortList('app', alert.apps, alert.more_apps, apps),
      shortList('ip', alert.ips, alert.more_ips, quoteId),
      [...alert.countries.map(quoteId), alert.more_countries && `+${alert.more_countries}`].filter(Boolean).join(' '),
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
    const alertDay = alert.created?.slice(0, 10) ?? 'undated';
    if (alertDay !== day) lines.push(`${alertDay} UTC`);
    day = alertDay;
    lines.push(lineOf(alert));
  }
  return [...lines, `Link: ${first.url.replace(encodeURIComponent(first.id), '{id}')}`];
}

/** @param leftOut members that the list lacks already */
function shortList<T>(
  what: keyof typeof MAX_PER_LINE,
  items: readonly T[],
  leftOut: number | undefined,
  write: (item: T) => string,
): string {
  if (items.length === 0) return '';
  const more = items.length + (leftOut ?? 0) - MAX_PER_LINE[what];
  return `${what} ${items.slice(0, MAX_PER_LINE[what]).map(write).join(' ')}${more > 0 ? ` +${more}` : ''}`;
}

interface Named {
  readonly id: string | number;
  readonly name?: string | undefined;
}

/** Writes an item that occurs once as `id name`. Of others, the first is `U1=id name`, and each later one `U1`. */
function createAliases(
  letter: string,
  alerts: readonly Alert[],
  itemsOf: (alert: Alert) => readonly Named[],
): (item: Named) => string {
  const counts = new Map<Named['id'], number>();
  for (const alert of alerts) for (const { id } of itemsOf(alert)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const aliases = new Map<Named['id'], string>();
  return ({ id, name }) => {
    const known = aliases.get(id);
    if (known) return known;
    const full = name ? `${quoteId(String(id))} ${quoteField(name, 40)}` : quoteId(String(id));
    if (counts.get(id) === 1) return full;
    const alias = `${letter}${aliases.size + 1}`;
    aliases.set(id, alias);
    return `${alias}=${full}`;
  };
}
