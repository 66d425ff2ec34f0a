import { afterEach } from 'vitest';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/emulator.ts';

/** The time at which the clock of a test stands, ms since the epoch. */
export const START = Date.UTC(2026, 0, 15, 9, 0, 0);

/** A reply. `json` has no type, and is undefined where the body is no JSON. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape.
  json: any;
}

export interface Harness {
  emulator: Emulator;
  get(path: string, init?: RequestInit): Promise<Reply>;
  post(path: string, body?: unknown, init?: RequestInit): Promise<Reply>;
  control(method: string, path: string, body?: unknown): Promise<Reply>;
}

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** Starts an emulator without throttle, whose clock stands at START. It is closed after the test. */
export async function startHarness(options: EmulatorOptions = {}): Promise<Harness> {
  const emulator = await createEmulator({ callsPerMinute: 0, now: () => START, ...options });
  running.push(emulator);
  const call = (path: string, init: RequestInit) => request(emulator.url + path, init);
  const authorization = `Token ${emulator.token}`;
  const withHeaders = (init: RequestInit) => ({ ...init, headers: { authorization, ...init.headers } });
  return {
    emulator,
    get: (path, init = {}) => call(path, withHeaders(init)),
    post: (path, body, init = {}) => call(path, withHeaders({ method: 'POST', body: toText(body), ...init })),
    control: (method, path, body) => call(`/__emulator/${path}`, { method, body: toText(body) }),
  };
}

export async function request(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

export const asReader = ({ emulator }: Harness): RequestInit => ({
  headers: { authorization: `Token ${emulator.readerToken}` },
});

function toText(body: unknown): string | null {
  if (body === undefined) return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
