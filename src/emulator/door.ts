import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Answer, detail } from './answer.ts';
import type { Api, ApiRequest } from './api.ts';
import { readBody } from './body.ts';
import type { Control } from './control/control.ts';
import { type Exchange, playFault } from './faults/play.ts';
import type { FaultQueue } from './faults/queue.ts';
import { parseJson } from './json.ts';
import type { RecordedRequest } from './requests.ts';

interface Rooms {
  api: Api;
  control: Control;
  faults: FaultQueue;
  requests: RecordedRequest[];
  now: () => number;
  /** Aborted when the emulator closes. */
  signal: AbortSignal;
}

/** Where sockets meet the emulator: a control call is answered; an API call is recorded, spoiled or answered. */
export function createDoor(rooms: Rooms): RequestListener {
  return (request, response) => {
    // A client that leaves mid-answer is its own affair; without a listener it would end the process.
    response.on('error', () => {});
    answer(rooms, request, response).catch(() => response.destroy());
  };
}

async function answer(rooms: Rooms, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const path = url.replace(/\?.*$/s, '');
  const method = request.method ?? 'GET';
  if (path.startsWith('/__emulator/')) {
    const body = await readBody(request);
    return send(response, body === undefined ? tooLarge() : rooms.control(method, path, body));
  }
  const query = new URLSearchParams(url.slice(path.length));
  const record = remember(rooms, { method, path, query, headers: request.headers });
  const rawBody = await readBody(request);
  record.rawBody = rawBody ?? '';
  record.body = parseJson(record.rawBody);
  const { headers } = request;
  const run = () => (rawBody === undefined ? tooLarge() : rooms.api({ method, path, query, headers, rawBody }));
  const exchange = toExchange(run, response, record, rooms.signal);
  const fault = rooms.faults.take(method, path);
  if (fault) await playFault(fault, exchange);
  else exchange.send(run());
}

function remember({ requests, now }: Rooms, { method, path, query, headers }: Omit<ApiRequest, 'rawBody'>) {
  const record: RecordedRequest = {
    at: now(),
    method,
    path,
    query: Object.fromEntries(query),
    headers,
    body: undefined,
    rawBody: '',
    status: undefined,
  };
  requests.push(record);
  return record;
}

function toExchange(
  run: () => Answer,
  response: ServerResponse,
  record: RecordedRequest,
  signal: AbortSignal,
): Exchange {
  return {
    run,
    response,
    signal,
    send(answer) {
      record.status = answer.status;
      send(response, answer);
    },
    begin(status, headers) {
      record.status = status;
      response.writeHead(status, headers);
    },
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const tooLarge = (): Answer => detail(413, 'Request body is too large.');
