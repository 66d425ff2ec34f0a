import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyTrail } from '../../src/audit/verify.ts';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { callOf, INITIALIZE, messagesOf, start } from '../process.ts';

/** How many writes to cut off between intent and outcome. */
const CUTS = 200;
/** Servers that run at the same time and share the audit file. */
const SERVERS = 2;
/** Writes in flight in each server, each at another point when the kill comes. */
const WRITES = 4;
/** How long the service takes to answer a call, ms. */
const DELAY_MS = 15;
const NAME = 'mdca_close_alert_benign';

let directory: string;
let emulator: Emulator;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mdca-kill-'));
  emulator = await createEmulator({ callsPerMinute: 0 });
  // One alert to copy is enough: a small tenant keeps the service fast.
  emulator.state.alerts.splice(1);
  // Each call takes some time, so that a kill can hit it midway.
  emulator.fault({ kind: 'slow', delayMs: DELAY_MS, times: 0 });
});
afterAll(async () => {
  await emulator.close();
  rmSync(directory, { recursive: true });
});

/** Starts a server that closes 101 alerts several times, in two calls each, and kills it at a random moment. */
async function closeAndDie(environment: Record<string, string>, server: number): Promise<void> {
  const running = start([], environment);
  running.send(INITIALIZE);
  await until(() => messagesOf(running).length > 0);
  const before = callsOf(server);
  for (let write = 0; write < WRITES; write++) {
    const ids = Array.from({ length: 101 }, (_, n) => `${server}${write}${n.toString(16).padStart(22, '0')}`);
    openAgain(ids);
    running.send(callOf(2 + write, NAME, { alert_ids: ids }));
    await pause(Math.random() * DELAY_MS);
  }
  // Each tool call makes two reads before its intent, and then twice a write and a read.
  const at = WRITES * 2 + Math.floor(Math.random() * WRITES * 3);
  await until(() => callsOf(server) >= before + at);
  await pause(Math.random() * DELAY_MS);
  running.child.kill('SIGKILL');
  await running.ended;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Puts these alerts into the tenant as open ones, in place of those of the same server and write. */
function openAgain(ids: readonly string[]): void {
  const { state } = emulator;
  const [like] = state.alerts;
  const others = state.alerts.filter(({ _id }) => _id.slice(0, 2) !== ids[0]?.slice(0, 2));
  const ours = ids.map((_id) => ({ ...(like as (typeof others)[0]), _id, resolutionStatusValue: 0 }));
  state.alerts = [...others, ...ours];
}

/** Calls of each server and writes to each alert so far. `callsOf` adds the requests that came since its last call. */
const calls = new Map<number, number>();
const written = new Map<string, number>();

function callsOf(server: number): number {
  for (const { path, body } of emulator.requests.splice(0)) {
    const ids = (body as { filters?: { id?: { eq: string[] } } }).filters?.id?.eq ?? [];
    const of = Number(ids[0]?.charAt(0));
    calls.set(of, (calls.get(of) ?? 0) + 1);
    if (path.includes('close_benign')) for (const id of ids) written.set(id, (written.get(id) ?? 0) + 1);
  }
  return calls.get(server) ?? 0;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(3);
}

test(`after ${CUTS} kills between intent and outcome the trail is whole, with every write that arrived`, async () => {
  const file = join(directory, 'audit.jsonl');
  const environment = {
    MDCA_API_URL: emulator.url,
    MDCA_API_TOKEN: emulator.token,
    MDCA_WRITES: 'allow',
    MDCA_AUDIT_FILE: file,
    MDCA_CALLS_PER_MINUTE: '100000',
    // Node 20 ignores it; later versions start faster with it.
    NODE_COMPILE_CACHE: join(directory, 'cache'),
  };
  let verdict = await verifyTrail(file).catch(() => undefined);
  for (let round = 0; (verdict?.open.length ?? 0) < CUTS && round < CUTS; round++) {
    await Promise.all(Array.from({ length: SERVERS }, (_, server) => closeAndDie(environment, server)));
    verdict = await verifyTrail(file);
    expect(verdict.broken).toBeUndefined();
  }
  expect(verdict?.open.length).toBeGreaterThanOrEqual(CUTS);

  const intents = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line.includes('"event":"intent"') ? [JSON.parse(line)] : []));
  const intended = new Map<string, number>();
  for (const { ids } of intents) for (const id of ids) intended.set(id, (intended.get(id) ?? 0) + 1);
  callsOf(0);
  expect(written.size).toBeGreaterThan(0);
  // Each intent names its alerts once and each write is sent once, so no alert can have more writes than intents.
  for (const [id, times] of written) expect(intended.get(id) ?? 0).toBeGreaterThanOrEqual(times);
}, 600_000);
