import { setTimeout as delay } from 'node:timers/promises';
import { startService } from '../loopback.ts';
import { ALERTS, CALL } from '../record.ts';
import type { Bench, SteadyFigures } from '../report.ts';
import { quantile, rounded } from '../stats.ts';
import { ours } from '../subjects.ts';
import { type HttpServer, startHttp } from './server.ts';

const CALL_MS = 20;
const LIST_MS = 100;
const SAMPLE_MS = 1_000;
/** Seconds, and how many of them warm up. */
const FULL = { seconds: 60, warmUp: 20 };
const QUICK = { seconds: 12, warmUp: 6 };

/** Many sessions of the product at a steady pace: calls through the whole path, and lists beside them. */
export async function measureSteady({ node, quick, note }: Bench, sessions: number): Promise<SteadyFigures> {
  const { seconds, warmUp } = quick ? QUICK : FULL;
  note(`http: ${sessions} sessions at ${1000 / CALL_MS} calls a second for ${seconds} s`);
  const service = await startService(ALERTS);
  const { args, env } = ours(service.origin);
  const server = await startHttp(node, (port) => ({ args: [...args, '--http', String(port)], env: { ...env } }), 64);
  try {
    for (let n = 0; n < sessions; n++) await server.open();
    const until = performance.now() + seconds * 1000;
    const [calls, lists, memory] = await Promise.all([
      pace(server, CALL_MS, until, 'tools/call', CALL),
      pace(server, LIST_MS, until, 'tools/list'),
      sample(server, until),
    ]);
    const [warm, late] = [memory.slice(warmUp, warmUp + 5), memory.slice(-5)];
    return {
      sessions,
      seconds,
      calls: calls.latencies.length,
      errors: calls.errors + lists.errors,
      callP99: rounded(quantile(calls.latencies, 0.99)),
      listP99: rounded(quantile(lists.latencies, 0.99)),
      ...(warm.length > 0 && { warm: rounded(quantile(warm, 0.5)), late: rounded(quantile(late, 0.5)) }),
    };
  } finally {
    await server.close();
    service.stop();
  }
}

/** Sends a request each `ms`, whether or not those before have been answered. */
async function pace(server: HttpServer, ms: number, until: number, method: string, params?: object) {
  const latencies: number[] = [];
  const waiting: Promise<void>[] = [];
  let errors = 0;
  const ask = () =>
    server.ask(method, params).then(
      (took) => void latencies.push(took),
      () => void errors++,
    );
  for (let due = performance.now(); due < until; due += ms) {
    await delay(due - performance.now());
    waiting.push(ask());
  }
  await Promise.all(waiting);
  return { latencies, errors };
}

async function sample(server: HttpServer, until: number): Promise<number[]> {
  const memory: number[] = [];
  for (let due = performance.now(); due < until; due += SAMPLE_MS) {
    await delay(due - performance.now());
    memory.push(...[server.memory() ?? []].flat());
  }
  return memory;
}
