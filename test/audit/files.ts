import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Entry, Trail } from '../../src/audit/trail.ts';
import { ROOT } from '../process.ts';

/** A path for an audit file, in a new directory that is deleted when the test ends. */
export function newFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'audit.jsonl');
}

export function intent(call: string = randomUUID(), more: Partial<Entry> = {}): Entry {
  const ids = ['65f000000000000000000001', '65f000000000000000000002'];
  return { event: 'intent', call, time: '2026-01-02T03:04:05.678Z', tool: 'mdca_resolve_alert', ids, ...more };
}

export function outcome(call: string): Entry {
  return { event: 'outcome', call, time: '2026-01-02T03:04:06.789Z', status: 'done' };
}

/** Appends intents and outcomes in turn. */
export async function fill(trail: Trail, lines: number): Promise<void> {
  let call = randomUUID();
  for (let n = 1; n <= lines; n++) {
    if (n % 2 === 1) call = randomUUID();
    await trail.append(n % 2 === 1 ? intent(call) : outcome(call));
  }
}

/** The lines of a file, each without its newline. */
export function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

const PRELUDE = `
  import { writeSync } from 'node:fs';
  import { createTrail } from './dist/esm/src/audit/trail.js';
  const [file, name] = process.argv.slice(1);
  const trail = createTrail(file);
  const entry = (n, padding = 0) =>
    ({ event: 'intent', call: name + '-' + n, time: '2026-01-02T03:04:05Z', padding: 'x'.repeat(padding) });
  const done = (n) => writeSync(1, name + '-' + n + '\\n');
`;

/**
 * A process that has the built trail. Its script may use `trail`, `entry(n, padding)` and `done(n)`, which reports
 * the call `name-n` to us.
 * @param limit largest file that it may write, in units of 512 bytes
 */
export function appender(file: string, name: string, script: string, limit?: number) {
  const args = ['--input-type=module', '-e', PRELUDE + script, file, name];
  const shell = ['-c', `ulimit -f ${limit}; exec "$0" "$@"`, process.execPath, ...args];
  const child = limit === undefined ? spawn(process.execPath, args, { cwd: ROOT }) : spawn('sh', shell, { cwd: ROOT });
  const out: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (out.stdout += chunk));
  child.stderr.on('data', (chunk) => (out.stderr += chunk));
  return {
    child,
    /** The calls that `done` reported, without a last one that a kill may have cut short. */
    done: () => out.stdout.split('\n').slice(0, -1),
    ended: new Promise<{ code: number | null; stderr: string }>((resolve) => {
      child.on('close', (code) => resolve({ code, stderr: out.stderr }));
    }),
  };
}
