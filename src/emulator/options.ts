/** How the emulator runs; every field is optional. */
export interface EmulatorOptions {
  /** Default 127.0.0.1. Any host but loopback opens the unauthenticated control path to the network. */
  host?: string;
  /** Default 0 = any free port. */
  port?: number;
  /** The admin's API token; by default a constant demo token. */
  token?: string;
  /** Throttle per rolling 60 s for the whole tenant (docs/defender-api.md 2.3), default 30; 0 switches it off. */
  callsPerMinute?: number;
  /** Milliseconds since the epoch; default Date.now. */
  now?: () => number;
  /** People's ordinary work beside the incidents, default true; without it the emulator starts quicker. */
  ordinaryWork?: boolean;
  /** Time between alerts that are raised automatically, ms; the first comes after a tenth of it. Default 0 = none. */
  alertEvery?: number;
  /** A close without filters: closes every open alert (docs/defender-api.md 4.10), or answers 400. */
  emptyFilter?: 'closes-all' | 'reject';
  /** An unknown filter field or operator (docs/defender-api.md 3.4): answers 400, or is ignored. */
  unknownFilter?: 'reject' | 'ignore';
  /** Names of known filter fields that have no effect, as clients have seen it (docs/defender-api.md 3.4). */
  ignoredFilters?: readonly string[];
  /** Lists of entities and apps ignore `skip` and `limit`, as it was reported (docs/defender-api.md 3.2). */
  ignoredPaging?: boolean;
  /** The largest `total`; where more match, `moreThanTotal` is true (docs/defender-api.md 3.1). Default 0 = exact. */
  totalUpTo?: number;
  /** A path without its trailing slash (docs/defender-api.md 2.1): 301, or answered as a GET without body. */
  slashless?: 'redirect' | 'bodiless-get';
}

export type Settings = Required<EmulatorOptions>;

const DEMO_TOKEN = `DEMO${'0'.repeat(24)}ThisIsNotASecret${'0'.repeat(24)}DEMO`;

export function toSettings(options: EmulatorOptions): Settings {
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    token: options.token ?? DEMO_TOKEN,
    callsPerMinute: options.callsPerMinute ?? 30,
    now: options.now ?? Date.now,
    ordinaryWork: options.ordinaryWork ?? true,
    alertEvery: options.alertEvery ?? 0,
    emptyFilter: options.emptyFilter ?? 'closes-all',
    unknownFilter: options.unknownFilter ?? 'reject',
    ignoredFilters: options.ignoredFilters ?? [],
    ignoredPaging: options.ignoredPaging ?? false,
    totalUpTo: options.totalUpTo ?? 0,
    slashless: options.slashless ?? 'redirect',
  };
}
