import { isIP } from 'node:net';
import { toRef } from '../../src/defender/activities/activity_ref.ts';

/** Facts of an answer as `kind what`, so that those of its text and of its value can be compared. */
export type Facts = ReadonlySet<string>;

/** A row of activities, whichever form of an answer it was read from. */
export interface Row {
  /** The reference that both forms can show. */
  readonly ref: string;
  readonly description: string;
  /** To the minute, UTC; the second is there for a row of many. */
  readonly time: string;
  readonly since?: string | undefined;
  readonly app?: string | undefined;
  readonly ip?: string | undefined;
  readonly objects: readonly string[];
}

const WORDS = /[\w.:-]+/g;
const IDS = /\b(?:[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g;
const ROW = /^(?:(\d{4}-\d\d-\d\d)T)?(\d\d:\d\d)(:\d\d-[\da-z]{2}|) (.*)$/;

/** A field of a line, as `quoteField` prints it. */
function unquoted(text: string): string {
  return text.startsWith('"') ? JSON.parse(text) : text;
}

/** Splits at `; `, but not within quotation marks. */
function fieldsOf(line: string): string[] {
  return line.match(/(?:"(?:\\.|[^"\\])*"|[^";]|;(?! ))+/g)?.map((field) => field.trim()) ?? [];
}

function addressesIn(text: string): string[] {
  return (text.match(WORDS) ?? []).map((word) => word.replace(/[.:]+$/, '')).filter((word) => isIP(word) !== 0);
}

/** `11161 Office 365` by the alias `A1`, from the line that names apps. */
function appsIn(lines: readonly string[]): Map<string, string> {
  const line = lines.find((each) => each.startsWith('Apps: ')) ?? '';
  return new Map(
    fieldsOf(line.replace('Apps: ', '')).map((field): [string, string] => {
      const [, alias = '', id = '', name = ''] = /^(A\d+)=(\d+) ?(.*)$/.exec(field) ?? [];
      return [alias, `${id} ${unquoted(name)}`.trim()];
    }),
  );
}

/** The rows of activities in a text. */
export function rowsInText(text: string): Row[] {
  const lines = text.split('\n');
  const apps = appsIn(lines);
  const sources = new Map(lines.flatMap((line) => (/^S\d+ /.test(line) ? [[line.split(' ', 1)[0] ?? '', line]] : [])));
  let day = '';
  return lines.flatMap((line) => {
    const [, newDay, minute = '', rest = '', what = ''] = ROW.exec(line) ?? [];
    if (minute === '') return [];
    day = newDay ?? day;
    const [first = '', ...others] = fieldsOf(what);
    const [id = '', ...words] = rest === '' ? first.split(' ') : [`${day}T${minute}${rest}`, ...first.split(' ')];
    const place = others.find((field) => /^(S\d+)?( ?A\d+)*$/.test(field)) ?? '';
    const since = /× since (\S+)$/.exec(others.at(-1) ?? '')?.[1];
    const objects = others.find((field) => field.startsWith('objects ')) ?? '';
    return [
      {
        ref: id,
        description: unquoted(words.join(' ')),
        time: `${day}T${minute}`,
        since: since && (since.includes('T') ? since : `${day}T${since}`),
        app: apps.get(/A\d+/.exec(place)?.[0] ?? ''),
        ip: addressesIn(sources.get(/S\d+/.exec(place)?.[0] ?? '') ?? '')[0],
        objects: JSON.parse(`[${objects.replace('objects ', '')}]`),
      },
    ];
  });
}

/** The members of values that are read here. */
interface Value {
  readonly apps?: readonly string[];
  readonly user?: string;
  readonly sources?: readonly string[];
  readonly alert?: AlertValue;
  readonly alerts?: readonly AlertValue[];
  readonly activities?: readonly ActivityValue[];
}

interface AlertValue {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly created?: string;
  readonly users?: readonly { readonly id?: string; readonly name?: string }[];
}

interface ActivityValue {
  readonly id: string;
  readonly time?: string;
  readonly description?: string;
  readonly user?: string;
  readonly app?: number;
  readonly source?: number;
  readonly objects?: readonly string[];
  readonly since?: string;
}

