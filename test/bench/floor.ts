// The least that answers as ours does: JSON-RPC by hand, prebuilt answers, and the same request by bare undici.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Recording } from './record.ts';
import type { Template } from './template.ts';

const [file = '', origin = ''] = process.argv.slice(2);
const recording: Recording = JSON.parse(readFileSync(file, 'utf8'));
const { request, headers } = recording;
let pool: Promise<import('undici').Pool> | undefined;

function answer(id: number, { before, after }: Template): void {
  process.stdout.write(`${before}${id}${after}\n`);
}

async function open() {
  const { Pool } = await import('undici');
  return new Pool(origin, { connections: 128 });
}

async function call(id: number): Promise<void> {
  pool ??= open();
  const { path, body } = request;
  const method = request.method === 'GET' ? 'GET' : 'POST';
  const response = await (await pool).request({ path, method, body: body || null, headers });
  await response.body.text();
  answer(id, recording.call);
}

function serve({ id, method }: { id?: number; method: string }): void {
  if (id === undefined) return;
  if (method === 'initialize') answer(id, recording.initialize);
  if (method === 'tools/list') answer(id, recording.list);
  if (method === 'tools/call') void call(id);
}

let begun = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (begun + chunk).split('\n');
  begun = lines.pop() ?? '';
  for (const line of lines) serve(JSON.parse(line));
});
process.stdin.on('end', () => process.exit());
