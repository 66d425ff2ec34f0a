import type { Spread } from './stats.ts';

/** What docs/benchmarks.json holds; page and chart are made of it and of nothing else. */
export interface Report {
  readonly version: string;
  readonly system: string;
  readonly cpu: { readonly model: string; readonly cores: number };
  readonly runs: readonly Run[];
}

/** What was measured with one runtime. */
export interface Run {
  readonly node: string;
  readonly sections: Sections;
}

export interface Sections {
  readonly start?: Section<StartRow>;
  readonly calls?: Section<CallRow>;
  readonly memory?: Section<MemoryRow>;
  readonly http?: Section<HttpRow>;
  readonly paging?: Section<PagingRow>;
  readonly budget?: Section<BudgetRow>;
  readonly tokens?: Section<TokenRow>;
  readonly answers?: Section<AnswerRow>;
  readonly agent?: Section<AgentRow>;
}

export interface Section<Row> {
  readonly date: string;
  /** With few repetitions. */
  readonly quick: boolean;
  readonly rows: readonly Row[];
}

/** A row that says why something could not be measured. */
interface Failed {
  readonly name: string;
  readonly version: string;
  readonly failed: string;
}

/** Times in ms from the start of the process, memory in MB (2^20 bytes), ratios to the floor in the same round. */
export type StartRow = Failed | Started;

export interface Started {
  readonly name: string;
  readonly version: string;
  readonly tools: number;
  /** Absent for a revision that has none. */
  readonly initialize?: Spread;
  readonly list: Spread;
  readonly ratio: Spread;
  /** Only for our server: the ratio to itself with one tool. */
  readonly toOneTool?: Spread;
  /** At the answer to `tools/list`; absent where the system does not tell. */
  readonly memory?: Spread;
  readonly memoryRatio?: Spread;
  /** One second after it. */
  readonly memoryLater?: number;
}

/** ms and calls a second. */
export interface CallRow {
  readonly name: string;
  readonly p50: Spread;
  readonly p99: Spread;
  readonly perSecond?: Spread;
  /** To the floor of a call, which reads the reply. */
  readonly toReader: CallRatios;
}

/** Each ratio is computed in each block. */
export interface CallRatios {
  readonly p50: Spread;
  readonly p99: Spread;
  readonly perSecond?: Spread;
}

/** Memory in MB after each number of calls. */
export interface MemoryRow {
  readonly name: string;
  readonly marks: readonly { readonly calls: number; readonly memory: number }[];
}

/** Answers a second over HTTP, and memory in MB with all sessions open. */
export interface HttpRow {
  readonly name: string;
  readonly version: string;
  readonly lists: Spread;
  readonly calls: Spread;
  /** Only for others: what our server answers to what this one does, in the same round. */
  readonly oursTo?: { readonly lists: Spread; readonly calls: Spread };
  /** Absent where the system does not tell. */
  readonly memory?: number;
  /** Only for our server. */
  readonly steady?: SteadyFigures;
}

/** Many sessions at a steady pace. Times in ms; memory in MB after the warm-up and at the end. */
export interface SteadyFigures {
  readonly sessions: number;
  readonly seconds: number;
  readonly calls: number;
  readonly errors: number;
  readonly callP99: number;
  readonly listP99: number;
  readonly warm?: number;
  readonly late?: number;
}

/** µs for each alert; the ratio is to the small tenant in the same round. */
export interface PagingRow {
  readonly alerts: number;
  readonly perAlert: Spread;
  readonly ratio: Spread;
}

export interface BudgetRow {
  readonly limit: number;
  readonly calls: number;
  /** Most arrivals in any 60 s. */
  readonly fullest: number;
  /** Seconds from the first arrival to the last, and what a perfect limiter needs. */
  readonly taken: number;
  readonly ideal: number;
}

/** Tokens of a `tools/list`; `shown` counts name, description and input schema only. */
export type TokenRow = Failed | Listed;

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly tools: number;
  readonly tokens: number;
  readonly shown: number;
}

/** Tokens of an answer: its text, and the whole result. */
export interface AnswerRow {
  readonly name: string;
  readonly text: number;
  readonly whole: number;
}

/** A figure for hosts that show the text, the value, and both; null where it was not measured. */
export interface AgentRow {
  readonly what: string;
  /** Before there were the triage tools. */
  readonly before: readonly [text: number | null, value: number | null, both: number | null];
  readonly now: readonly [text: number | null, value: number | null, both: number | null];
  /** Empty if it has none; two stand for text and value. */
  readonly bound: string;
}

/** What a measurement needs to know. */
export interface Bench {
  /** The runtime that every server is started with. */
  readonly node: string;
  readonly quick: boolean;
  /** Says on stderr how far it has come. */
  readonly note: (text: string) => void;
}
