import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Recording } from './record.ts';
import type { Template } from './template.ts';

/** Sends the request that our server sends, and reads the reply. */
export type Ask = () => Promise<string>;

/**
 * The smallest server that speaks JSON-RPC over stdio. It repeats two recorded answers of our server, and sends
 * requests with undici.
 * @param answered makes the answer to `tools/call`, with the reply of the service if it wants to
 */
export function serveByHand(answered: (ask: Ask, recorded: Template, origin: string) => Promise<Template>): void {
  const [file = '', origin = ''] = process.argv.slice(2);
  const recording: Recording = JSON.parse(readFileSync(file, 'utf8'));
  const ask = createAsk(recording, origin);
  const answer = (id: number, { before, after }: Template) => process.stdout.write(`${before}${id}${after}\n`);
  const serve = ({ id, method }: { id?: number; method: string }) => {
    if (id === undefined) return;
    if (method === 'initialize') answer(id, recording.initialize);
    if (method === 'tools/list') answer(id, recording.list);
    if (method === 'tools/call') void answered(ask, recording.call, origin).then((result) => answer(id, result));
  };
  let begun = '';
  process.stdin.setEncoding('utf8').on('data', (chunk) => {
    const lines = (begun + chunk).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) serve(JSON.parse(line));
  });
  process.stdin.on('end', () => process.exit());
}

function createAsk({ request, headers }: Recording, origin: string): Ask {
  const { path, body } = request;
  const method = request.method === 'GET' ? 'GET' : 'POST';
  let pool: Promise<import('undici').Pool> | undefined;
  const open = async () => {
    const { Pool } = await import('undici');
    return new Pool(origin, { connections: 128 });
  };
  return async () => {
    pool ??= open();
    const response = await (await pool).request({ path, method, body: body || null, headers });
    return response.body.text();
  };
}
