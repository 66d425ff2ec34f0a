import type { Log } from './log.ts';
import { VERSION } from './version.ts';

/** Counts and times since the start, in Prometheus' text form. */
export interface Metrics {
  count(name: CounterName, labels: Labels): void;
  /** A call has waited for the call budget. */
  waited(seconds: number): void;
  /** @param sessions how many are open */
  text(sessions: number): string;
}

/** Values from fixed sets: names of tools, codes, statuses. */
type Labels = Readonly<Record<string, string>>;

const COUNTERS = {
  mdca_calls_total: 'Calls of tools and reads of resources, by outcome: ok, or the code of the error.',
  mdca_polls_total: 'Looks for changes that no caller asked for, by outcome.',
  mdca_service_requests_total: 'Requests to the service, by HTTP status; none where there was no answer.',
  mdca_deliveries_total: 'Alerts that a flow has delivered, by whether they were new.',
  mdca_refused_total: 'Requests to this server that were refused before they were read, by why.',
} as const;
type CounterName = keyof typeof COUNTERS;

const WAIT = 'mdca_budget_wait_seconds';
/** Upper bounds of the waits, s. */
const BUCKETS = [0.1, 1, 5, 15, 60];

export function createMetrics(): Metrics {
  const counts = new Map<string, number>();
  const waits = BUCKETS.map(() => 0);
  const sum = { count: 0, seconds: 0 };
  const startedAt = Date.now() / 1000 - process.uptime();
  const add = (series: string) => void counts.set(series, (counts.get(series) ?? 0) + 1);
  return {
    count: (name, labels) => add(`${name}${labelText(labels)}`),
    waited(seconds) {
      sum.count++;
      sum.seconds += seconds;
      for (const [index, bound] of BUCKETS.entries()) if (seconds <= bound) waits[index] = (waits[index] ?? 0) + 1;
    },
    text(sessions) {
      const counters = Object.entries(COUNTERS).flatMap(([name, help]) => [
        ...head(name, 'counter', help),
        ...[...counts]
          .filter(([series]) => series.startsWith(`${name}{`))
          .map(([series, value]) => `${series} ${value}`),
      ]);
      const bounds = BUCKETS.map((bound, index) => `${WAIT}_bucket{le="${bound}"} ${waits[index] ?? 0}`);
      return [
        ...counters,
        ...head(WAIT, 'histogram', 'How long requests have waited for the call budget.'),
        ...bounds,
        `${WAIT}_bucket{le="+Inf"} ${sum.count}`,
        `${WAIT}_sum ${sum.seconds}`,
        `${WAIT}_count ${sum.count}`,
        ...gauge('mdca_sessions', 'Open sessions.', sessions),
        ...gauge('process_resident_memory_bytes', 'Memory of the process.', process.memoryUsage.rss()),
        ...gauge('process_start_time_seconds', 'When the process began, in seconds since the epoch.', startedAt),
        ...gauge(`mdca_build_info{version="${VERSION}"}`, 'The version that runs.', 1),
        '',
      ].join('\n');
    },
  };
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function gauge(series: string, help: string, value: number): string[] {
  return [...head(series.replace(/\{.*/, ''), 'gauge', help), `${series} ${value}`];
}

/** What is no plain word is not shown: a label must come from a fixed set. */
function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(
    ([name, value]) => `${name}="${/^[\w-]{1,60}$/.test(value) ? value : 'other'}"`,
  );
  return `{${parts.join(',')}}`;
}

/** What is logged of calls, polls, deliveries and refusals is also counted, whatever the level of the log. */
export function meteredLog(log: Log, { count }: Pick<Metrics, 'count'>): Log {
  const observe = (message: string, facts: Readonly<Record<string, unknown>> = {}) => {
    const label = (name: string) => ({ [name]: String(facts[name]) });
    if (message === 'call') count('mdca_calls_total', { ...label('tool'), ...label('code') });
    if (message === 'poll') count('mdca_polls_total', { ...label('source'), ...label('code') });
    if (message === 'delivery') count('mdca_deliveries_total', label('isNew'));
    if (message === 'a caller was refused') count('mdca_refused_total', { why: 'sign_in' });
    if (message === 'a request was refused') count('mdca_refused_total', { why: String(facts.header) });
    if (message === 'a delivery was refused') count('mdca_refused_total', { why: 'delivery' });
  };
  const tapped =
    (level: keyof Log): Log[keyof Log] =>
    (message, facts) => {
      observe(message, facts);
      log[level](message, facts);
    };
  return { debug: tapped('debug'), info: tapped('info'), warn: tapped('warn'), error: tapped('error') };
}
