import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface McpJson {
  mcpServers: Record<string, { command: string; args: string[] }>;
}

/** How the project's own mcp.json starts a server, with this test's Node. */
export function serverOf(key: 'mdca' | 'mdca-demo'): { command: string; args: string[] } {
  const { mcpServers } = JSON.parse(readFileSync(`${ROOT}mcp.json`, 'utf8')) as McpJson;
  const server = mcpServers[key];
  if (server?.command !== 'node') throw new Error(`mcp.json does not start ${key} with node`);
  return { command: process.execPath, args: server.args };
}

/** The built server as a process. `stdout` and `stderr` return all that it has written so far. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  stdout(): string;
  stderr(): string;
  send(message: object | string): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export function start(args: readonly string[], environment: Record<string, string> = {}): Running {
  const env = { PATH: process.env.PATH ?? '', ...environment };
  const child = spawn(process.execPath, ['dist/main.js', ...args], { cwd: ROOT, env });
  const out: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (out.stdout += chunk));
  child.stderr.on('data', (chunk) => (out.stderr += chunk));
  child.stdin.on('error', () => {});
  return {
    child,
    stdout: () => out.stdout,
    stderr: () => out.stderr,
    send: (message) => child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    ended: once(child, 'close').then(([code, signal]) => code ?? signal),
  };
}

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

export function callOf(id: number, name: string, args: object = {}) {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } };
}

/** The JSON-RPC messages on stdout. @throws Error when anything else was written there */
export function messagesOf(
  running: Running,
): { id?: number; result?: Record<string, unknown>; error?: { code: number } }[] {
  const lines = running.stdout().split('\n').filter(Boolean);
  return lines.map((line) => {
    const message = JSON.parse(line);
    if (message.jsonrpc !== '2.0') throw new Error(`not JSON-RPC: ${line}`);
    return message;
  });
}
