import { sanitize } from '../../text/sanitize.ts';
import type { Target } from '../../tool/plan.ts';
import type { Alert } from './alert.ts';

const GRAVEST_FIRST = ['high', 'medium', 'low', 'informational', undefined] as const;

/** What a person types: the verb, how many alerts, and how many of them are high, as in `close 60, 23 high`. */
export function phraseFor(verb: string, alerts: readonly Alert[]): string {
  const high = alerts.filter(isHigh).length;
  return `${verb} ${alerts.length}${high > 0 ? `, ${high} high` : ''}`;
}

/** How grave the alerts are, how many users they are about, and how far they go back. */
export function headlineOf(alerts: readonly Alert[]): string {
  const severities = GRAVEST_FIRST.flatMap((severity) => {
    const count = alerts.filter((alert) => alert.severity === severity).length;
    return count > 0 ? [`${count} ${severity ?? 'of unknown severity'}`] : [];
  });
  const users = new Set(alerts.flatMap((alert) => alert.users.map(({ id }) => id))).size;
  const floor = alerts.some(({ more_users }) => more_users) ? 'more than ' : '';
  const times = alerts.flatMap(({ created }) => created ?? []).toSorted();
  const oldest = times[0] === undefined ? [] : [`oldest ${ageOf(times[0])}`];
  return [severities.join(', '), `${floor}${users} ${users === 1 ? 'user' : 'users'}`, ...oldest].join('; ');
}

/** An alert that a write changes. @param state in codes, for the comparison before the write */
export function toTarget(alert: Alert, state: string): Target {
  const { id, title, policy, created, ips, more_ips = 0, users, more_users = 0 } = alert;
  return {
    id,
    state,
    facts: created && `${ageOf(created)} old`,
    untrusted: {
      user: andMore(
        users.map((user) => user.name ?? user.id),
        1,
        more_users,
      ),
      ip: andMore(ips, MOST_IPS, more_ips),
    },
    group: { title, policy: policy?.name === title ? undefined : policy?.name },
    isGrave: isHigh(alert),
  };
}

function isHigh({ severity }: Alert): boolean {
  return severity === 'high';
}

/** The most addresses of one alert; the attacker's is often not the first. */
const MOST_IPS = 3;

/** In characters, of a name or an address: a long one must not push out of sight what follows it. */
const LONGEST_NAME = 45;

/** The first few, and how many there are beside them. */
function andMore(all: readonly string[], most: number, left: number): string | undefined {
  const more = Math.max(0, all.length - most) + left;
  const first = all.slice(0, most).map((name) => sanitize(name, LONGEST_NAME));
  const shown = first.join(', ');
  return shown === '' ? undefined : `${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In days or hours if at least two have passed, else in minutes. @param created ISO-8601 */
function ageOf(created: string): string {
  const age = Math.max(0, Date.now() - Date.parse(created));
  if (age >= 2 * DAY) return `${Math.floor(age / DAY)} days`;
  if (age >= 2 * HOUR) return `${Math.floor(age / HOUR)} hours`;
  return `${Math.floor(age / MINUTE)} minutes`;
}