/** The rows of activities in a value. */
export function rowsInValue({ activities = [], apps = [], sources = [] }: Value): Row[] {
  return activities.map(({ id, time, description = '', app, source, objects = [], since }) => ({
    ref: toRef(id, time),
    description,
    time: (time ?? id).slice(0, 16),
    since: since?.slice(0, 16),
    app: apps.find((named) => named.split(' ', 1)[0] === String(app)),
    ip: addressesIn(sources[(source ?? 0) - 1] ?? '')[0],
    objects,
  }));
}

function ofRows(rows: readonly Row[]): string[] {
  return rows.flatMap(({ ref, description, time, since, app, ip, objects }) => [
    `activity ${ref}`,
    `text ${ref} ${description}`,
    `time ${ref} ${time}`,
    `since ${ref} ${since}`,
    `app ${ref} ${app}`,
    `ip ${ref} ${ip}`,
    ...objects.map((object) => `object ${ref} ${object}`),
  ]);
}

/** What a host that shows the text gives to a model. */
export function factsOfText(text: string): Facts {
  const lines = text.split('\n');
  let day = '';
  const alerts = lines.flatMap((line) => {
    day = /^(\d{4}-\d\d-\d\d) UTC$/.exec(line)?.[1] ?? day;
    const [, id, itsDay = day, minute] = /^([0-9a-f]{24}) (?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d) /.exec(line) ?? [];
    return id === undefined ? [] : [`raised ${id} ${itsDay}T${minute}`];
  });
  const users = lines.flatMap(fieldsOf).flatMap((field) => {
    const [, id, name] = /^(?:users? |U\d+=)(?:([0-9a-f-]{36}) ?)?(.*)$/i.exec(field) ?? [];
    return [id, name && unquoted(name)].flatMap((fact) => (fact ? [`user ${fact}`] : []));
  });
  const by = /, by (\S+@\S+)\.(?: |$)/m.exec(text)?.[1];
  return new Set([
    ...[...appsIn(lines).values()].map((app) => `app ${app}`),
    ...addressesIn(text).map((ip) => `ip ${ip}`),
    ...(text.match(IDS) ?? []).map((id) => `id ${id}`),
    ...alerts,
    ...users,
    ...(by ? [`user ${by}`] : []),
    ...ofRows(rowsInText(text)),
    ...lines.flatMap((line) => (line.startsWith('description ') ? [`about ${unquoted(line.slice(12))}`] : [])),
  ]);
}

/** What a host that shows the value gives to a model. */
export function factsOfValue(value: Value): Facts {
  const json = JSON.stringify({ ...value, activities: [] });
  const alerts = [...(value.alerts ?? []), ...(value.alert ? [value.alert] : [])];
  const rows = rowsInValue(value);
  const people = alerts.flatMap(({ users = [] }) => users.flatMap(({ id, name }) => [id, name]));
  const actors = [value.user, ...(value.activities ?? []).map(({ user }) => user)];
  const texts = JSON.stringify(rows.map(({ description, objects }) => [description, objects]));
  return new Set([
    ...(value.apps ?? []).map((app) => `app ${app}`),
    ...addressesIn(json + texts).map((ip) => `ip ${ip}`),
    ...((json + texts).match(IDS) ?? []).map((id) => `id ${id}`),
    ...alerts.map(({ id, created = '' }) => `raised ${id} ${created.slice(0, 16)}`),
    ...[...people, ...actors].flatMap((name) => (name ? [`user ${name}`] : [])),
    ...ofRows(rows),
    ...(value.alert?.description ? [`about ${value.alert.description}`] : []),
  ]);
}

/** Facts of one form that the other does not have. */
export function oneFormOnly(text: string, value: Value): string[] {
  const [inText, inValue] = [factsOfText(text), factsOfValue(value)];
  const missing = (from: Facts, other: Facts, form: string) =>
    [...from].filter((fact) => !other.has(fact)).map((fact) => `${form} only: ${fact}`);
  return [...missing(inText, inValue, 'text'), ...missing(inValue, inText, 'value')];
}
