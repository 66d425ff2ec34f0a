// The service as a process of its own: one list of alerts, paged as the real one does (docs/defender-api.md 3.2). Each
// answer is built once and cached, so that the service adds little to what is measured.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';
import { alertOf } from './alerts.ts';
import type { Seen } from './loopback.ts';

const MAX = 100;

interface Ask {
  readonly filters?: { readonly date?: { readonly gte?: number; readonly lte?: number } };
  readonly sortDirection?: 'asc' | 'desc';
  readonly skip?: number;
  readonly limit?: number;
}

const alerts = Array.from({ length: Number(process.argv[2]) }, (_, n) => alertOf(n));
const answers = new Map<string, Buffer>();
let arrivals: number[] = [];
let request: Seen['request'];

function answerTo(body: string): Buffer {
  const known = answers.get(body);
  if (known) return known;
  const { filters, sortDirection, skip = 0, limit = MAX }: Ask = JSON.parse(body || '{}');
  const { gte = 0, lte = Number.POSITIVE_INFINITY } = filters?.date ?? {};
  const found = alerts.filter(({ timestamp }) => timestamp >= gte && timestamp <= lte);
  if (sortDirection === 'asc') found.reverse();
  const data = found.slice(skip, skip + Math.min(limit, MAX));
  const hasNext = skip + data.length < found.length;
  const answer = Buffer.from(JSON.stringify({ data, hasNext, max: MAX, total: found.length, moreThanTotal: false }));
  answers.set(body, answer);
  return answer;
}

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  arrivals.push(performance.now());
  let body = '';
  for await (const chunk of incoming) body += chunk;
  request ??= { method: incoming.method ?? '', path: incoming.url ?? '', headers: { ...incoming.headers }, body };
  const answer = answerTo(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
  response.end(answer);
}

const server = createServer((incoming, response) => void serve(incoming, response));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` });
});
process.on('message', () => {
  process.send?.({ arrivals, request } satisfies Seen);
  arrivals = [];
});
process.on('disconnect', () => process.exit());
