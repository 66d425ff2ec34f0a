const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
/** A time of day that is followed by a zone. */
const ZONED = /:\d\d.*(?:Z|GMT|UTC|[ECMP][SD]T|[+-]\d\d:?\d\d)$/i;

/**
 * Reads an ISO-8601 date, with or without a time of day, or a date as HTTP and .NET write it. Without a zone it is UTC,
 * whatever zone the process runs in; `Date.parse` alone would take that of the machine.
 * @returns ms since the epoch, or undefined if it is no time
 */
export function parseTime(text: string): number | undefined {
  const time = text.trim();
  if (ISO.test(time)) return parseIsoTime(time);
  return /\d:\d\d/.test(time) ? parse(ZONED.test(time) ? time : `${time} GMT`) : undefined;
}

/**
 * Reads an ISO-8601 date, with or without a time of day; without a zone it is UTC. Other forms are left to
 * `parseTime`: of those, `Date.parse` takes what no calendar has, and `about 3 08:00` for a day in March 2001.
 * @returns ms since the epoch, or undefined if it is no such time
 */
export function parseIsoTime(text: string): number | undefined {
  const [, date, clock = '00:00', zone = 'Z'] = ISO.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  const day = parse(`${date}T00:00Z`);
  // Date takes 30 February for 2 March.
  if (day === undefined || !new Date(day).toISOString().startsWith(date)) return undefined;
  const offset = zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_all, hours, minutes = '00') => `${hours}:${minutes}`);
  return parse(`${date}T${clock.replace(',', '.')}${offset.toUpperCase()}`);
}

function parse(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
