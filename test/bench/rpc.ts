import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { HOME } from './paths.ts';

/** How a server is started: arguments for Node, and environment besides PATH and HOME. */
export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A server as a process that speaks raw lines: a client library would add its own cost to every figure. */
export interface Running {
  readonly pid: number;
  send(line: string): void;
  /** Replaces the listener. */
  onLine(listener: (line: Buffer) => void): void;
  /** How it ended. */
  readonly ended: Promise<string>;
  /** Ends it with all that it has started; resolves when it is gone. @param grace ms in which it may exit by itself */
  stop(grace?: number): Promise<void>;
}

const IS_WINDOWS = process.platform === 'win32';
const live = new Set<() => void>();
process.on('exit', () => {
  for (const kill of live) kill();
});

export function launch(node: string, { args, env = {} }: Command): Running {
  mkdirSync(HOME, { recursive: true });
  const child = spawn(node, args, {
    // Clean: a variable that happens to be set can cost a start more than the server does.
    env: { PATH: process.env.PATH ?? '', HOME: resolve(HOME), ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
    // A group of its own, so that what a server starts ends with it.
    detached: !IS_WINDOWS,
  });
  const kill = () => {
    try {
      if (IS_WINDOWS || child.pid === undefined) child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  };
  live.add(kill);
  const ended = new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(`ended with ${signal ?? `exit code ${code}`}`));
  });
  child.stdin.on('error', () => {});
  return {
    pid: child.pid ?? 0,
    send: (line) => child.stdin.write(`${line}\n`),
    onLine: byLine((listener) => child.stdout.on('data', listener)),
    ended,
    async stop(grace = 0) {
      child.stdin.end();
      if (grace > 0) await Promise.race([ended, delay(grace, undefined, { ref: false })]);
      kill();
      await ended;
      live.delete(kill);
    },
  };
}

/** Cuts a stream at its line ends, and touches each byte once. */
function byLine(subscribe: (listener: (chunk: Buffer) => void) => void): Running['onLine'] {
  let listener = (_line: Buffer) => {};
  let begun: Buffer[] = [];
  subscribe((chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const rest = chunk.subarray(from, end);
      const line = begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
      begun = [];
      from = end + 1;
      listener(line);
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  });
  return (next) => {
    listener = next;
  };
}

/** The version of a Node, such as `v20.20.2`. */
export function versionOf(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
}

/** Reads a JSON file without a check of its shape. */
export function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
