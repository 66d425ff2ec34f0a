import { quoteField, quoteId } from '../../text/sanitize.ts';
import { appAliases, appsLine } from '../shared/listed_apps.ts';
import type { AlertRows } from './alert_rows.ts';

type Row = AlertRows['alerts'][number];

/**
 * Alerts as text that costs an agent few tokens: days as headings, a line for each alert, and a short alias such as
 * `U1` for each policy and user that occurs more than once, because ids make up most of the text.
 */
export function alertLines({ link, apps = [], alerts }: AlertRows): string[] {
  if (alerts.length === 0) return [];
  const policies = createAliases('policy', alerts, toPolicies);
  const users = createAliases('user', alerts, (alert) => alert.users ?? []);
  const lines: string[] = [];
  if (alerts.some((alert) => alert.policy_id !== undefined && alert.policy === undefined)) {
    lines.push("A policy without a name has the alert's title.");
  }
  lines.push(...appsLine(apps));
  let day: string | undefined;
  for (const alert of alerts) {
    const alertDay = alert.created?.slice(0, 10) ?? 'undated';
    if (alertDay !== day) lines.push(`${alertDay} UTC`);
    day = alertDay;
    lines.push(lineOf(alert, { apps, policies, users }));
  }
  return link ? [...lines, `Link: ${link}`] : lines;
}

/**
 * One alert in full, with its date and what only the full view has.
 * @param apps named before
 * @param shown what the lines that follow show; an address, a country or an app in them is not repeated
 */
export function alertLine(alert: AlertInFull, apps: readonly string[], shown: Shown): string {
  const written =
    (what: string) =>
    ({ id, name }: Named) =>
      `${what} ${idAndName(id, name)}`;
  const places = shown.sources.map(placeOf);
  const { created, ips = [], countries = [], tactics = [], threat_score, description } = alert;
  const { read_state, files = [], devices = [], handled_by, resolved, comment } = alert;
  const row = {
    ...alert,
    ips: ips.filter((ip) => !places.some(({ address }) => address === ip)),
    countries: countries.filter((country) => !places.some(({ lastWords }) => lastWords.includes(country))),
    apps: alert.apps?.filter((app) => !shown.apps.includes(app)),
    description: undefined,
  };
  const facts = [
    lineOf(row, { apps, policies: written('policy'), users: written('user') }, created?.slice(0, 10)),
    read_state === 'unknown' ? 'read state unknown' : read_state,
    tactics.length > 0 && `tactics ${tactics.join(' ')}`,
    threat_score !== undefined && `threat score ${threat_score}`,
    files.length > 0 && `files ${files.map((file) => JSON.stringify(file)).join(', ')}`,
    devices.length > 0 && `devices ${devices.map((device) => JSON.stringify(device)).join(', ')}`,
    handled_by && `handled by ${quoteField(handled_by)}`,
    resolved && `resolved ${resolved}`,
    comment && `comment ${JSON.stringify(comment)}`,
  ].filter(Boolean);
  return [facts.join('; '), ...(description ? [`description ${JSON.stringify(description)}`] : [])].join('\n');
}

/**
 * What a source's line says of its address, and the last words of its first two facts: a country, if it has one. What
 * others wrote stands in quotes if it looks like either.
 */
function placeOf(source: string): { address: string | undefined; lastWords: readonly (string | undefined)[] } {
  const facts = source.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split('; ', 2);
  return { address: facts[0]?.split(' ')[1], lastWords: facts.map((fact) => fact.split(' ').at(-1)) };
}

interface Shown {
  readonly sources: readonly string[];
  readonly apps: readonly (number | undefined)[];
}

interface AlertInFull extends Row {
  readonly read_state?: string | undefined;
  readonly tactics?: readonly string[] | undefined;
  readonly threat_score?: number | undefined;
  readonly files?: readonly string[] | undefined;
  readonly devices?: readonly string[] | undefined;
  readonly handled_by?: string | undefined;
  readonly resolved?: string | undefined;
  readonly comment?: string | undefined;
}

interface Names {
  readonly apps: readonly string[];
  readonly policies: Aliases;
  readonly users: Aliases;
}

function lineOf(alert: Row, { apps, policies, users }: Names, day?: string): string {
  const { id, severity, status, title, created, description } = alert;
  const head = [quoteId(id), day, created?.slice(11, 16), severity, status, title && quoteField(title)];
  const more = [
    alert.more_users && `${alert.more_users} more users`,
    alert.more_apps && `${alert.more_apps} more apps`,
    alert.more_ips && `${alert.more_ips} more addresses`,
    alert.more_countries && `${alert.more_countries} more countries`,
  ];
  // Aliases, addresses and country codes are single words, so that spaces are enough between them.
  const words = [
    appAliases(alert.apps, apps),
    ...(alert.ips ?? []).map(quoteId),
    ...(alert.countries ?? []).map(quoteId),
  ];
  const members = [
    head.filter(Boolean).join(' '),
    ...toPolicies(alert).map(policies),
    ...(alert.users ?? []).map(users),
    words.filter(Boolean).join(' '),
    ...more,
  ];
  const line = members.filter(Boolean).join('; ');
  return description ? `${line}\n  description ${JSON.stringify(description)}` : line;
}

function toPolicies({ policy_id, policy }: Row): Named[] {
  return policy_id === undefined ? [] : [{ id: policy_id, name: policy }];
}

interface Named {
  readonly id: string;
  readonly name?: string | undefined;
}

type Aliases = (item: Named) => string;

function idAndName(id: string, name: string | undefined): string {
  return name ? `${quoteId(id)} ${quoteField(name)}` : quoteId(id);
}

/** Writes an item that occurs once as `user id name`. Of others, the first is `U1=id name`, and each later one `U1`. */
function createAliases(what: string, alerts: readonly Row[], itemsOf: (alert: Row) => readonly Named[]): Aliases {
  const counts = new Map<string, number>();
  for (const alert of alerts) for (const { id } of itemsOf(alert)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const aliases = new Map<string, string>();
  return ({ id, name }) => {
    const known = aliases.get(id);
    if (known) return known;
    const full = idAndName(id, name);
    if (counts.get(id) === 1) return `${what} ${full}`;
    const alias = `${what.charAt(0).toUpperCase()}${aliases.size + 1}`;
    aliases.set(id, alias);
    return `${alias}=${full}`;
  };
}
